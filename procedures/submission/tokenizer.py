"""The token that is stored in the place of a card's number.

A tokenizer is a port: whoever has a payment provider puts the provider's own in its place, and then the token is what
the provider charges. The local one is for those who have none. Its token is a keyed hash of the customer and the
number, under the key provider's key `hash-1`: the same card of the same customer gives the same token, so that a card
submitted twice is stored once; two customers with one card have two tokens. It cannot be turned back into the number,
by us either, and nobody can charge it. Without the key it cannot be found by trying all numbers; **with** the key it
can (a brand's numbers with a known beginning and end are some 10⁶ to 10⁹), so it is worth as much as the key provider.
"""

from typing import Protocol
from uuid import UUID

from vault import vault


class Tokenizer(Protocol):
    """Makes tokens of card numbers and stores none of the numbers."""

    async def token(self, number: str, customer: UUID) -> str:
        """The token of a customer's card; `number` is checked and has digits only."""


class LocalTokenizer:
    """Makes tokens by a keyed, one-way hash."""

    async def token(self, number: str, customer: UUID) -> str:
        """The token: `local-1:` and 64 hexadecimal digits."""
        return f"local-1:{vault.current().keyed_hash(f'payment card|{customer}|{number}')}"


tokenizer: Tokenizer = LocalTokenizer()
