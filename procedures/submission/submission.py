"""Opening what a customer's browser sealed: a card, a health record.

A sealed submission is base64url of: 1, one byte | nonce, 16 bytes | what HPKE made of the JSON. It is bound to the
category, the purpose, the customer, the key and the nonce, so that it opens for no other; and its nonce is taken once.

    SubmissionRefused         nothing was stored; what to do is in the message
    ├─ SUBMISSION_MALFORMED     it has not the form of a submission, or holds what it should not
    ├─ SUBMISSION_TOO_LARGE    it is longer than 8,192 characters
    ├─ SUBMISSION_KEY_ENDED     sealed to a key that is gone, or never was
    ├─ SUBMISSION_REPLAYED      taken before
    ├─ SUBMISSION_BROKEN        forged, changed, or sealed for another customer, category or purpose
    ├─ SECURITY_CODE_REFUSED    it holds the security code of a card
    └─ SUBMISSION_UNFIT         it opened, and a value in it cannot be used; `field` says which
"""

import json
from base64 import urlsafe_b64decode
from binascii import Error as NotBase64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple, TypeVar
from uuid import UUID

from tortoise.exceptions import IntegrityError

from models import Category, Consent, Personal, Purpose, Submission, camel, given
from models.errors import ProcedureError, Unfit
from models.event import Event
from models.keys import submission_key
from models.values import SECURITY_CODE_NAMES, CardRefused
from policies.actor import Actor
from policies.decide import require
from procedures.consent import locked, required
from procedures.ledger import note
from procedures.submission.key import text
from vault import hpke
from vault.errors import SealBroken

P = TypeVar("P", bound=Personal)

#: What a submission has at most, in characters; a card or a health record needs a tenth of it.
LONGEST: Final = 8_192
_FORM: Final = b"\x01"
_NONCE: Final = 16


class SubmissionRefused(Unfit):
    """A sealed submission that was not taken; nothing of it is kept."""

    def __init__(self, code: str, message: str, field: str | None = "sealed") -> None:
        super().__init__(message, field, code=code)


class Kind(NamedTuple):
    """What can be submitted: the action of the policies, the category, and the purpose that needs it."""

    action: str
    category: Category
    purpose: Purpose
    members: frozenset[str]


@dataclass(frozen=True, slots=True)
class Envelope:
    """A submission as it came: the customer's identifier and the key's, as the sealer wrote them, and the rest."""

    customer: str
    key_id: str
    sealed: str


class Received(NamedTuple):
    """An opened submission: the consent that it rests on, and its members."""

    consent: Consent
    values: dict[str, Any]


@asynccontextmanager
async def refusals(kind: Kind, customer_id: UUID, *, by: Actor) -> AsyncIterator[None]:
    """Record, outside of any transaction, that a submission was not taken, and why."""
    try:
        yield
    except ProcedureError as error:
        await note(
            Event.SUBMISSION_REFUSED, by, customer=customer_id, category=kind.category, code=error.code
        )
        raise


async def received(kind: Kind, customer_id: UUID, envelope: Envelope, *, by: Actor) -> Received:
    """Open a submission, in the transaction under way, which stores what is in it or nothing.

    Raises:
        Refused: the actor may not submit this for this customer.
        NotFound: there is no such customer.
        ConsentRequired: the customer does not consent to the category for the purpose.
        SubmissionRefused: as the module says.
        SealedError: the vault is sealed.
    """
    await require(by, kind.action, "Customer", customer_id)
    return Received(await _ground(kind, customer_id, by), await _opened(kind, envelope, by))


async def _ground(kind: Kind, customer_id: UUID, by: Actor) -> Consent:
    """The consent to rest on; the customer stays locked, so that it cannot be withdrawn meanwhile."""
    await locked(customer_id)
    return await required(customer_id, kind.category, kind.purpose, by.now)


