"""Export archives of everything that is kept about a customer."""

from procedures.export.archive import FORMAT, MANIFEST, VERSION
from procedures.export.export import (
    EXPORTS,
    PAPER_EXPORTS,
    Progress,
    Reader,
    begin,
    begin_on_paper,
    content,
    destroy_keys,
    discard,
    download,
    expire,
    find,
    finish,
    make_again,
)
