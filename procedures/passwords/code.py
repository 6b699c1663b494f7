"""Codes to set a password by: random, long enough that nobody guesses one, stored as a keyed hash.

A stranger types them, who could try for ever, and must not be able to make the code of somebody else void: so they have 80
bits, several of them may be good at the same time, and wrong ones are slowed down by the address they come from.
"""

import hmac
import secrets
from datetime import timedelta
from typing import Final
from uuid import UUID

from models import PasswordCode
from vault import vault

#: None of them looks like another.
_LETTERS: Final = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
#: Letters of a code, and of a group in which they are written: 30 to the 17th is 83 bits.
LENGTH: Final = 17
_GROUP: Final = 6
#: How long a code is good.
VALID: Final = timedelta(hours=24)


def new() -> str:
    """A new random code, in groups."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(LENGTH))
    return "-".join(letters[start : start + _GROUP] for start in range(0, LENGTH, _GROUP))


def digest(row: PasswordCode, code: str) -> bytes:
    """The keyed hash of a code and of whom it is for, which alone is stored: 32 bytes."""
    return _digest(row.id, row.customer_id or row.account_id, code)


def fits(row: PasswordCode, code: str) -> bool:
    """Whether a code is that of a row, compared in constant time."""
    return hmac.compare_digest(digest(row, code), bytes(row.digest))


def _digest(row: UUID, owner: UUID | None, code: str) -> bytes:
    typed = "".join(each for each in code.upper() if each in _LETTERS)[: LENGTH + 1]
    return bytes.fromhex(vault.current().keyed_hash(f"password code|{row}|{owner}|{typed}"))
