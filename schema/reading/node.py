"""Identifiers that are the same everywhere, and tell nothing but what they identify."""

import base64
import binascii
from typing import Final
from uuid import UUID

import strawberry

from models.errors import ProcedureError
from schema.reading.actions import Action
from schema.reading.released import Withheld, silent
from schema.reading.shapes import names

NOBODY: Final = UUID(int=0)


class MalformedId(ProcedureError):
    """An identifier that no answer of ours ever held."""

    code = "ID_MALFORMED"
    message = "This is not an identifier of this server. Use an `id` from one of its answers."


class ForeignId(ProcedureError):
    """An identifier of another type than is asked for."""

    code = "ID_OF_ANOTHER_TYPE"
    message = "This identifier is of another type. Use the `id` of the type asked for."


@strawberry.interface(description="A record that `node` returns by its identifier.")
@silent
class Node:
    """The Relay interface."""

    @strawberry.field(description="The identifier: opaque, and the same for as long as the record exists.")
    def id(self) -> strawberry.ID:
        """The identifier of this view."""
        return strawberry.ID(global_id(self))


@strawberry.interface(description="A record whose fields may be withheld; a withheld field is null.")
@silent
class Guarded(Node):
    """A record whose fields may be withheld."""

    withheld: list[Withheld] = strawberry.field(
        description="The requested fields of this record that are withheld, each with the reason."
    )
    actions: list[Action] | None = strawberry.field(
        description="The mutations that the policies let somebody like you run on such a record, and whether on this one now."
    )


def global_id(view: object) -> str:
    """The identifier of a view."""
    return encode(type(view).__name__, view.__dict__["id"])


def encode(type_name: str, id: UUID) -> str:
    """An identifier from its type and key."""
    return base64.urlsafe_b64encode(f"{type_name}:{id}".encode()).decode().rstrip("=")


def decode(identifier: str, field: str | None = None) -> tuple[str, UUID]:
    """The type and key of an identifier.

    Args:
        identifier: what stands where one is asked for.
        field: where it stands, as an error names it.

    Raises:
        MalformedId: it is none of ours.
    """
    type_name, key = _parts(identifier) or ("", NOBODY)
    if type_name not in names():
        raise MalformedId(field=field)
    return type_name, key


def _parts(identifier: str) -> tuple[str, UUID] | None:
    """What an identifier says of type and key, whether or not there is such a type; None of what is none."""
    try:
        padded = identifier + "=" * (-len(identifier) % 4)
        type_name, _, key = (
            base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii").partition(":")
        )
        id = UUID(key)
    except (binascii.Error, ValueError):
        return None
    return (type_name, id) if encode(type_name, id) == identifier else None


def key_of(identifier: str, type_name: str, field: str | None = None) -> UUID:
    """The key of an identifier that must be of one type; `field` as for `decode`.

    Raises:
        MalformedId: it is none of ours.
        ForeignId: it is of another type.
    """
    actual, key = _parts(identifier) or ("", NOBODY)
    if actual == type_name:
        return key
    raise ForeignId(field=field) if actual in names() else MalformedId(field=field)
