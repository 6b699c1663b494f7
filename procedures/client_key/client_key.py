"""Doing something once for a client that may have to ask twice.

A client makes up a key for what it is about to have made. The key, what was asked, and what was made are kept in the
transaction that makes it: either all of them are there, or none, wherever a process is killed. Of two requests at a time
the later waits for the earlier, and is told what that made.

    KEY_REUSED   the key was used for something else

Only keyed hashes are kept of the key and of the arguments; they are an account's own, so that nobody's key meets another's.
"""

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from tortoise.exceptions import IntegrityError

from models import ClientKey
from models.database import transaction
from models.errors import ProcedureError, Unfit
from policies.actor import Actor
from policies.errors import Refused, StepUpRequired
from procedures.client_key.expiry import TERM
from procedures.errors import Conflict
from vault import vault

#: The identifiers of the records that were made, by field of the payload: one, several, or none.
Made = Mapping[str, UUID | list[UUID] | None]

_KEY: Final = re.compile("[!-~]{1,64}")


class KeyReused(Conflict):
    """The key was used before, with other arguments or for another mutation."""

    code = "KEY_REUSED"
    message = (
        "You used this key before, for something else. Make up another one for each thing that you create."
    )
    field = "key"


@dataclass(frozen=True, slots=True, repr=False)
class Sent:
    """What a client sent.

    Attributes:
        key: made up by the client.
        mutation: its name.
        arguments: all others, as JSON has them.
    """

    key: str
    mutation: str
    arguments: Any


async def once(
    sent: Sent, work: Callable[[], Awaitable[Any]], made: Callable[[Any], Made], *, by: Actor
) -> tuple[Any, Made | None]:
    """Do something in one transaction with the memory of the key; or, where that was done before, nothing.

    What a procedure refuses is refused as it would be without a key, and what it keeps of that is kept; the key is free
    again.

    Args:
        sent: the key, and what it is for.
        work: does it.
        made: says of what it returned which records the answer shows.
        by: whose key it is.

    Returns:
        What the work returned, and None; or None, and what was made before.

    Raises:
        Unfit: the key has no character, more than 64, or one that is not printable ASCII.
        KeyReused: it was used for something else.
        SealedError: the vault is sealed.
    """
    if not _KEY.fullmatch(sent.key):
        raise Unfit("A key has 1 to 64 letters, digits or signs, such as a UUID.", "key")
    row = _row(sent, by)
    try:
        earlier, result, error = await _first(row, work, made)
    except IntegrityError:
        # Another request with this key was quicker; it is over now.
        earlier, result, error = await ClientKey.get_or_none(digest=row.digest), None, None
        if earlier is None:
            raise
    if error is not None:
        raise error
    return (result, None) if earlier is None else (None, _repeated(earlier, row))


async def _first(
    row: ClientKey, work: Callable[[], Awaitable[Any]], made: Callable[[Any], Made]
) -> tuple[ClientKey | None, Any, Exception | None]:
    """The row of an earlier request, or what this one returned or refused."""
    async with transaction():
        earlier = await ClientKey.get_or_none(digest=row.digest)
        if earlier is not None:
            return earlier, None, None
        await row.save()
        try:
            result = await work()
        except (ProcedureError, Refused, StepUpRequired) as error:
            # Undone is what the procedure undoes: a wrong code, for example, stays counted.
            await row.delete()
            return None, None, error
        row.made = json.dumps(made(result), default=str)
        await row.save(update_fields=["made"])
        return None, result, None


def _row(sent: Sent, by: Actor) -> ClientKey:
    assert by.actor_id is not None  # noqa: S101 whoever has no account has no key
    digest = _hash("key", str(by.actor_id), sent.key)
    arguments = _hash("arguments", digest, sent.key, sent.mutation, sent.arguments)
    return ClientKey(
        actor_id=by.actor_id,
        digest=digest,
        arguments=arguments,
        made="{}",
        used_at=by.now,
        expires_at=by.now + TERM,
    )


def _hash(*parts: Any) -> str:
    return vault.current().keyed_hash("client key|" + json.dumps(parts, sort_keys=True))


def _repeated(earlier: ClientKey, row: ClientKey) -> Made:
    if earlier.arguments != row.arguments:
        raise KeyReused
    return {field: _ids(value) for field, value in json.loads(earlier.made).items()}


def _ids(value: Any) -> UUID | list[UUID] | None:
    if isinstance(value, list):
        return [UUID(each) for each in value]
    return None if value is None else UUID(value)
