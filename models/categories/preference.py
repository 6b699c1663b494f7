"""What a customer wants to hear about."""

import re
from typing import Final

from models.base import Choice
from models.declaration import Personal, plain, sealed
from models.errors import Unfit
from models.values import named, whole

_HOURS: Final = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]-(?:[01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)


class ContactChannel(Choice):
    """A channel a customer may wish to be addressed by."""

    EMAIL = "EMAIL", "By e-mail."
    PHONE = "PHONE", "By telephone."
    POST = "POST", "By post."


def _hours(text: str, field: str) -> str:
    if not _HOURS.fullmatch(text):
        raise Unfit("These are no hours of the day. Write them as 09:00-17:00.", field)
    return text


class Preference(
    Personal,
    table="preferences",
    written_by_customers=True,
    term="pd:Preference",
    words={"lt": "pageidavimai"},
):
    """One wish of a customer; without a wish there is silence."""

    channel: ContactChannel = plain("By which channel.")
    topic: str = sealed("About what.", named(100))
    monthly_limit: int = sealed("How many messages a month at most.", whole(0, 100))
    hours: str | None = sealed("At what hours of the day, e.g. 09:00-17:00.", _hours)
