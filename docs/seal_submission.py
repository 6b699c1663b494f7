"""Seals a payment card or a health record for a Savas server, so that nobody on the way can read it.

Needs Python 3.11 and the package `cryptography`, 50 or later, and nothing else of Savas.
"""

import base64
import json
import secrets
from collections.abc import Mapping

from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

SUITE = "DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM"
#: What each category is submitted for: a client has no policies to ask, and a submission is bound to its purpose.
PURPOSES = {"payment_card": "billing", "health_record": "care"}


def seal(
    key: Mapping[str, str], signer: bytes, customer: str, category: str, values: Mapping[str, str]
) -> str:
    """What to send as `sealed`.

    Args:
        key: `submissionKey` as the server answered it: id, suite, publicKey, expiresAt, signature.
        signer: the server's signing key, 32 bytes, from a place that the server's answers do not come from.
        customer: the customer's id, as the server writes it.
        category: `payment_card` or `health`.
        values: the members, such as number, expiry and holder; never a security code.

    Raises:
        InvalidSignature: the key is not the server's; nothing was sealed.
        ValueError: the key is for another suite.
    """
    statement = ("savas submission key 1", key["id"], key["suite"], key["publicKey"], key["expiresAt"])
    Ed25519PublicKey.from_public_bytes(signer).verify(_decoded(key["signature"]), _lines(*statement))
    if key["suite"] != SUITE:
        raise ValueError("the key is for another suite")
    nonce = secrets.token_bytes(16)
    bound = _lines("savas submission 1", category, PURPOSES[category], customer, key["id"], _encoded(nonce))
    suite = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
    public = X25519PublicKey.from_public_bytes(_decoded(key["publicKey"]))
    return _encoded(b"\x01" + nonce + suite.encrypt(json.dumps(dict(values)).encode(), public, bound))


def _lines(*lines: str) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
