"""A customer from the archive of another installation."""

from procedures.archives import zip_file
from procedures.archives.arrival import Terms, import_archive, left_out
from procedures.archives.person import remembered, trusted, whose
from procedures.archives.zip_file import Archive

__all__ = [
    "Archive",
    "Terms",
    "import_archive",
    "left_out",
    "remembered",
    "trusted",
    "whose",
    "zip_file",
]
