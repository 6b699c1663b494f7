"""What somebody says of themselves at the desk, and whom it fits.

Values are compared in the spelling that all their spellings share, as in every other search; there is no other likeness.

    LOOKUP_UNFIT   nobody is looked up by what was given: it is too little, or of several kinds
"""

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Final
from uuid import UUID

from tortoise.queryset import QuerySet

from models import ContactKind, ContactPoint, Identity, LookupWay, PersonalCode, PostalAddress, folded, opened
from models.errors import Unfit
from models.values import checks, compact
from procedures.suppression import Trait, lookup_indexes
from vault.errors import SealBroken

#: The most customers that are told of: who shares an address with more is found by something else.
MOST: Final = 5
#: The most customers of one value who are looked at; of one name, whose rows are opened.
LOOKED_AT: Final = 500
_NAMES: Final = frozenset({"given_name", "family_name"})
#: By way, what has to be given, and what may be of several; nothing else is.
WAYS: Final = {
    LookupWay.EMAIL: (frozenset({"email"}),),
    LookupWay.PHONE: (frozenset({"phone"}),),
    LookupWay.PERSONAL_CODE: (frozenset({"personal_code"}),),
    LookupWay.NAME_AND_BIRTH_DATE: (_NAMES | {"birth_date"},),
    LookupWay.NAME_AND_ADDRESS: (
        _NAMES | {"street", "postal_code"},
        _NAMES | {"street", "city"},
        _NAMES | {"street", "postal_code", "city"},
    ),
}


class LookupUnfit(Unfit):
    """Nobody is looked up by these values."""

    code = "LOOKUP_UNFIT"
    message = (
        "Give an e-mail address, a telephone number or a personal code alone; or both names, with the birth date or with "
        "the street and the postal code or city. A name alone finds nobody."
    )


@dataclass(frozen=True, repr=False)
class Wanted:
    """What somebody says of themselves; what they do not say is None."""

    email: str | None = None
    phone: str | None = None
    personal_code: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    birth_date: date | None = None
    street: str | None = None
    postal_code: str | None = None
    city: str | None = None

    @property
    def way(self) -> LookupWay:
        """By what kind of value it is looked up; raises LookupUnfit."""
        given = frozenset(each.name for each in fields(self) if getattr(self, each.name) is not None)
        found = [way for way, sets in WAYS.items() if given in sets]
        texts = (getattr(self, name) for name in given - {"birth_date"})
        if not found or not all(compact(text) for text in texts):
            raise LookupUnfit
        return found[0]

    async def fitting(self) -> set[UUID]:
        """The customers whom it fits, whoever asks; more than `MOST` where it is shared by too many to be looked at."""
        match self.way:
            case LookupWay.EMAIL:
                return await _reached_by(("EMAIL", str(self.email)), (ContactKind.EMAIL,))
            case LookupWay.PHONE:
                return await _reached_by(("PHONE", str(self.phone)), (ContactKind.PHONE, ContactKind.FAX))
            case LookupWay.PERSONAL_CODE:
                indexes = lookup_indexes(("PERSONAL_CODE", str(self.personal_code)))
                return await _owners(PersonalCode.filter(code_index__in=list(indexes)))
        called = await self._called()
        if len(called) > LOOKED_AT:
            return called
        model, fits = (
            (PersonalCode, self._born) if self.way is LookupWay.NAME_AND_BIRTH_DATE
            else (PostalAddress, self._lives)
        )  # fmt: skip
        return {owner async for owner, content in _contents(model, called) if fits(content)}

    async def _called(self) -> set[UUID]:
        """The customers of that name."""
        columns: dict[str, Any] = Identity._meta.fields_map
        by = {
            f"{name}_index__in": list(columns[f"{name}_index"].lookup_indexes(str(getattr(self, name))))
            for name in _NAMES
        }
        return await _owners(Identity.filter(**by))

    def _born(self, code: Any) -> bool:
        """Whether a personal code is of somebody born then."""
        return self.birth_date is not None and checks.birth_date(code.code, code.country) == self.birth_date

    def _lives(self, address: Any) -> bool:
        """Whether an address is the one that was given."""
        same = compact(address.street or "") == compact(str(self.street))
        for name, spelled in (("postal_code", compact), ("city", folded)):
            said = getattr(self, name)
            same = same and (said is None or spelled(getattr(address, name) or "") == spelled(said))
        return same


async def _owners(rows: QuerySet[Any]) -> set[UUID]:
    """Whose some rows are: one more at the most than are looked at."""
    return {owner for (owner,) in await rows.distinct().limit(LOOKED_AT + 1).values_list("customer_id")}


async def _reached_by(trait: Trait, kinds: tuple[ContactKind, ...]) -> set[UUID]:
    rows = ContactPoint.filter(value_index__in=list(lookup_indexes(trait)), kind__in=list(kinds))
    return await _owners(rows)


async def _contents(model: Any, owners: set[UUID]) -> AsyncIterator[tuple[UUID, Any]]:
    """The opened rows of some customers; one that does not open is passed over."""
    for row in await model.filter(customer_id__in=list(owners)) if owners else ():
        with suppress(SealBroken):
            yield row.customer_id, await opened(row)
