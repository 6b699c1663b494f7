"""Values that are known again wherever they leak, and the search for them in every form that a leak may have.

Every value is another one, and all hold one of three marks; so a search looks for the marks in each form, and only
digests, in which no mark survives, are looked for one by one.
"""

import base64
import hashlib
import html
import json
import quopri
import re
import secrets
import sys
import unicodedata
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import models
from models import Category, compact, folded, reachable
from tests.contents import NOON

_CONSONANTS = "bcdfghjklmnpqrstvwxz"
_STREAM = re.compile(rb"\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]")
_HEX = re.compile(rb"[0-9a-fA-F]{16,}")
_BASE64 = re.compile(rb"[0-9A-Za-z+/_-]{16,}")
_FROM_URL = bytes.maketrans(b"-_", b"+/")
#: What may be lines of a mail, and where those are broken that are longer than may be.
_LINES = re.compile(rb"[\t\r\n -~]{16,}")
_FOLD = re.compile(rb"=?\r?\n[ \t]?")
_LONGEST_STREAM = 1 << 18
#: What a file is compared by with itself as it was before there were any canaries: a page of PostgreSQL.
_PAGE = 8192


def _drawn(letters: str, length: int) -> str:
    return "".join(secrets.choice(letters) for _ in range(length))


@dataclass
class Canaries:
    """Canaries of one test: what was handed out is looked for."""

    odd: str = field(default_factory=lambda: f"Žė{_drawn(_CONSONANTS, 8)}ﬁąß")
    plain: str = field(default_factory=lambda: _drawn(_CONSONANTS, 12))
    digits: str = field(default_factory=lambda: _drawn("123456789", 11))
    values: list[str] = field(default_factory=list)

    def name(self) -> str:
        """A text with letters that not every encoding has."""
        return self._kept(f"{self.odd}{len(self.values)}")

    def word(self) -> str:
        """A text of plain letters."""
        return self._kept(f"{self.plain}{len(self.values)}")

    def email(self) -> str:
        """An address."""
        return self._kept(f"{self.plain}{len(self.values)}@{self.plain}.example")

    def phone(self) -> str:
        """An international number."""
        return self._kept(f"+49{self.digits}{len(self.values):02d}")

    def said(self, text: str) -> str:
        """A longer text with canaries in it, of which no digest may lie anywhere either."""
        return self._kept(text)

    def contents(self) -> dict[Category, dict[str, Any]]:
        """A row of each category, every personal value of it a canary."""
        given, family, code, email = self.name(), self.name(), self.word(), self.email()
        line = models.OrderLine(self.name(), 1, "12.50")
        number, total = self.word(), f"{self.digits}.50"
        return {
            Category.IDENTITY: {
                "content": models.Identity.Content(given, family, self.name()),
                "given_name_index": given,
                "family_name_index": family,
            },
            Category.PERSONAL_CODE: {
                "content": models.PersonalCode.Content(code, "LT"),
                "code_index": code,
            },
            Category.CONTACT_POINT: {"content": models.ContactPoint.Content(email), "value_index": email},
            Category.POSTAL_ADDRESS: {
                "content": models.PostalAddress.Content(
                    self.name(), self.name(), self.word(), self.word(), "LT"
                )
            },
            Category.PREFERENCE: {"content": models.Preference.Content(self.name(), 2)},
            Category.INTERACTION: {
                "content": models.Interaction.Content(self.word(), self.name()),
                "occurred_at": NOON,
            },
            Category.ORDER: {"content": models.Order.Content(number, total, "EUR", self.name(), (line,))},
        }

    def _kept(self, value: str) -> str:
        self.values.append(value)
        return value


