"""What the mutations of one's own data share."""

from collections.abc import Awaitable, Callable
from typing import Any

from schema.reading import asker_of, attempt, key_of

Remove = Callable[..., Awaitable[int]]

REVISION = (
    "The revision that was read, from `provenance`: when the row has another one, nothing happens. "
    "Without it, the last to write wins."
)


async def removed(
    info: Any, remove: Remove, type_name: str, identifier: str, revision: int | None
) -> dict[str, Any]:
    """What a payload of a removal is made of, once the row is gone."""
    asker = asker_of(info)

    async def work() -> int:
        return await remove(key_of(identifier, type_name), by=asker, revision=revision)

    held, reasons = await attempt(work(), asker)
    return {"removed_id": identifier if held is not None else None, "held_rows": held, "user_errors": reasons}
