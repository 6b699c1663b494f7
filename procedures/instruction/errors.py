"""Why a right on paper is not recorded, approved or answered; nothing is changed.

AlreadyRestricted    ALREADY_RESTRICTED     the processing is restricted already
NotRestricted        NOT_RESTRICTED         there is no restriction to lift
ProofTooLow          PROOF_TOO_LOW          it is not known surely enough that it was the customer who asked
TooEarly             TOO_EARLY              the customer still has time to contradict
NoVerifiedChannel    NO_VERIFIED_CHANNEL    there is no contact point to which the archive can be sent
AlreadyPutOff        ALREADY_EXTENDED       the deadline was extended before, which can be done once
PutOffTooLate        EXTENSION_TOO_LATE     the deadline is extended only within the first month
NothingToDeliver     NOTHING_TO_DELIVER     it is not answered by an archive, or that was fetched
"""

from procedures.errors import Conflict


class AlreadyRestricted(Conflict):
    """The processing is restricted already."""

    code = "ALREADY_RESTRICTED"
    message = "The processing is restricted already; nothing changes."


class NotRestricted(Conflict):
    """There is no restriction to lift."""

    code = "NOT_RESTRICTED"
    message = "The processing is not restricted; nothing changes."


class ProofTooLow(Conflict):
    """It is not known surely enough that it was the customer who asked."""

    code = "PROOF_TOO_LOW"
    message = (
        "This takes more proof that it was the customer who asked: docs/rights-on-paper.md says how much. "
        "Ask for it, and record it: instructionProve."
    )


class TooEarly(Conflict):
    """The customer still has time to contradict."""

    code = "TOO_EARLY"
    message = "The customer was told, and has three days to contradict. Approve it after that."


class NoVerifiedChannel(Conflict):
    """There is no contact point to which the archive can be sent."""

    code = "NO_VERIFIED_CHANNEL"
    message = (
        "No contact point was verified before the request came, by others than those who record and decide. Verify one and "
        "have the request repeated, or let the customer sign in with you: docs/rights-on-paper.md."
    )


class AlreadyPutOff(Conflict):
    """The deadline was extended before, which can be done once."""

    code = "ALREADY_EXTENDED"
    message = "The deadline was extended before, which can be done once. Decide it."


class PutOffTooLate(Conflict):
    """The first month, within which the deadline can be extended, has passed."""

    code = "EXTENSION_TOO_LATE"
    message = "The deadline is extended within the first month, and that has passed. Decide now."


class NothingToDeliver(Conflict):
    """It is not answered by an archive, it was fetched, or it waits for its approval."""

    code = "NOTHING_TO_DELIVER"
    message = (
        "There is no archive to deliver: it is not answered by one, waits to be approved, or was fetched."
    )
