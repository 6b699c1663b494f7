"""The place from which somebody signs in, as a keyed hash: the same for the same subscriber, and no address."""

from procedures.access.throttle import subscriber
from vault import vault


def place_of(address: str) -> bytes | None:
    """32 bytes that stand for a network address; None without one, and while the vault is sealed."""
    if not address or vault.reason() is not None:
        return None
    return bytes.fromhex(vault.current().keyed_hash(f"place|{subscriber(address)}"))
