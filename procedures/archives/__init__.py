"""Importing a customer from the archive that another installation exported."""

from procedures.archives import zip_file
from procedures.archives.arrival import Terms, import_archive, left_out
from procedures.archives.person import person_of, source_of, trusted
from procedures.archives.zip_file import Archive
