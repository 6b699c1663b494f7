"""One-time codes that prove that a message arrived: random, stored as a keyed hash, compared in constant time.

CODE_WRONG     it is not the code that was sent
CODE_EXPIRED   there is no code that is still good
CODE_USED      the code has served already
CODE_VOID      too much was tried; the code is good for nothing any more
"""

import hmac
import secrets
from datetime import timedelta
from typing import Final
from uuid import UUID

from models import ContactKind
from models.errors import Unfit
from procedures.errors import Conflict
from vault import vault

#: Decimal digits of a code; NIST SP 800-63A asks for six at least.
DIGITS: Final = 6
#: How many wrong codes may be tried before the code is void.
TRIES: Final = 5
#: How long a code is valid, by where it was sent (NIST SP 800-63A).
VALID: Final = {ContactKind.EMAIL: timedelta(hours=24), ContactKind.PHONE: timedelta(minutes=10)}


class CodeWrong(Unfit):
    """It is not the code that was sent."""

    code = "CODE_WRONG"
    message = "This is not the code. Look at the latest message again."
    field = "code"


class CodeExpired(Conflict):
    """There is no code that is still good."""

    code = "CODE_EXPIRED"
    message = "There is no code that is still good. Ask for a new one."
    field = "code"


class CodeUsed(Conflict):
    """The code has served already."""

    code = "CODE_USED"
    message = "This code has served already. Ask for a new one if you need it."
    field = "code"


class CodeVoid(Conflict):
    """Too much was offered as the code."""

    code = "CODE_VOID"
    message = "Too many wrong codes were tried. Ask for a new one."
    field = "code"


def new() -> str:
    """A new random code, in decimal digits."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"


def digest(owner: UUID, code: str) -> bytes:
    """The keyed hash of a code, which alone is stored: 32 bytes that differ for every owner.

    Args:
        owner: the record that the code belongs to.
        code: as it was sent, or as somebody typed it: blanks and hyphens do not count.
    """
    typed = "".join(character for character in code if character not in " -\u00a0\t")[:20]
    return bytes.fromhex(vault.current().keyed_hash(f"code|{owner}|{typed}"))


def fits(owner: UUID, code: str, stored: bytes) -> bool:
    """Whether a code is that of a stored digest, compared in constant time."""
    return hmac.compare_digest(digest(owner, code), stored)
