"""What a customer pays with."""

import re

from models.declaration import Personal, sealed
from models.values import CardRefused, line


def exact(text: str) -> str:
    """A text that has one spelling only."""
    return text


def _holder(text: str, field: str) -> str:
    """The name on a card, in which neither a number nor a security code may stand."""
    holder = line(text, field, 100)
    # No name holds three digits in a row, and a security code might stand there.
    if re.search(r"\d{3}", holder):
        raise CardRefused(
            "It holds the security code of a card, which nobody may keep. Take the field out of the form.",
            field,
            code="SECURITY_CODE_REFUSED",
        )
    return holder


class PaymentCard(
    Personal,
    table="payment_cards",
    submitted_sealed=True,
    stays_behind="CARD_WITHOUT_TOKEN",
    term="pd:PaymentCard",
    words={"lt": "mokėjimo kortelė"},
):
    """A payment card of a customer. Its number is not kept, and its token never leaves."""

    token: str = sealed("What the tokenizer gave for the number.", secret=True, found_by=exact)
    brand: str = sealed("Whose card it is, such as VISA.", rectified=False)
    last_four: str = sealed("The last four digits of the number.", rectified=False)
    expiry: str = sealed("The last month it is good for, such as 2029-07.", rectified=False)
    holder: str | None = sealed("The name on it, as the customer wrote it.", _holder)
