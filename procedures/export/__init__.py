"""Export archives of everything that is kept about a customer."""

from procedures.export.archive import FORMAT, MANIFEST, VERSION
from procedures.export.export import (
    EXPORTS,
    Progress,
    Reader,
    begin,
    destroy_keys,
    discard,
    download,
    expire,
    find,
    finish,
)
