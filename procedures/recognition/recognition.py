"""Whom a row of a file is about: customers are recognised by what they are found by, and not by the file's keys alone.

Exactly one customer with an address or personal code of the row is that customer. One whose names differ is somebody
else, such as a relative who shares the address, and what that customer has refused holds for the row as well. So it does
where a customer only says so: by an address that was neither proved nor imported nobody is recognised, or whoever knows
somebody's would be given what a file tells of them.

CUSTOMER_AMBIGUOUS   several customers here have what the row holds; compare by hand
CUSTOMER_UNPROVED    a customer here says that an address or personal code of the row is theirs; have it proved
"""

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from models import ContactPoint, Identity, PersonalCode, folded, opened
from procedures.suppression import Trait, found_by, is_code, lookup_indexes, normal, of_row, standing
from procedures.tables import RowFault
from vault.errors import SealBroken
from vault.seal import Sealed

_AMBIGUOUS: Final = RowFault(
    "CUSTOMER_AMBIGUOUS",
    "several customers here have an address or personal code of this row; compare by hand",
)
_UNPROVED: Final = RowFault(
    "CUSTOMER_UNPROVED",
    "a customer here says that an address or personal code of this row is theirs, and nobody has verified it: compare by "
    "hand, and have it verified or removed",
)
_SUPPRESSED: Final = RowFault(
    "CUSTOMER_SUPPRESSED",
    "somebody with this address has left and wishes not to be taken in again; leave the row out",
)
WITHDRAWN: Final = RowFault("CUSTOMER_WITHDRAWN", "the customer has left; an import brings nobody back")
_REMOVED: Final = RowFault(
    "CHANGED_HERE", "an address or personal code of this row was removed or changed here since; it stays so"
)
_DIFFERS: Final = RowFault(
    "CUSTOMER_DIFFERS",
    "the key and an address or personal code belong to different customers here; compare by hand",
)

#: Given and family name in the one spelling that all their spellings share; None where there is none.
Names = tuple[str | None, str | None]


@dataclass(frozen=True, slots=True)
class Match:
    """Whom a row is about.

    Attributes:
        customer_id: the customer here; None for somebody new.
        others: customers here who share an address with them, by other names.
    """

    customer_id: UUID | None
    others: frozenset[UUID]


@dataclass(slots=True)
class People:
    """The customers here who have, or had, what some rows hold, and what is known of those who left.

    Attributes:
        having: by trait in its one spelling, the customers who have it.
        had: the same of those who had it, and have not any more.
        sure: the same of those for whom more than their own word speaks: a proof, or an import.
        names: of these customers.
        left: by trait, whether somebody who left wishes that nobody uses it, or only imports ask.
    """

    having: dict[Trait, set[UUID]] = field(default_factory=dict)
    had: dict[Trait, set[UUID]] = field(default_factory=dict)
    sure: dict[Trait, set[UUID]] = field(default_factory=dict)
    names: dict[UUID, Names] = field(default_factory=dict)
    left: dict[Trait, bool] = field(default_factory=dict)

    @classmethod
    async def found_by(cls, traits: Collection[Trait]) -> "People":
        """Whoever is found by one of these traits, and what is known of those who left."""
        people = await cls.here(traits)
        people.left = {spelling(each): wished for each, wished in (await standing(_once(traits))).items()}
        return people

    @classmethod
    async def here(cls, traits: Collection[Trait]) -> "People":
        """Whoever is here and found by one of these traits."""
        written = _once(traits)
        people = cls()
        for trait, id, anothers in await found_by.formerly(written):
            _put(people.had, trait, id)
            if not anothers:
                _put(people.sure, trait, id)
        await people._find_addresses([each for each in written if not is_code(each)])
        await people._find_codes([each for each in written if is_code(each)])
        await people._name()
        return people

    @property
    def ids(self) -> set[UUID]:
        """All of them."""
        return set().union(*self.having.values(), *self.had.values())

    def add(self, customer_id: UUID, traits: Iterable[Trait], names: Names) -> None:
        """Add a customer whom the batch is about to write."""
        self.names[customer_id] = names
        for trait in traits:
            self._has(trait, customer_id, sure=True)

    def match(self, traits: Collection[Trait], names: Names) -> Match:
        """Whom a row with these traits and names is about.

        Raises:
            RowFault: several customers are found, or one who left, or by nothing but what somebody says.
        """
        spelled = {spelling(trait) for trait in traits}
        found = self._found(spelled)
        coded = self._found({each for each in spelled if is_code(each)})
        same = {each for each in found if each in coded or not _differ(names, self.names.get(each))}
        sure = same & self._of(self.sure, spelled)
        if same and not sure:
            raise _UNPROVED
        if len(sure) > 1:
            raise _AMBIGUOUS
        customer_id = next(iter(sure), None)
        self._require_usable(spelled, customer_id)
        return Match(customer_id, frozenset(found - sure))

    def match_known(self, customer_id: UUID, traits: Collection[Trait], names: Names) -> Match:
        """The same of a row whose key belongs to a customer here.

        Raises:
            RowFault: another customer is found, or one who left.
        """
        spelled = {spelling(trait) for trait in traits}
        found = self._found(spelled) - {customer_id}
        if any(self.agree(each, names) for each in found & self._of(self.sure, spelled)):
            raise _DIFFERS
        self._require_usable(spelled, customer_id)
        return Match(customer_id, frozenset(found))

    def agree(self, customer_id: UUID, names: Names) -> bool:
        """Whether a customer may have these names."""
        return not _differ(names, self.names.get(customer_id))

    def require_kept(self, traits: Collection[Trait], customer_id: UUID) -> None:
        """Refuse what this customer had and has removed; raises RowFault."""
        spelled = {spelling(trait) for trait in traits}
        if any(customer_id in self.had.get(each, set()) - self.having.get(each, set()) for each in spelled):
            raise _REMOVED

    def _require_usable(self, spelled: Collection[Trait], customer_id: UUID | None) -> None:
        """Refuse what somebody had who left; raises RowFault."""
        if any(self.left.get(each, False) for each in spelled):
            raise _SUPPRESSED
        if any(each in self.left and customer_id not in self.having.get(each, ()) for each in spelled):
            raise WITHDRAWN

    def _found(self, spelled: Collection[Trait]) -> set[UUID]:
        return self._of(self.having, spelled) | self._of(self.had, spelled)

    @staticmethod
    def _of(by_trait: Mapping[Trait, set[UUID]], spelled: Collection[Trait]) -> set[UUID]:
        return set().union(*(by_trait.get(each, set()) for each in spelled))

    def _has(self, trait: Trait, customer_id: UUID, *, sure: bool) -> None:
        _put(self.having, trait, customer_id)
        if sure:
            _put(self.sure, trait, customer_id)

    async def _find_addresses(self, traits: Collection[Trait]) -> None:
        by_index = {index: trait for trait in traits for index in lookup_indexes(trait)}
        rows = ContactPoint.filter(value_index__in=list(by_index))
        columns = ("customer_id", "value_index", "collected_by", "verified_at")
        for row in await rows.values(*columns) if by_index else ():
            # Nobody is named as the collector of what was imported.
            sure = row["collected_by"] is None or row["verified_at"] is not None
            self._has(by_index[bytes(row["value_index"])], row["customer_id"], sure=sure)

    async def _find_codes(self, traits: Collection[Trait]) -> None:
        indexes = [index for trait in traits for index in lookup_indexes(trait)]
        # The same digits may be codes of two countries, so that the rows have to be opened.
        rows = await PersonalCode.filter(code_index__in=indexes) if indexes else []
        shown = Identity.filter(customer_id__in=[row.customer_id for row in rows], verified_at__isnull=False)
        proved = set(await shown.values_list("customer_id", flat=True))
        for row in rows:
            for trait in of_row(await readable(row)):
                self._has(trait, row.customer_id, sure=row.collected_by is None or row.customer_id in proved)

    async def _name(self) -> None:
        for row in await Identity.filter(customer_id__in=list(self.ids)):
            content = (await readable(row)).content
            if not isinstance(content, Sealed):
                self.names[row.customer_id] = names_of(
                    {"given_name": content.given_name, "family_name": content.family_name}
                )


