"""Privacy officers are told of an account at the desk that looks up conspicuously much, by mail where there is a mail server."""

from models import DeskLookup
from models.event import Event
from procedures import officers

#: The name of the job.
JOB = "desk look-ups"

_SUBJECT = "Savas: an account at the desk looks up too much"
_TEXT = (
    "An account at the front desk has looked up conspicuously much in a day: many people, or many whom it did not find. "
    "Beyond its limit further look-ups are refused.\n\n"
    "Ask for `deskLookups` to see whose account it is and how it looked: docs/front-desk.md.\n"
)


async def tell() -> None:
    """Mail each alarm that nobody was told of yet to whoever may see it.

    Raises:
        MailError: the server does not take a mail; all of them about that alarm are sent again then.
    """
    await officers.mail_alarms(DeskLookup, _SUBJECT, _TEXT, Event.DESK_LOOKUP_NOTIFIED)
