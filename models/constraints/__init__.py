"""Rules and indexes that the database itself keeps."""

from models.constraints.enforcement import enforce, missing

__all__ = [
    "enforce",
    "missing",
]