async def is_here(traits: Collection[Trait], names: Names) -> bool:
    """Whether somebody here has, or had, one of these traits, and may have these names."""
    people = await People.here(traits)
    return any(people.agree(id, names) for id in people.ids)


def _put(by_trait: dict[Trait, set[UUID]], trait: Trait, customer_id: UUID) -> None:
    by_trait.setdefault(spelling(trait), set()).add(customer_id)


def _once(traits: Collection[Trait]) -> list[Trait]:
    """One of several spellings of each; it finds what the others find."""
    return list({spelling(trait): trait for trait in traits}.values())


async def readable(row: Any) -> Any:
    """A row with its content opened; one that cannot be opened stays sealed, equals no other, and is replaced."""
    with suppress(SealBroken):
        row.content = await opened(row)
    return row


def spelling(trait: Trait) -> Trait:
    """A trait in the one spelling that all its spellings share; telephone and fax numbers are alike."""
    return ("PHONE" if trait[0] == "FAX" else trait[0]), normal(trait)


def names_of(values: Mapping[str, Any]) -> Names:
    """The names among the values of an identity."""
    given, family = (values.get(name) for name in ("given_name", "family_name"))
    return (folded(given) if given else None), (folded(family) if family else None)


async def sharing(customers: Collection[UUID]) -> dict[UUID, frozenset[UUID]]:
    """By customer, the others who have an address of theirs."""
    own = ContactPoint.filter(customer_id__in=list(customers), value_index__isnull=False)
    pairs = [
        (row["customer_id"], bytes(row["value_index"]))
        for row in await own.values("customer_id", "value_index")
    ]
    holders: dict[bytes, set[UUID]] = {}
    rows = ContactPoint.filter(value_index__in=list({index for _, index in pairs}))
    for row in await rows.values("customer_id", "value_index"):
        holders.setdefault(bytes(row["value_index"]), set()).add(row["customer_id"])
    found: dict[UUID, set[UUID]] = {}
    for customer_id, index in pairs:
        found.setdefault(customer_id, set()).update(holders[index] - {customer_id})
    return {customer_id: frozenset(others) for customer_id, others in found.items()}


def _differ(one: Names, other: Names | None) -> bool:
    """Whether two names are those of different people; a name that is not known differs from none."""
    return other is not None and any(a and b and a != b for a, b in zip(one, other, strict=True))
