"""Recognising the customers whom the rows of an import are about."""

from procedures.recognition.recognition import (
    WITHDRAWN,
    Match,
    Names,
    People,
    names_of,
    readable,
    sharing,
    spelling,
)
