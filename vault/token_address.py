"""Where a token is: the part of RFC 7512 that names a token, a library and a file with the PIN.

    pkcs11:token=savas?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=file:/etc/savas/pin

What the address says beyond that is refused rather than passed over, for who wrote it meant something by it.
"""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from vault.errors import ProviderError


@dataclass(frozen=True)
class TokenAddress:
    """An address, taken apart.

    Args:
        token: the token's label.
        serial: the token's serial number, where a label is not enough; None asks for no certain one.
        module: the file of the PKCS#11 library.
        pin: the file that holds the PIN.
    """

    token: str
    serial: str | None
    module: Path
    pin: Path

    @classmethod
    def parse(cls, address: str) -> "TokenAddress":
        """Take an address apart.

        Raises:
            ProviderError: PROVIDER_INVALID; the message never quotes the address.
        """
        scheme, _, rest = address.partition(":")
        path, _, query = rest.partition("?")
        if scheme != "pkcs11":
            raise _invalid("It must begin with pkcs11:.")
        where, how = _attributes(path, ";"), _attributes(query, "&")
        if "pin-value" in where or "pin-value" in how:
            raise _invalid(
                "It holds a PIN, and addresses end up in logs and process lists: put the PIN into a file of mode 0600"
                " and name that with pin-source=file:/path, and change this PIN."
            )
        if not where.keys() <= {"token", "serial"} or not how.keys() <= {"module-path", "pin-source"}:
            raise _invalid("It may name token, serial, module-path and pin-source, and nothing else.")
        if not where.get("token"):
            raise _invalid("It must name a token: pkcs11:token=NAME?….")
        module, pin = _path(how, "module-path"), _path(how, "pin-source")
        return cls(where["token"], where.get("serial"), module, pin)


def _attributes(text: str, separator: str) -> dict[str, str]:
    attributes: dict[str, str] = {}
    for part in filter(None, text.split(separator)):
        name, equals, value = part.partition("=")
        if not equals or name in attributes:
            raise _invalid("Each of its parts is NAME=VALUE, once.")
        try:
            attributes[name] = unquote(value, errors="strict")
        except UnicodeDecodeError:
            raise _invalid("It is not UTF-8.") from None
    return attributes


def _path(attributes: dict[str, str], name: str) -> Path:
    value = attributes.get(name, "").removeprefix("file:")
    # file:///path and file:/path are the same file.
    path = Path(value.removeprefix("//") if value.startswith("///") else value)
    if not path.is_absolute() or (value.startswith("//") and not value.startswith("///")) or "\0" in value:
        raise _invalid(f"It must give the whole path of a file as {name}.")
    return path


def _invalid(why: str) -> ProviderError:
    return ProviderError("PROVIDER_INVALID", f"The token's address cannot be used. {why}")
