"""What a customer pays with. The number of a card is never kept, nor its security code."""

from dataclasses import dataclass
from typing import ClassVar

from models.base import Category
from models.records.fields import BlindIndex, Content
from models.records.personal import Personal


@dataclass(frozen=True, slots=True)
class PaymentCardContent:
    """What is kept of a card.

    Attributes:
        token: what the tokenizer gave for the number; never leaves the server.
        brand: whose card it is, such as `VISA`.
        last_four: the last four digits.
        expiry: the last month it is good for, as `2029-07`.
        holder: the name on it, as the customer wrote it.
    """

    token: str
    brand: str
    last_four: str
    expiry: str
    holder: str | None = None


def exact(text: str) -> str:
    """A text that has one spelling only."""
    return text


class PaymentCard(Personal):
    """A card of a customer; its token finds it when it is given again."""

    category: ClassVar[Category] = Category.PAYMENT_CARD

    content = Content(PaymentCardContent)
    token_index = BlindIndex(exact, "token")

    class Meta:
        table = "payment_cards"
