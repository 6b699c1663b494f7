"""Whether the owner of a key signed something: Ed25519, checked in one place."""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def signed(public: bytes, signature: bytes, raw: bytes) -> bool:
    """Whether a signature (64 bytes) of these bytes is by the owner of a public key (32 bytes)."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, raw)
    except (InvalidSignature, ValueError):
        return False
    return True