async def _opened(kind: Kind, envelope: Envelope, by: Actor) -> dict[str, Any]:
    nonce, sealed = _parts(envelope.sealed)
    key = _uuid(envelope.key_id)
    secret = None if key is None else await submission_key.opener(key, by.now)
    if key is None or secret is None:
        raise SubmissionRefused(
            "SUBMISSION_KEY_ENDED",
            "The key it was sealed to is gone. Fetch the key anew and seal again.",
            "keyId",
        )
    try:
        plain = hpke.open_(secret, bound(kind, envelope, nonce), sealed)
    except SealBroken:
        raise SubmissionRefused(
            "SUBMISSION_BROKEN",
            "It does not open: it was changed, or sealed for something else. Seal it again for this customer.",
        ) from None
    try:
        await _taken(UUID(bytes=nonce), key, by)
        return _members(kind, plain)
    finally:
        plain[:] = bytes(len(plain))


def bound(kind: Kind, envelope: Envelope, nonce: bytes) -> bytes:
    """What a submission is bound to, as the sealer wrote it: six lines."""
    lines = (kind.category, kind.purpose, envelope.customer, envelope.key_id, text(nonce))
    return "".join(f"{line}\n" for line in ("savas submission 1", *lines)).encode("utf-8", "surrogatepass")


async def _taken(nonce: UUID, key: UUID, by: Actor) -> None:
    """Take a submission once, whoever sends it again and at the same time."""
    replayed = SubmissionRefused(
        "SUBMISSION_REPLAYED", "This was submitted before. Seal it again to submit it anew."
    )
    if await Submission.exists(id=nonce):
        raise replayed
    try:
        await Submission.create(id=nonce, key_id=key, taken_at=by.now)
    except IntegrityError:
        # Another process took it between the two statements.
        raise replayed from None


def _parts(sealed: str) -> tuple[bytes, bytes]:
    if len(sealed) > LONGEST:
        raise SubmissionRefused("SUBMISSION_TOO_LARGE", f"A submission has at most {LONGEST} characters.")
    try:
        raw = urlsafe_b64decode(sealed.encode("ascii") + b"=" * (-len(sealed) % 4))
    except (NotBase64, ValueError):
        raw = b""
    # One spelling only: what is taken once must not come back in another.
    if raw[:1] != _FORM or len(raw) < 1 + _NONCE + hpke.OVERHEAD or text(raw) != sealed:
        raise _malformed("It is no sealed submission.")
    return raw[1 : 1 + _NONCE], raw[1 + _NONCE :]


def _members(kind: Kind, plain: bytearray) -> dict[str, Any]:
    try:
        held = json.loads(plain)
    except (ValueError, RecursionError):
        raise _malformed("What was sealed is not JSON.") from None
    if not isinstance(held, dict) or not all(isinstance(value, str | None) for value in held.values()):
        raise _malformed("What was sealed is no object of texts.")
    if any(_folded(name) in SECURITY_CODE_NAMES for name in held):
        raise security_code_refused()
    if not held.keys() <= kind.members:
        raise _malformed(f"What was sealed may have: {', '.join(sorted(kind.members))}; and nothing else.")
    return {name: value.strip() or None for name, value in held.items() if value is not None}


def read(model: type[P], values: dict[str, Any], now: datetime) -> P:
    """A row of a category from the members of a submission.

    Raises:
        SubmissionRefused: a value is missing or cannot be used.
    """
    parts = model.declared.parts
    try:
        row = {
            name: part.read(values[camel(name)], camel(name))
            for name, part in parts.items()
            if values.get(camel(name)) is not None
        }
        return model.made(model.checked(given(row, now=now)))
    except Unfit as error:
        code = error.code if isinstance(error, CardRefused) else "SUBMISSION_UNFIT"
        raise SubmissionRefused(code, error.message, error.field) from None


def security_code_refused() -> SubmissionRefused:
    """Why a submission with a security code is refused, wherever in it the code stands."""
    return SubmissionRefused(
        "SECURITY_CODE_REFUSED",
        "It holds the security code of a card, which nobody may keep. Take the field out of the form.",
    )


def unfit(message: str, field: str) -> SubmissionRefused:
    """A value that cannot be used."""
    return SubmissionRefused("SUBMISSION_UNFIT", message, field)


def _malformed(message: str) -> SubmissionRefused:
    return SubmissionRefused("SUBMISSION_MALFORMED", message)


def _folded(name: str) -> str:
    return "".join(character for character in name.casefold() if character.isalnum())


def _uuid(given: str) -> UUID | None:
    """A key's id in its one spelling."""
    try:
        found = UUID(given)
    except ValueError:
        return None
    return found if str(found) == given else None
