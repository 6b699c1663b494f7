"""What of an export can come in, kind by kind, and what stays behind and why.

Each kind is read by the checks that the same values meet when they come in another way. A field that is not listed
here is not known here: its row is refused, so that nothing is lost in silence.

    KIND_UNKNOWN   the value is of a kind that is not known here
    ROW_EMPTY      the row holds no data of the customer
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final, TypeVar

from models import (
    AddressContent,
    AddressKind,
    BlindIndex,
    Category,
    ContactChannel,
    ContactContent,
    ContactKind,
    ContactPoint,
    HealthRecord,
    Identity,
    IdentityContent,
    Interaction,
    InteractionChannel,
    InteractionContent,
    Order,
    OrderContent,
    OrderLine,
    Personal,
    PersonalCode,
    PersonalCodeContent,
    PostalAddress,
    Preference,
    PreferenceContent,
)
from policies.registry import camel
from procedures.errors import Unfit
from procedures.own import own_data
from procedures.submission import health_record
from procedures.tables import LONGEST_CELL, Fields, RowFault, cells
from procedures.values import checks, line

E = TypeVar("E", bound=StrEnum)

#: Why kinds stay behind; what is not here, and no kind below, is not known here.
LEFT: Final[Mapping[str, str]] = {
    "paymentCards": "CARD_WITHOUT_TOKEN",
    "identityEvidence": "VERIFIED_ELSEWHERE",
    "attestations": "VERIFIED_ELSEWHERE",
    **dict.fromkeys(
        (
            "accessLog",
            "breakGlasses",
            "consents",
            "customer",
            "legalHolds",
            "messages",
            "recipients",
            "requests",
            "tasks",
        ),
        "SENDERS_OWN",
    ),
}
_ASIDE: Final = frozenset({"id", "provenance", "withheld", "verifiedAt"})
_LONGEST_NAME: Final = 200


@dataclass(frozen=True)
class Kind:
    """One kind of an export.

    Attributes:
        name: as the export has it.
        model: what its rows become.
        fields: what a row may hold, beside `id` and what the sender knows of it.
        content, plain: of a row's fields, what is sealed and what lies beside it.
    """

    name: str
    model: type[Personal]
    fields: frozenset[str]
    content: Callable[[Fields, datetime], Any]
    plain: Callable[[Fields], dict[str, Any]] = lambda _: {}

    @property
    def category(self) -> Category:
        """The category of its rows."""
        return self.model.category

    def row(self, fields: Fields, now: datetime) -> Any:
        """A row of this kind, with everything but whose it is and where it comes from; raises RowFault."""
        cells.check_characters(fields)
        try:
            content, plain = self.content(fields, now), self.plain(fields)
        except Unfit as error:
            raise RowFault(error.code, f"{error.field or self.name} cannot be used") from None
        row: Any = self.model(content=content, **plain)
        # Assigned, because what is given when a row is made is taken for what the database holds.
        for name, field in row._meta.fields_map.items():
            if isinstance(field, BlindIndex):
                setattr(row, name, getattr(content, field.part))
        if isinstance(row, PersonalCode):
            row.country_digest = content.country
        return row


def rows(held: Any) -> Sequence[Any]:
    """The rows of a kind: a list, one, or none."""
    if held is None:
        return []
    return held if isinstance(held, list) else [held]


def fields_of(kind: Kind, row: Any) -> Fields:
    """The fields of a row as texts, what lies in a list under `lines.product` and the like; raises RowFault."""
    if not isinstance(row, dict):
        raise _malformed()
    key = _text(row.get("id", ""))
    found: Fields = {"key": [key]} if key.strip() else {}
    for name, text in _texts(row):
        if name not in kind.fields:
            raise RowFault("FIELD_UNKNOWN", "the row holds a field that is not known here")
        if len(text) > LONGEST_CELL:
            raise RowFault("CELL_TOO_LONG", f"a value is longer than {LONGEST_CELL} characters")
        found.setdefault(name, []).append(text)
    return found


def _texts(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in row.items():
        if name in _ASIDE or value is None or (isinstance(value, str) and not value.strip()):
            continue
        if isinstance(value, list):
            for inner in value:
                yield from _of_line(name, inner, value[0])
        else:
            yield name, _text(value)


def _of_line(name: str, inner: Any, first: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(inner, dict) or inner.keys() != first.keys():
        raise _malformed()
    for below, value in inner.items():
        yield f"{name}.{below}", _text(value)


def _text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise _malformed()
    return str(value)


def _malformed() -> RowFault:
    return RowFault("ROW_MALFORMED", "the row is not such as an export holds")


def _one(fields: Fields, name: str) -> str | None:
    return fields[name][0] if name in fields else None


def _needed(fields: Fields, name: str, longest: int = _LONGEST_NAME) -> str:
    return line(_one(fields, name) or "", name, longest)


def _member(kind: type[E], fields: Fields, name: str) -> E:
    try:
        return kind(_one(fields, name) or "")
    except ValueError:
        raise RowFault("KIND_UNKNOWN", f"{name} is none that is known here") from None


def _identity(fields: Fields, now: datetime) -> IdentityContent:
    del now
    found = IdentityContent(*(_one(fields, name) for name in ("givenName", "familyName", "companyName")))
    if not any((found.given_name, found.family_name, found.company_name)):
        raise RowFault("ROW_EMPTY", "the row tells nothing of the customer")
    for name in fields.keys() - {"key"}:
        checks.name(fields[name][0], name, _LONGEST_NAME)
    return found


def _personal_code(fields: Fields, now: datetime) -> PersonalCodeContent:
    del now
    country = checks.country(_one(fields, "country") or "", "country")
    return PersonalCodeContent(checks.personal_code(_one(fields, "code") or "", country, "code"), country)


def _contact(fields: Fields, now: datetime) -> ContactContent:
    del now
    kind, value = _member(ContactKind, fields, "kind"), _one(fields, "value") or ""
    email = kind is ContactKind.EMAIL
    return ContactContent(cells.email(value) if email else cells.phone(value, f"contact.{kind}"))


def _address(fields: Fields, now: datetime) -> AddressContent:
    del now
    parts = ("street", "city", "region", "postal_code", "country")
    found = AddressContent(*(_one(fields, camel(part)) for part in parts))
    if found == AddressContent():
        raise RowFault("ROW_EMPTY", "the address holds nothing")
    return found


def _preference(fields: Fields, now: datetime) -> PreferenceContent:
    del now
    limit = cells.quantity(_one(fields, "monthlyLimit"))
    channel = _member(ContactChannel, fields, "channel")
    wanted = own_data.preference(channel, _one(fields, "topic") or "", limit, _one(fields, "hours"))
    return PreferenceContent(**wanted.sealed)


def _interaction(fields: Fields, now: datetime) -> InteractionContent:
    del now
    return InteractionContent(_needed(fields, "subject"), _one(fields, "body"))


def _order(fields: Fields, now: datetime) -> OrderContent:
    del now
    columns = [fields.get(f"lines.{name}", []) for name in ("product", "quantity", "unitPrice")]
    if len({len(column) for column in columns}) > 1:
        raise _malformed()
    lines = tuple(
        OrderLine(product, cells.quantity(pieces), cells.amount(price, "unitPrice"))
        for product, pieces, price in zip(*columns, strict=True)
    )
    total = cells.amount(_one(fields, "total"), "total")
    if lines and cells.total([(each.quantity, each.unit_price) for each in lines]) != Decimal(total):
        raise RowFault("TOTAL_DIFFERS", "the total is not the sum of the lines")
    currency = cells.currency(_one(fields, "currency"))
    return OrderContent(_needed(fields, "number"), total, currency, _one(fields, "billingAddress"), lines)


def _health(fields: Fields, now: datetime) -> Any:
    return health_record.content({name: each[0] for name, each in fields.items()}, now)


def _kind_of(kind: type[StrEnum], name: str, at: str = "") -> Callable[[Fields], dict[str, Any]]:
    """What reads a word of a closed list, and an instant beside it."""

    def read(fields: Fields) -> dict[str, Any]:
        found: dict[str, Any] = {name: _member(kind, fields, name)}
        return {**found, at: cells.instant(_one(fields, camel(at)), camel(at))} if at else found

    return read


def _placed(fields: Fields) -> dict[str, Any]:
    return {"placed_at": cells.instant(_one(fields, "placedAt"), "placedAt")}


def _fields(text: str) -> frozenset[str]:
    return frozenset(text.split())


KINDS: Final = (
    Kind("identity", Identity, _fields("givenName familyName companyName"), _identity),
    Kind("personalCodes", PersonalCode, _fields("code country"), _personal_code),
    Kind("contactPoints", ContactPoint, _fields("kind value"), _contact, _kind_of(ContactKind, "kind")),
    Kind(
        "postalAddresses", PostalAddress, _fields("kind street city region postalCode country"), _address,
        _kind_of(AddressKind, "kind"),
    ),
    Kind(
        "preferences", Preference, _fields("channel topic monthlyLimit hours"), _preference,
        _kind_of(ContactChannel, "channel"),
    ),
    Kind(
        "interactions", Interaction, _fields("channel occurredAt subject body"), _interaction,
        _kind_of(InteractionChannel, "channel", at="occurred_at"),
    ),
    Kind(
        "orders", Order,
        _fields("number placedAt total currency billingAddress lines.product lines.quantity lines.unitPrice"),
        _order, _placed,
    ),
    Kind(
        "healthRecords", HealthRecord, _fields("kind description codeSystem code onsetOn abatedOn"), _health,
    ),
)  # fmt: skip
