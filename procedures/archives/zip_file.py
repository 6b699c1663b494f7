"""Reading an archive that another installation made; only what is signed is used.

The table of contents is checked first, then the signature of the manifest, then every file by its digest. Nothing is
unpacked to disk, and only files that the manifest names are read. A fault is an `ImportRefused`:

    ARCHIVE_UNREADABLE   not a ZIP archive, or a damaged one
    ARCHIVE_UNSAFE       names that lead elsewhere or stand twice, links, directories, encryption
    ARCHIVE_TOO_LARGE    more files or bytes than an archive has, or packed more tightly than text can be
    ARCHIVE_DIFFERS      not the files that the manifest names
    FORMAT_UNKNOWN       another format, or another version of it
    SIGNATURE_INVALID    nobody, or somebody else, signed it
    KEY_INVALID          what was named as the sender's key is none
    KEY_DIFFERS          another key than the one that was named
"""

import json
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, Final

from procedures.export import FORMAT, MANIFEST, VERSION
from procedures.tables import ImportRefused
from vault.signature import signed

SIGNATURE: Final = "MANIFEST.sig"
PUBLIC: Final = "signing.pub"
DATA: Final = "data.json"
#: Bytes of an archive, of what it unpacks to, and of the one file that is read whole.
LARGEST: Final = 256 << 20
UNPACKED: Final = 1 << 30
LARGEST_DATA: Final = 128 << 20
#: Receipts are files: two for each transition of a consent.
MOST_FILES: Final = 20_000
#: How many times smaller text gets at most; a ZIP bomb is packed a thousand times.
TIGHTEST: Final = 200

_LONGEST_NAME: Final = 200
_NAME: Final = re.compile(r"[A-Za-z0-9]\w*(?:\.\w+)*(?:/[A-Za-z0-9]\w*(?:\.\w+)*)?", re.ASCII)
_HEX_KEY: Final = re.compile(r"[0-9a-fA-F]{64}")
_PART: Final = 1 << 20
_END: Final = struct.Struct("<4s4H2LH")
#: Bytes of the record that leads to a 64-bit end, before the end.
_LOCATOR: Final = 20
_DAMAGED: Final = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError,
)  # fmt: skip


@dataclass(frozen=True)
class Archive:
    """An archive whose manifest is signed; `key` is the public key that it is signed with, in hexadecimal."""

    key: str
    _zip: zipfile.ZipFile
    _listed: dict[str, tuple[int, str]]

    def data(self) -> dict[str, Any]:
        """What the archive holds, by kind, after each of its files is compared with the signed digest.

        Raises:
            ImportRefused: a file is not the one that was signed.
        """
        with _damage_refused():
            document = b""
            for name, signed_digest in self._listed.items():
                file_digest, raw = _digested(self._zip, name, keep=name == DATA)
                if file_digest != signed_digest:
                    raise _differs()
                document = raw or document
        return _document(document)


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """Open an archive whose form and whose manifest's signature are good.

    Raises:
        ImportRefused: it is no archive, is not safe to read, or is not signed by the key that comes with it.
    """
    if not path.is_file():
        raise ImportRefused("FILE_MISSING", f"{path.name} is not there, or is not a file.")
    with path.open("rb") as file:
        with _damage_refused():
            _check_end(file)
            archive = zipfile.ZipFile(file)
        with archive:
            yield _signed(archive)


def key_named(text: str) -> str:
    """The public key, in hexadecimal, that a text is or that the file it names holds, as a witness has it.

    Raises:
        ImportRefused: the text is neither a key nor the path of a file with one.
    """
    key = text.strip()
    try:
        if not _HEX_KEY.fullmatch(key):
            raw = Path(text).read_bytes()
            key = raw.hex() if len(raw) == 32 else raw.decode("ascii").strip()
    except (OSError, ValueError):
        key = ""
    if not _HEX_KEY.fullmatch(key):
        raise ImportRefused(
            "KEY_INVALID", "The sender's key is 64 hexadecimal digits, or a file that holds them: see --key."
        )
    return key.lower()


def _signed(archive: zipfile.ZipFile) -> Archive:
    with _damage_refused():
        _check_files(archive)
        manifest, signature, public = (_small(archive, name) for name in (MANIFEST, SIGNATURE, PUBLIC))
        key = bytes.fromhex(public.decode("ascii"))
        if not signed(key, bytes.fromhex(signature.decode("ascii")), manifest):
            raise ImportRefused(
                "SIGNATURE_INVALID",
                "The manifest is not signed by the key beside it: somebody has changed the archive, or it is damaged.",
            )
        listed = _listed(_json(manifest))
    if set(listed) | {MANIFEST, SIGNATURE, PUBLIC} != set(archive.namelist()) or DATA not in listed:
        raise _differs()
    return Archive(key.hex(), archive, listed)


