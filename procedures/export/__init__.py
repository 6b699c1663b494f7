"""Everything of a customer, gathered into an archive for them."""

from procedures.export.archive import FORMAT, MANIFEST, VERSION
from procedures.export.export import Tell, begin, destroy_keys, discard, download, expire, find, made

__all__ = [
    "FORMAT",
    "MANIFEST",
    "VERSION",
    "Tell",
    "begin",
    "destroy_keys",
    "discard",
    "download",
    "expire",
    "find",
    "made",
]
