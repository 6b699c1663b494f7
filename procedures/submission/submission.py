"""Opening what a customer's browser sealed: a card, a health record.

A sealed submission is base64url of: 1, one byte | nonce, 16 bytes | the JSON, sealed with HPKE. It is bound to the
category, the purpose, the customer, the key and the nonce, so that it opens for no other; and a nonce is accepted once.

    SubmissionRefused         nothing was stored; the message says what to do
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

from models import Category, Consent, Given, Personal, Purpose, Submission, camel
from models.database import in_transaction_now
from models.errors import ProcedureError, Unfit
from models.event import Event
from models.keys import submission_key
from models.values import SECURITY_CODE_NAMES, CardRefused
from policies.actor import Actor
from policies.decide import require
from procedures.consent import locked, required
from procedures.ledger import note, record
from procedures.submission.key import text
from vault import hpke
from vault.errors import SealBroken

P = TypeVar("P", bound=Personal)

#: Characters that a submission has at most; a card or a health record needs a tenth of that.
LONGEST: Final = 8_192
_FORM: Final = b"\x01"
_NONCE: Final = 16


class SubmissionRefused(Unfit):
    """A sealed submission was refused; nothing of it is stored."""

    def __init__(self, code: str, message: str, field: str | None = "sealed") -> None:
        super().__init__(message, field, code=code)


class Kind(NamedTuple):
    """A kind of submission: the policies' action, the category, the purpose, and the names that the JSON may have."""

    action: str
    category: Category
    purpose: Purpose
    members: frozenset[str]


@dataclass(frozen=True, slots=True)
class Envelope:
    """A submission as it was received: the ids of the customer and of the key, as they were sealed, and the data."""

    customer: str
    key_id: str
    sealed: str


class Received(NamedTuple):
    """An opened submission: the consent that it rests on, and its members."""

    consent: Consent
    values: dict[str, Any]


@asynccontextmanager
async def refusals(kind: Kind, customer_id: UUID, *, by: Actor) -> AsyncIterator[None]:
    """Record in the ledger that a submission in the block was refused, and why; in a transaction around it, if there is one.

    Around it is that of a client's key, which is committed with what was refused, too.
    """
    try:
        yield
    except ProcedureError as error:
        about: dict[str, Any] = {"customer": customer_id, "category": kind.category, "code": error.code}
        if in_transaction_now():
            record(Event.SUBMISSION_REFUSED, by, **about)
        else:
            await note(Event.SUBMISSION_REFUSED, by, **about)
        raise


async def received(kind: Kind, customer_id: UUID, envelope: Envelope, *, by: Actor) -> Received:
    """Open a submission, in the transaction in which the caller stores what it holds.

    Raises:
        Refused: the actor may not submit this for this customer.
        NotFound: there is no such customer.
        ConsentRequired: the customer does not consent to the category for the purpose.
        ConsentUnconfirmed: the actor recorded the consent, and nobody has confirmed it yet.
        SubmissionRefused: as the module says.
        SealedError: the vault is sealed.
    """
    await require(by, kind.action, "Customer", customer_id)
    # The customer stays locked, so that the consent cannot be withdrawn meanwhile.
    await locked(customer_id)
    consent = await required(customer_id, kind.category, kind.purpose, by=by)
    return Received(consent, await _opened(kind, envelope, by))


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
        await _use_nonce(UUID(bytes=nonce), key, by)
        return _members(kind, plain)
    finally:
        plain[:] = bytes(len(plain))


def bound(kind: Kind, envelope: Envelope, nonce: bytes) -> bytes:
    """The six lines that a submission is bound to when it is sealed."""
    lines = (kind.category, kind.purpose, envelope.customer, envelope.key_id, text(nonce))
    return "".join(f"{line}\n" for line in ("savas submission 1", *lines)).encode("utf-8", "surrogatepass")


async def _use_nonce(nonce: UUID, key: UUID, by: Actor) -> None:
    """Refuse a submission that was accepted before, or is being accepted at the same time."""
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
    # In one spelling only: what was accepted must not be sent again in another.
    if raw[:1] != _FORM or len(raw) < 1 + _NONCE + hpke.OVERHEAD or text(raw) != sealed:
        raise _malformed("It is no sealed submission.")
    return raw[1 : 1 + _NONCE], raw[1 + _NONCE :]


def _members(kind: Kind, plain: bytearray) -> dict[str, Any]:
    try:
        members = json.loads(plain)
    except (ValueError, RecursionError):
        raise _malformed("What was sealed is not JSON.") from None
    if not isinstance(members, dict) or not all(isinstance(value, str | None) for value in members.values()):
        raise _malformed("What was sealed is no object of texts.")
    if any(_folded(name) in SECURITY_CODE_NAMES for name in members):
        raise security_code_refused()
    if not members.keys() <= kind.members:
        raise _malformed(f"What was sealed may have: {', '.join(sorted(kind.members))}; and nothing else.")
    return {name: value.strip() or None for name, value in members.items() if value is not None}


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
        return model.from_values(model.checked(Given(row, now=now)))
    except Unfit as error:
        code = error.code if isinstance(error, CardRefused) else "SUBMISSION_UNFIT"
        raise SubmissionRefused(code, error.message, error.field) from None


def security_code_refused() -> SubmissionRefused:
    """The error for a submission that holds the security code of a card, wherever in it."""
    return SubmissionRefused(
        "SECURITY_CODE_REFUSED",
        "It holds the security code of a card, which nobody may keep. Take the field out of the form.",
    )


def unfit(message: str, field: str) -> SubmissionRefused:
    """The error for a value of a submission that cannot be used."""
    return SubmissionRefused("SUBMISSION_UNFIT", message, field)


def _malformed(message: str) -> SubmissionRefused:
    return SubmissionRefused("SUBMISSION_MALFORMED", message)


def _folded(name: str) -> str:
    return "".join(character for character in name.casefold() if character.isalnum())


def _uuid(text: str) -> UUID | None:
    """The id that a text is in its one spelling."""
    try:
        id = UUID(text)
    except ValueError:
        return None
    return id if str(id) == text else None
