"""Sealing rows, and replacing the keys that seal them and find them."""

from procedures.keys import indexing, rotation, sealing
from procedures.keys.rotation import Progress, silent

__all__ = [
    "Progress",
    "indexing",
    "rotation",
    "sealing",
    "silent",
]
