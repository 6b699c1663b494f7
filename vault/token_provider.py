"""Keys on a PKCS#11 token: they are made there, work there, and never leave it.

Keys are sensitive and not extractable, found by label: AES-256-GCM for epochs, HMAC-SHA256 with a generic secret for
indexes and hashes, Ed25519 (CKM_EDDSA of PKCS#11 3.0) for signing. A token that lacks one of these says so when the
first key of the kind is made. SoftHSM has them all, but is a token in files: good for trying, and no better than
the directory it lies in.
"""

import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, Literal, TypeVar

from pkcs11 import (
    Attribute,
    GCMParams,
    Key,
    KeyType,
    Mechanism,
    MechanismFlag,
    ObjectClass,
    exceptions,
)
from pkcs11.util.ec import encode_named_curve_parameters

from vault.errors import ProviderError, SealBroken
from vault.secret import Secret
from vault.token_address import TokenAddress
from vault.token_session import LOCK, exclusive, sign_in, sign_out, translated_errors

_NONCE: Final = 12
_TAG_BITS: Final = 128
_NAME = re.compile(r"(epoch|index|hash|signing)-\d+")
_SECRET: Final = {Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False, Attribute.PRIVATE: True}
#: What a key must be for each use: PKCS#11 lets a key do only what it was made for.
_USES: Final[dict[str, dict[Attribute, Any]]] = {
    "wrap": {Attribute.CLASS: ObjectClass.SECRET_KEY, Attribute.ENCRYPT: True, Attribute.DECRYPT: True},
    "mac": {Attribute.CLASS: ObjectClass.SECRET_KEY, Attribute.SIGN: True},
    "sign": {Attribute.CLASS: ObjectClass.PRIVATE_KEY, Attribute.SIGN: True},
    "public": {Attribute.CLASS: ObjectClass.PUBLIC_KEY},
}
_SIGNS: Final = MechanismFlag.SIGN | MechanismFlag.VERIFY
#: How secret keys are made: those of epochs, and all others.
_AES: Final = (KeyType.AES, Mechanism.AES_KEY_GEN, MechanismFlag.ENCRYPT | MechanismFlag.DECRYPT)
_HMAC: Final = (KeyType.GENERIC_SECRET, Mechanism.GENERIC_SECRET_KEY_GEN, _SIGNS)
#: RFC 8410's identifier of Ed25519.
_ED25519: Final = "1.3.101.112"
#: What tokens say of a ciphertext that does not open; SoftHSM has no better word than a general error.
_BROKEN = (
    exceptions.EncryptedDataInvalid,
    exceptions.EncryptedDataLenRange,
    exceptions.DataInvalid,
    exceptions.DataLenRange,
    exceptions.ArgumentsBad,
    exceptions.GeneralError,
    exceptions.FunctionFailed,
)
#: What tokens say of a key that somebody else has destroyed.
_GONE = (exceptions.KeyHandleInvalid, exceptions.ObjectHandleInvalid)
T = TypeVar("T")


