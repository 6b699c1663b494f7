"""What customers can tell of themselves, kind by kind: each value checked, and in its one spelling."""

import re
from dataclasses import asdict
from typing import Final

from models import (
    AddressContent,
    AddressKind,
    ContactChannel,
    ContactKind,
    ContactPoint,
    Identity,
    PostalAddress,
    Preference,
)
from policies.registry import camel
from procedures.errors import Unfit
from procedures.own.own_change import Wanted
from procedures.values import checks

_HOURS: Final = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]-(?:[01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)
#: Messages a month that anybody may wish for.
_MOST_MESSAGES: Final = 100


def contact_point(kind: ContactKind, value: str) -> Wanted:
    """A way to reach the customer; raises Unfit."""
    return Wanted(ContactPoint, {"value": checks.contact(kind, value, "value")}, {"kind": kind})


def postal_address(kind: AddressKind, given: AddressContent) -> Wanted:
    """A whole postal address: a part that is not given is empty; raises Unfit."""
    return Wanted(PostalAddress, asdict(checks.address(given)), {"kind": kind})


def identity(given_name: str | None, family_name: str | None) -> Wanted:
    """The customer's names; one that is not given is empty; raises Unfit."""
    names = {"given_name": given_name, "family_name": family_name}
    if not any(names.values()):
        raise Unfit("A name is missing. Enter one.", "familyName")
    checked = {name: checks.name(text, camel(name)) if text else None for name, text in names.items()}
    return Wanted(Identity, checked)


def preference(channel: ContactChannel, topic: str, monthly_limit: int, hours: str | None) -> Wanted:
    """A wish to hear of something; raises Unfit."""
    if not 0 <= monthly_limit <= _MOST_MESSAGES:
        raise Unfit(f"Wish for at most {_MOST_MESSAGES} messages a month.", "monthlyLimit")
    if hours is not None and not _HOURS.fullmatch(hours):
        raise Unfit("These are no hours of the day. Write them as 09:00-17:00.", "hours")
    words = {"topic": checks.name(topic, "topic", 100), "monthly_limit": monthly_limit, "hours": hours}
    return Wanted(Preference, words, {"channel": channel})
