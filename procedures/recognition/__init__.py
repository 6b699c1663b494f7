"""Recognising the customers whom the rows of an import, or what staff take in, are about."""

from procedures.recognition.recognition import (
    WITHDRAWN,
    Match,
    Names,
    People,
    is_here,
    names_of,
    readable,
    sharing,
    spelling,
)