class TokenProvider(Secret):
    """Keys on a token.

    Args:
        address: as in `vault.token_address`.

    Raises:
        ProviderError: PROVIDER_INVALID, the address; PROVIDER_MISSING, library, token or PIN file; PROVIDER_LOOSE, the
            PIN file; PROVIDER_WRONG, the PIN.
    """

    kind: Literal["file", "pkcs11"] = "pkcs11"

    def __init__(self, address: str) -> None:
        self._address = TokenAddress.parse(address)
        self._shared = sign_in(self._address)
        self._closed = False

    def names(self) -> frozenset[str]:
        """The names of the keys on the token as it is now; other people's objects are passed over."""
        with self._at_work():
            labels = {
                str(key.label)
                for kind in (ObjectClass.SECRET_KEY, ObjectClass.PRIVATE_KEY)
                for key in self._objects({Attribute.CLASS: kind})
            }
        return frozenset(filter(_NAME.fullmatch, labels))

    def create(self, name: str) -> None:
        """Make a key on the token, which it never leaves."""
        if not _NAME.fullmatch(name):
            raise ProviderError("PROVIDER_INVALID", "A key is named epoch-, index-, hash- or signing-<n>.")
        with self._at_work(), exclusive(self._address):
            if self._objects({Attribute.LABEL: name}):
                raise ProviderError("PROVIDER_EXISTS", f"There is a key {name} already.")
            self._make(name)

    def destroy(self, name: str) -> None:
        """Destroy a key, both halves if it is a pair."""
        with self._at_work(), exclusive(self._address):
            for key in self._objects({Attribute.LABEL: name}) if _NAME.fullmatch(name) else []:
                key.destroy()
            self._forget(name)

    def wrap(self, name: str, plain: bytes, context: bytes) -> bytes:
        """Encrypt bytes with AES-256-GCM; the nonce comes first."""
        nonce = secrets.token_bytes(_NONCE)
        gcm = _gcm(nonce, context)
        return nonce + self._with_key(
            name,
            "wrap",
            lambda key: bytes(key.encrypt(plain, mechanism=Mechanism.AES_GCM, mechanism_param=gcm)),
        )

    def unwrap(self, name: str, sealed: bytes, context: bytes) -> bytes:
        """Decrypt what `wrap` made; raises SealBroken where it does not open."""
        nonce, rest = bytes(sealed[:_NONCE]), bytes(sealed[_NONCE:])
        if len(rest) < _TAG_BITS // 8:
            self._with_key(name, "wrap", lambda key: key)
            raise SealBroken

        def opened(key: Any) -> bytes:
            try:
                return bytes(
                    key.decrypt(rest, mechanism=Mechanism.AES_GCM, mechanism_param=_gcm(nonce, context))
                )
            except _BROKEN:
                raise SealBroken from None

        return self._with_key(name, "wrap", opened)

    def mac(self, name: str, data: bytes) -> bytes:
        """The HMAC-SHA256 of some data."""
        return self._with_key(name, "mac", lambda key: bytes(key.sign(data, mechanism=Mechanism.SHA256_HMAC)))

    def sign(self, name: str, data: bytes) -> bytes:
        """The Ed25519 signature of some data."""
        return self._with_key(name, "sign", lambda key: bytes(key.sign(data, mechanism=Mechanism.EDDSA)))

    def public(self, name: str) -> bytes:
        """The public key of a pair; tokens give it bare or as a DER octet string."""
        point = self._with_key(name, "public", lambda key: bytes(key[Attribute.EC_POINT]))
        return point.removeprefix(b"\x04\x20") if len(point) == 34 else point

    def close(self) -> None:
        """Release the token; a closed provider answers nothing."""
        with LOCK:
            if not self._closed:
                self._closed = True
                sign_out(self._address)

    def _make(self, name: str) -> None:
        session, use = self._shared.session, name.partition("-")[0]
        if use == "signing":
            curve = {Attribute.EC_PARAMS: encode_named_curve_parameters(_ED25519)}
            session.create_domain_parameters(KeyType.EC_EDWARDS, curve, local=True).generate_keypair(
                mechanism=Mechanism.EC_EDWARDS_KEY_PAIR_GEN,
                label=name,
                store=True,
                capabilities=_SIGNS,
                private_template=_SECRET,
            )
            return
        kind, mechanism, capabilities = _AES if use == "epoch" else _HMAC
        session.generate_key(
            kind,
            256,
            label=name,
            store=True,
            mechanism=mechanism,
            capabilities=capabilities,
            template=_SECRET,
        )

    def _with_key(self, name: str, use: str, work: Callable[[Any], T]) -> T:
        """Run work with a key; one whose handle has become void is looked up once more."""
        with self._at_work():
            try:
                return work(self._key(name, use))
            except _GONE:
                self._forget(name)
                return work(self._key(name, use))

    def _key(self, name: str, use: str) -> Key:
        keys = self._shared.keys
        if (name, use) not in keys:
            match self._objects({Attribute.LABEL: name, **_USES[use]}):
                case [key]:
                    keys[name, use] = key
                case []:
                    raise ProviderError(
                        "PROVIDER_WRONG", f"The key provider holds no key {name} for this use."
                    )
                case _:
                    raise ProviderError("PROVIDER_UNREADABLE", f"The token holds several keys {name}.")
        return keys[name, use]

    def _objects(self, template: dict[Attribute, Any]) -> list[Any]:
        return list(self._shared.session.get_objects(template))

    def _forget(self, name: str) -> None:
        for entry in [entry for entry in self._shared.keys if entry[0] == name]:
            del self._shared.keys[entry]

    @contextmanager
    def _at_work(self) -> Iterator[None]:
        """Keep other threads out, and raise the library's errors as ProviderError."""
        with LOCK:
            if self._closed:
                raise ProviderError("PROVIDER_MISSING", "The token was let go of.")
            with translated_errors():
                yield


def _gcm(nonce: bytes, context: bytes) -> GCMParams:
    return GCMParams(nonce, context, _TAG_BITS)
