"""Sealing to a public key, and opening what was sealed to one of ours: HPKE in base mode (RFC 9180), one message each.

A sealed message is the encapsulated key, 32 bytes, then the ciphertext with its tag. What it is bound to goes in as
`info`, which for a single message binds as well as associated data do (RFC 9180, section 8.1), and better: even
the key depends on it.
"""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from vault.errors import SealBroken

#: The suite's name, as keys are published with it, and the identifiers of RFC 9180 (KEM, KDF, AEAD).
SUITE = "DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM"
#: The encapsulated key and the tag.
OVERHEAD = 32 + 16

_SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)


def new() -> tuple[bytes, bytes]:
    """A private key and its public half, 32 bytes each; the first is to be wrapped at once."""
    key = X25519PrivateKey.generate()
    return key.private_bytes_raw(), key.public_key().public_bytes_raw()


def seal(public: bytes, bound_to: bytes, plain: bytes) -> bytes:
    """A message that only the owner of a public key opens.

    Raises:
        ValueError: it is no such key; to one of small order anybody could open it.
    """
    return _SUITE.encrypt(plain, X25519PublicKey.from_public_bytes(public), bound_to)


def open_(secret: bytes, bound_to: bytes, sealed: bytes) -> bytearray:
    """What was sealed, in a buffer that the caller overwrites once it has been read.

    Raises:
        SealBroken: it was sealed to another key or bound to something else, or was changed.
    """
    if len(sealed) < OVERHEAD:
        raise SealBroken
    try:
        return bytearray(_SUITE.decrypt(sealed, X25519PrivateKey.from_private_bytes(secret), bound_to))
    except (InvalidTag, ValueError):
        raise SealBroken from None