def _check_end(file: IO[bytes]) -> None:
    """Check the archive's last record, before anything relies on the size of the table of contents that it states."""
    size = file.seek(0, 2)
    if size > LARGEST:
        raise _too_large()
    if size < _END.size:
        raise zipfile.BadZipFile
    # An export has no comment and no 64-bit extension, and nothing before, between or after its files.
    file.seek(max(size - _END.size - _LOCATOR, 0))
    if file.read(4) == b"PK\x06\x07":
        raise zipfile.BadZipFile
    file.seek(size - _END.size)
    mark, disk, first, on_disk, files, length, begin, comment = _END.unpack(file.read())
    if mark != b"PK\x05\x06" or disk or first or comment or on_disk != files:
        raise zipfile.BadZipFile
    if files > MOST_FILES or length > files * (46 + _LONGEST_NAME):
        raise _too_large()
    if begin + length + _END.size != size:
        raise zipfile.BadZipFile


def _check_files(archive: zipfile.ZipFile) -> None:
    files = archive.infolist()
    names = [each.filename for each in files]
    if len(set(names)) < len(names) or not all(map(_safe, files)):
        raise ImportRefused(
            "ARCHIVE_UNSAFE",
            "The archive holds names that no export has: links, directories, or one name twice.",
        )
    packed = sum(each.compress_size for each in files)
    unpacked = sum(each.file_size for each in files)
    if unpacked > min(UNPACKED, TIGHTEST * packed):
        raise _too_large()


def _safe(file: zipfile.ZipInfo) -> bool:
    plain = stat.S_IFMT(file.external_attr >> 16) in (0, stat.S_IFREG)
    named = file.orig_filename == file.filename and _NAME.fullmatch(file.filename)
    packed = file.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    return bool(plain and named and packed and not file.flag_bits & 0x1)


def _small(archive: zipfile.ZipFile, name: str) -> bytes:
    """The manifest, or a file that belongs to it and that it therefore does not name."""
    most = MOST_FILES * 400 if name == MANIFEST else 200
    if name not in archive.namelist():
        raise _differs()
    with archive.open(name) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise _too_large()
    return content


def _digested(archive: zipfile.ZipFile, name: str, *, keep: bool) -> tuple[tuple[int, str], bytes]:
    """Size and digest of a file, and its content with `keep`."""
    if keep and archive.getinfo(name).file_size > LARGEST_DATA:
        raise _too_large()
    digest, size, parts = sha256(), 0, []
    with archive.open(name) as file:
        while part := file.read(_PART):
            digest.update(part)
            size += len(part)
            parts += [part] if keep else []
    return (size, digest.hexdigest()), b"".join(parts)


def _listed(manifest: Any) -> dict[str, tuple[int, str]]:
    """The size and the digest of each file that a manifest names, by the file's name."""
    _check_format(manifest, f"{FORMAT}-manifest")
    try:
        files = [(each["name"], each["size"], each["sha256"]) for each in manifest["files"]]
        by_name = {name: (size, digest) for name, size, digest in files}
    except (KeyError, TypeError):
        raise _differs() from None
    if len(by_name) < len(files):
        raise _differs()
    return by_name


def _document(raw: bytes) -> dict[str, Any]:
    document = _json(raw)
    _check_format(document, FORMAT)
    if not isinstance(data := document.get("data"), dict):
        raise _unreadable()
    return data


def _check_format(document: Any, name: str) -> None:
    if not isinstance(document, dict):
        raise _unreadable()
    if (document.get("format"), document.get("version")) != (name, VERSION):
        raise ImportRefused(
            "FORMAT_UNKNOWN",
            f"This is not version {VERSION} of the format {FORMAT}. A newer Savas may read it, or an older one.",
        )


def _json(raw: bytes) -> Any:
    try:
        return json.loads(raw.decode())
    except (ValueError, RecursionError):
        raise _unreadable() from None


@contextmanager
def _damage_refused() -> Iterator[None]:
    """Refuse the archive as damaged for any error of a library, whose own text may hold the name of a file."""
    try:
        yield
    except _DAMAGED:
        raise _unreadable() from None


def _unreadable() -> ImportRefused:
    return ImportRefused(
        "ARCHIVE_UNREADABLE", "This is no archive of an export, or it is damaged. Fetch it again."
    )


def _differs() -> ImportRefused:
    return ImportRefused(
        "ARCHIVE_DIFFERS", "The archive does not hold the very files that its manifest names. Fetch it again."
    )


def _too_large() -> ImportRefused:
    return ImportRefused(
        "ARCHIVE_TOO_LARGE",
        f"The archive has more than {LARGEST >> 20} MiB or {MOST_FILES} files, or unpacks to more than any export does.",
    )
