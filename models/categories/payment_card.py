"""Payment cards."""

import re

from models.declaration import Personal, sealed
from models.values import CardRefused, line


def exact(text: str) -> str:
    """The text unchanged, because it has only one spelling."""
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
    """A payment card of a customer. Its number is not kept, and its token is never shown."""

    token: str = sealed("The token that stands for the number.", secret=True, found_by=exact)
    brand: str = sealed("The brand, such as VISA.", rectified=False)
    last_four: str = sealed("The last four digits of the number.", rectified=False)
    expiry: str = sealed("The last month in which the card is valid, such as 2029-07.", rectified=False)
    holder: str | None = sealed("The name on the card, as the customer wrote it.", _holder)
