"""Everything of a customer, gathered into an archive for them."""

from procedures.export.archive import FORMAT, MANIFEST, VERSION
from procedures.export.export import (
    Reader,
    Tell,
    begin,
    destroy_keys,
    discard,
    download,
    expire,
    find,
    finish,
)

__all__ = [
    "FORMAT",
    "MANIFEST",
    "VERSION",
    "Reader",
    "Tell",
    "begin",
    "destroy_keys",
    "discard",
    "download",
    "expire",
    "find",
    "finish",
]
