"""Preferences: which messages a customer wants."""

import re
from typing import Final

from models.base import Choice
from models.declaration import Personal, plain, sealed
from models.errors import Unfit
from models.values import named, whole

_HOURS: Final = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]-(?:[01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)


class ContactChannel(Choice):
    """The channel on which a customer wants messages."""

    EMAIL = "EMAIL", "E-mail."
    PHONE = "PHONE", "Telephone."
    POST = "POST", "Post."


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
    """A preference of a customer: messages on one topic by one channel. A customer without preferences wants none."""

    channel: ContactChannel = plain("The channel.")
    topic: str = sealed("The topic.", named(100))
    monthly_limit: int = sealed("The greatest number of messages a month.", whole(0, 100))
    hours: str | None = sealed(
        "The hours of the day at which messages are wanted, such as 09:00-17:00; null for any.", _hours
    )
