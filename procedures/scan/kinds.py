"""What a scan is, as its first and last bytes show; what it is called plays no part."""

from typing import Final

from models import ScanKind

#: By kind, how a file begins.
_BEGINNINGS: Final[dict[ScanKind, tuple[bytes, ...]]] = {
    ScanKind.PDF: (b"%PDF-1.", b"%PDF-2."),
    ScanKind.PNG: (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",),
    ScanKind.JPEG: (b"\xff\xd8\xff",),
    ScanKind.TIFF: (b"II*\x00", b"MM\x00*"),
}
#: By kind, what its last bytes hold, and how many those are; a TIFF has its directory anywhere.
_ENDS: Final[dict[ScanKind, tuple[bytes, int]]] = {
    ScanKind.PDF: (b"%%EOF", 1024),
    ScanKind.PNG: (b"IEND\xaeB`\x82", 8),
    ScanKind.JPEG: (b"\xff\xd9", 2),
}
#: By kind, the media type and what a file's name ends with.
MEDIA: Final = {
    ScanKind.PDF: ("application/pdf", "pdf"),
    ScanKind.PNG: ("image/png", "png"),
    ScanKind.JPEG: ("image/jpeg", "jpg"),
    ScanKind.TIFF: ("image/tiff", "tiff"),
}


def begun(first: bytes) -> ScanKind | None:
    """The kind of what begins so; None if it is none that is kept."""
    return next((kind for kind, starts in _BEGINNINGS.items() if first.startswith(starts)), None)


def whole(first: bytes, last: bytes, size: int) -> ScanKind | None:
    """The kind of what begins and ends so, with so many bytes; None if it is none that is kept, or not all of it is there."""
    kind = begun(first)
    if kind is ScanKind.TIFF:
        order = "little" if first.startswith(b"II") else "big"
        directory = int.from_bytes(first[4:8], order)  # type: ignore[arg-type]  # one of its two words
        return kind if 8 <= directory < size else None
    if kind is None:
        return None
    mark, within = _ENDS[kind]
    return kind if mark in last[-within:] else None
