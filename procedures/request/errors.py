"""Why nothing came of what was to be done about a request; nothing is changed.

RequestOver        REQUEST_OVER         answered, or taken back
AlreadyExtended    ALREADY_EXTENDED     an answer is put off once
ExtensionTooLate   EXTENSION_TOO_LATE   and within the first month
AlreadyAsked       ALREADY_ASKED        something else is asked for the same field
SealedOnly         SEALED_ONLY          what is said of health travels sealed
AuthorityUnknown   CONTROLLER_MISSING   nothing says with whom to complain
"""

from procedures.errors import Conflict


class RequestOver(Conflict):
    """The request was answered or taken back."""

    def __init__(self) -> None:
        super().__init__(
            "REQUEST_OVER", "This request is over; nothing changes. What is not settled is asked for anew."
        )


class AlreadyExtended(Conflict):
    """The answer was put off before, and that can be done once."""

    def __init__(self) -> None:
        super().__init__(
            "ALREADY_EXTENDED", "This request was put off before, which can be done once. Decide it."
        )


class ExtensionTooLate(Conflict):
    """The first month has passed."""

    def __init__(self) -> None:
        super().__init__(
            "EXTENSION_TOO_LATE",
            "An answer is put off within the first month, and that has passed. Decide now.",
        )


class AlreadyAsked(Conflict):
    """A request about the same field waits, and wants something else."""

    def __init__(self) -> None:
        super().__init__(
            "ALREADY_ASKED",
            "A request about this field waits for its answer. Take that one back first.",
            "field",
        )


class SealedOnly(Conflict):
    """What is said of somebody's health travels sealed."""

    def __init__(self) -> None:
        super().__init__(
            "SEALED_ONLY",
            "What is said of health is submitted sealed. Seal it: requestSubmitSealed.",
            "recordId",
        )


class AuthorityUnknown(Conflict):
    """Nothing says with whom the customer can complain, and a refusal tells that."""

    def __init__(self) -> None:
        super().__init__(
            "CONTROLLER_MISSING",
            "A refusal tells with whom to complain, and nothing here says so. Ask the operator to name the controller.",
        )
