"""Privacy officers are told of an account that misses too much, by mail where there is a mail server."""

from models import MissedLookup
from models.event import Event
from procedures import officers

#: The name of the job.
JOB = "look-ups"

_SUBJECT = "Savas: an account looks up too much that is not found"
_TEXT = (
    "An account has looked up more records in a day than usual that are not there, or that it may not see. Further "
    "look-ups by it are refused for a time, longer with each one that finds nothing.\n\n"
    "Ask for `missedLookups` to see whose account it is and how it looked: docs/privacy-officer.md.\n"
)


async def tell() -> None:
    """Mail each alarm that nobody was told of yet to whoever may see it.

    Raises:
        MailError: the server does not take a mail; all of them about that alarm are sent again then.
    """
    await officers.mail_alarms(MissedLookup, _SUBJECT, _TEXT, Event.LOOKUP_NOTIFIED)
