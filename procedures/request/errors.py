"""Why an action on a request did not happen; nothing is changed.

RequestOver        REQUEST_OVER         the request was answered, or taken back
AlreadyExtended    ALREADY_EXTENDED     the answer was put off before, which can be done once
ExtensionTooLate   EXTENSION_TOO_LATE   an answer is put off only within the first month
AlreadyAsked       ALREADY_ASKED        another request about the same field waits
SealedOnly         SEALED_ONLY          a request about a health record has to be submitted sealed
"""

from procedures.errors import Conflict


class RequestOver(Conflict):
    """The request was answered or taken back."""

    code = "REQUEST_OVER"
    message = "This request is over; nothing changes. What is not settled is asked for anew."


class AlreadyExtended(Conflict):
    """The answer was put off before, which can be done once."""

    code = "ALREADY_EXTENDED"
    message = "This request was put off before, which can be done once. Decide it."


class ExtensionTooLate(Conflict):
    """The first month, within which an answer can be put off, has passed."""

    code = "EXTENSION_TOO_LATE"
    message = "An answer is put off within the first month, and that has passed. Decide now."


class AlreadyAsked(Conflict):
    """A request for another value of the same field waits for its answer."""

    code = "ALREADY_ASKED"
    message = "A request about this field waits for its answer. Take that one back first."
    field = "field"


class SealedOnly(Conflict):
    """The request is about a health record, and has to be submitted sealed."""

    code = "SEALED_ONLY"
    message = "What is said of health is submitted sealed. Seal it: requestSubmitSealed."
    field = "recordId"
