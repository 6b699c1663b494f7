"""Privacy notices, and who is responsible for the data."""

from procedures.notice import controller
from procedures.notice.controller import Authority, Controller
from procedures.notice.notice import (
    Named,
    add,
    difference,
    digest_of,
    find,
    install,
    listed,
    missing,
    ship,
    shipped,
    without_text,
)
