"""What the mutations of one's own data share."""

from typing import Any

from models import Personal
from procedures import own_change
from schema.node import key_of
from schema.payload import asker_of, attempt

REVISION = (
    "The revision that was read, from `provenance`: when the row has another one, nothing happens. "
    "Without it, the last to write wins."
)


async def removed(info: Any, model: type[Personal], identifier: str, revision: int | None) -> dict[str, Any]:
    """What a payload of a removal is made of, once the row is gone."""
    asker = asker_of(info)

    async def work() -> str:
        await own_change.remove(model, key_of(identifier, model.__name__), by=asker, revision=revision)
        return identifier

    done, reasons = await attempt(work(), asker)
    return {"removed_id": done, "user_errors": reasons}