class Search:
    """Looks for canaries; made once all of them are handed out.

    Args:
        canaries: what to look for.
    """

    def __init__(self, canaries: Canaries) -> None:
        marks = {each for mark in (canaries.odd, canaries.plain, canaries.digits) for each in spelled(mark)}
        self._forms = {raw: name for mark in marks for name, raw in written(mark)}
        texts = {
            each for value in canaries.values for each in spelled(value, reachable(value), compact(value))
        }
        self._digests = {
            int.from_bytes(
                hashlib.new(kind, text.encode(), usedforsecurity=False).digest()[:8], sys.byteorder
            )
            for text in texts
            for kind in ("md5", "sha1", "sha256")
        }

    def found(self, data: bytes) -> set[str]:
        """The forms in which canaries are in some bytes, also compressed ones, and in lines that were broken."""
        inflated = b"\n".join(_inflated(data))
        whole = b"\0".join(_FOLD.sub(b"", text) for text in _LINES.findall(data) if b"\n" in text)
        return (
            self._found(data)
            | {f"compressed {form}" for form in self._found(inflated)}
            | {f"broken {form}" for form in self._marks(whole)}
        )

    def found_in(self, roots: Iterable[Path], known: frozenset[int] = frozenset()) -> dict[str, set[str]]:
        """By file, the forms in which canaries are in the files below some directories, and in their names.

        Args:
            roots: directories, or files.
            known: what `pages` gave before there were any canaries; these pages cannot hold one.
        """
        found = {}
        for path in files(roots):
            data = b"".join(page for page in _paged(path) if hash(page) not in known)
            if forms := self.found(path.name.encode() + b"\n" + data):
                found[path.name] = forms
        return found

    def _marks(self, data: bytes) -> set[str]:
        return {name for raw, name in self._forms.items() if raw in data}

    def _found(self, data: bytes) -> set[str]:
        found = self._marks(data)
        if self._holds_digest(data):
            found.add("digest")
        if any(self._holds_digest(each) for each in _decoded(data)):
            found.add("digest in hex or base64")
        return found

    def _holds_digest(self, data: bytes) -> bool:
        """Whether the beginning of a digest stands anywhere: all that eight bytes can be is read as numbers, eight times."""
        view = memoryview(data)
        return any(
            not self._digests.isdisjoint(view[start : start + (len(data) - start) // 8 * 8].cast("Q"))
            for start in range(min(8, len(data)))
        )


def files(roots: Iterable[Path]) -> list[Path]:
    """The files below some directories."""
    return [path for root in roots for path in (root, *sorted(root.rglob("*"))) if path.is_file()]


def pages(roots: Iterable[Path]) -> frozenset[int]:
    """Marks of every page of the files below some directories."""
    return frozenset(hash(page) for path in files(roots) for page in _paged(path))


def _paged(path: Path) -> Iterator[bytes]:
    data = path.read_bytes()
    return (data[at : at + _PAGE] for at in range(0, len(data), _PAGE))


def spelled(text: str, *more: str) -> set[str]:
    """A text in the spellings that software makes of it."""
    composed = [unicodedata.normalize(form, text) for form in ("NFC", "NFD", "NFKC", "NFKD")]
    return {text, folded(text), text.upper(), text.lower(), text.casefold(), *composed, *more}


def written(text: str) -> Iterator[tuple[str, bytes]]:
    """A text in each form in which it may stand between other bytes."""
    raw = text.encode()
    # The forms that plain letters share with UTF-8 are named by that, and so come first.
    yield "quoted-printable", quopri.encodestring(raw)
    yield "encoded word", quopri.encodestring(raw, header=True)
    yield "UTF-8", raw
    yield "UTF-16 LE", text.encode("utf-16-le")
    yield "UTF-16 BE", text.encode("utf-16-be")
    yield "hex", raw.hex().encode()
    yield "HEX", raw.hex().upper().encode()
    yield "reversed", text[::-1].encode()
    yield "reversed bytes", raw[::-1]
    escaped = json.dumps(text)[1:-1]
    yield "JSON", escaped.encode()
    yield "JSON", re.sub(r"\\u(....)", lambda found: f"\\u{found[1].upper()}", escaped).encode()
    yield "URL", quote(text).encode()
    yield "URL", re.sub(r"%..", lambda found: found[0].lower(), quote(text)).encode()
    yield "HTML", html.escape(text).encode("ascii", "xmlcharrefreplace")
    yield "repr", repr(raw)[2:-1].encode()
    for shift in range(3):
        encoded = _base64(raw, shift)
        yield "base64", encoded
        yield "base64", encoded.translate(bytes.maketrans(b"+/", b"-_"))


def _base64(raw: bytes, shift: int) -> bytes:
    """What is the same of a text in base64, whatever stands before and after it."""
    encoded = base64.b64encode(bytes(shift) + raw)
    return encoded[-(-shift * 8 // 6) : (shift + len(raw)) * 8 // 6]


def _decoded(data: bytes) -> Iterator[bytes]:
    """What is written in hexadecimal digits, or in those of base64, wherever the first byte of it begins."""
    runs = _HEX.findall(data)
    for start in range(2):
        yield b"".join(
            bytes.fromhex(run[start : start + (len(run) - start) // 2 * 2].decode()) for run in runs
        )
    based = [run.translate(_FROM_URL) for run in _BASE64.findall(data) if not _HEX.fullmatch(run)]
    for start in range(4):
        yield b"".join(base64.b64decode(run[start : start + (len(run) - start) // 4 * 4]) for run in based)


def _inflated(data: bytes) -> Iterator[bytes]:
    """What the streams of gzip and zlib in some bytes hold, as far as they can be read."""
    for start in _STREAM.finditer(data):
        stream, at, found = zlib.decompressobj(47), start.start(), b""
        while not stream.eof and at < len(data) and len(found) < _LONGEST_STREAM:
            try:
                found += stream.decompress(data[at : at + 4096], _LONGEST_STREAM)
            except zlib.error:
                break
            at += 4096
        if found:
            yield found


def among(texts: Sequence[str], search: Search) -> set[str]:
    """The forms in which canaries are in some texts."""
    return search.found("\n".join(texts).encode("utf-8", "surrogateescape"))
