"""What of a row we put right at a customer's request, kind by kind: each value checked, and in its one spelling.

Not here is what customers change themselves (`procedures.own.own_data`), what a card's issuer says of it, and which
documents of what strength were shown: a card and a document are submitted anew.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, Final

from models import PERSONAL, Category, Personal
from policies.registry import camel
from procedures.errors import Unfit
from procedures.evidence import identity_evidence
from procedures.own import ACTIONS
from procedures.submission import health_record, payment_card
from procedures.values import checks, line

#: A value's check: given the value, and the row's content.
Check = Callable[[str, Any], str | None]

_AMOUNT: Final = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,4})?", re.ASCII)


@dataclass(frozen=True)
class Field:
    """How one field is put right; `empty`: whether it may be empty."""

    check: Check
    empty: bool = False


def _text(longest: int) -> Check:
    return lambda text, _: line(text, "wanted", longest)


def _amount(text: str, _: Any) -> str:
    if not _AMOUNT.fullmatch(text.strip()):
        raise Unfit("This is no amount. Write it as 12.50.", "wanted")
    return text.strip()


def _currency(text: str, _: Any) -> str:
    from iso4217 import Currency  # noqa: PLC0415 it reads the standard's table when it is imported

    code = text.strip().upper()
    if code not in {currency.code for currency in Currency}:
        raise Unfit("This is no currency. Write its three letters, such as EUR.", "wanted")
    return code


#: By category and GraphQL name, what is put right.
FIELDS: Final[dict[Category, dict[str, Field]]] = {
    Category.ORDER: {
        "number": Field(_text(100)),
        "total": Field(_amount),
        "currency": Field(_currency),
        "billingAddress": Field(_text(500), empty=True),
    },
    Category.INTERACTION: {"subject": Field(_text(200)), "body": Field(_text(5000), empty=True)},
    Category.PAYMENT_CARD: {"holder": Field(lambda text, _: payment_card.holder_name(text), empty=True)},
    Category.PERSONAL_CODE: {
        "code": Field(lambda text, content: checks.personal_code(text, content.country, "wanted"))
    },
    Category.IDENTITY_EVIDENCE: {
        "issuer": Field(lambda text, _: checks.name(text, "wanted")),
        "numberTail": Field(lambda text, _: identity_evidence.tail(text, "wanted")),
    },
    # Its fields stand for each other, a code for its system: they are checked as one.
    Category.HEALTH: {
        name: Field(lambda text, _: text.strip(), empty=True) for name in health_record.KIND.members
    },
}


def rectified(model: type[Personal], content: Any, field: str, value: str | None, now: datetime) -> Any:
    """A row's content with one field put right.

    Args:
        model: of which category.
        content: what the row holds.
        field: the field's GraphQL name.
        value: what it is to be; None: empty.
        now: the present instant.

    Raises:
        Unfit: CHANGE_IT_YOURSELF, the customer can; else the field is none of these, or the value cannot be used.
    """
    if model in ACTIONS:
        raise Unfit("You can change this yourself, and at once.", "recordId", code="CHANGE_IT_YOURSELF")
    known = FIELDS[model.category]
    if field not in known:
        raise Unfit(f"Name one of the fields that can be put right: {', '.join(sorted(known))}.", "field")
    if value is None and not known[field].empty:
        raise Unfit("This field cannot be empty. Say what it is to be.", "wanted")
    checked = None if value is None else known[field].check(value, content)
    found = replace(content, **{part(content, field): checked})
    if model.category is not Category.HEALTH:
        return found
    members = {camel(each.name): getattr(found, each.name) for each in fields(found)}
    return health_record.content(members, now)


def part(content: Any, field: str) -> str:
    """What a content calls a field of this GraphQL name."""
    return next(each.name for each in fields(content) if camel(each.name) == field)


def model_of(type_name: str) -> type[Personal]:
    """The category table of a GraphQL type.

    Raises:
        Unfit: it is none.
    """
    found = next((model for model in PERSONAL.values() if model.__name__ == type_name), None)
    if found is None:
        raise Unfit("Only a row of your own data can be put right. Name one by its `id`.", "recordId")
    return found
