"""Payment cards: opened, checked, and stored with a token in the place of the number."""

import re
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from models import Category, Given, PaymentCard, Purpose
from models.database import transaction
from models.errors import Unfit
from models.event import Event
from models.values import CardRefused, brand_of
from policies.actor import Actor
from procedures.erasure import held_rows
from procedures.ledger import record
from procedures.submission import submission
from procedures.submission.submission import Envelope, Kind, Received, unfit
from procedures.submission.tokenizer import tokenizer

KIND: Final = Kind(
    "submit_payment_card",
    Category.PAYMENT_CARD,
    # The sealed data are bound to the purpose, so that the policies alone cannot choose it.
    Purpose.needed("billing", "payment cards are sealed for it"),
    frozenset({"number", "expiry", "holder"}),
)
SOURCE: Final = "sealed submission"
#: How people write a number.
_NUMBER: Final = re.compile(r"\d(?:[ -]?\d){11,18}", re.ASCII)
_EXPIRY: Final = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])", re.ASCII)
#: Cards are not issued for longer.
_YEARS: Final = 20


async def submit(customer_id: UUID, envelope: Envelope, *, by: Actor) -> PaymentCard:
    """Store a card that was submitted sealed; one that the customer submitted before is replaced.

    What is sealed: `number`, `expiry` as 2029-07, and, if it is needed, `holder`.

    Raises:
        Refused: the actor may not submit a card for this customer.
        ConsentRequired: the customer does not consent to the keeping of cards for billing.
        SubmissionRefused: the submission does not open, was sent before, or holds what cannot be used.
    """
    async with submission.refusals(KIND, customer_id, by=by), transaction():
        received = await submission.received(KIND, customer_id, envelope, by=by)
        content = await _content(customer_id, received.values, by.now)
        card = await _store(customer_id, received, content, by)
        record(Event.PAYMENT_CARD_SUBMITTED, by, payment_card=card.id, customer=customer_id)
        return card


async def _content(customer_id: UUID, values: dict[str, Any], now: datetime) -> Any:
    expiry, holder = _expiry(values.get("expiry"), now), _holder(values.get("holder"), now)
    typed = values.pop("number", None) or ""
    number = re.sub("[ -]", "", typed) if _NUMBER.fullmatch(typed) else ""
    brand = brand_of(number)
    if brand is None:
        raise unfit("This is no number of a payment card that we know. Ask for it again.", "number")
    token = await tokenizer.token(number, customer_id)
    return PaymentCard.Content(token, brand, number[-4:], expiry, holder)


def _expiry(typed: str | None, now: datetime) -> str:
    match = _EXPIRY.fullmatch(typed or "")
    if match is None:
        raise unfit("The month of expiry is missing. Write it as 2029-07.", "expiry")
    year, month = int(match[1]), int(match[2])
    if not (now.year, now.month) <= (year, month) <= (now.year + _YEARS, now.month):
        raise unfit("The card has expired, or the month is wrong. Ask for it again.", "expiry")
    return match[0]


def _holder(typed: str | None, now: datetime) -> str | None:
    """The name on a card; raises SubmissionRefused where a number or a security code may stand in it."""
    try:
        return typed and str(PaymentCard.declared.parts["holder"].checked(typed, Given({}, now=now)))
    except CardRefused:
        raise submission.security_code_refused() from None
    except Unfit as error:
        raise unfit(error.message, "holder") from None


async def _store(customer_id: UUID, received: Received, content: Any, by: Actor) -> PaymentCard:
    columns: dict[str, Any] = {
        "consent_id": received.consent.id,
        "collected_by": by.actor_id,
        "collected_at": by.now,
    }
    field: Any = PaymentCard._meta.fields_map["token_index"]
    card = await PaymentCard.filter(
        customer_id=customer_id, token_index__in=list(field.lookup_indexes(content.token))
    ).first()
    if card is None:
        return await PaymentCard.create(
            customer_id=customer_id, source=SOURCE, content=content, token_index=content.token, **columns
        )
    await held_rows.keep(card, by.now, by=by)
    card.update_from_dict({**columns, "content": content})
    await card.save(update_fields=["content", *columns])
    return card
