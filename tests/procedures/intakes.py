"""What visitors enter, and what comes of it."""

import json
import re
from collections.abc import Awaitable
from typing import Any

import pytest

from models import (
    PERSONAL,
    AddressKind,
    Category,
    ContactKind,
    Customer,
    Intake,
    IntakeConsent,
    IntakeContent,
    IntakeRow,
    LedgerEntry,
    Message,
    Purpose,
    opened,
)
from models.errors import ProcedureError
from policies.actor import Actor
from procedures.access import Throttle
from procedures.intake import intake
from tests.procedures import records
from tests.procedures.records import Clock

KEY, OTHER = "k" * 22, "o" * 22
PASSWORD = "correct horse battery"
HERE = "192.0.2.1"
ALL = (Category.IDENTITY, Category.CONTACT_POINT, Category.POSTAL_ADDRESS, Category.PERSONAL_CODE)


def point(kind: ContactKind, value: str) -> IntakeRow:
    return IntakeRow(Category.CONTACT_POINT, {"kind": kind, "value": value})


def address(kind: AddressKind, **parts: str) -> IntakeRow:
    empty = dict.fromkeys(("street", "city", "region", "postal_code", "country"))
    return IntakeRow(Category.POSTAL_ADDRESS, {"kind": kind, **empty, **parts})


def personal_code(code: str, country: str) -> IntakeRow:
    return IntakeRow(Category.PERSONAL_CODE, {"code": code, "country": country})


def names(given_name: str | None = None, family_name: str | None = None) -> IntakeRow:
    return IntakeRow(Category.IDENTITY, {"given_name": given_name, "family_name": family_name})


FRESH = {
    Category.IDENTITY: [names(" Ona ", "Petraitė")],
    Category.CONTACT_POINT: [
        point(ContactKind.EMAIL, "Ona@Example.org"),
        point(ContactKind.PHONE, "+370 600 00000"),
    ],
    Category.POSTAL_ADDRESS: [
        address(AddressKind.HOME, street="Pilies g. 1", city="Vilnius", postal_code="01123", country="lt")
    ],
    Category.PERSONAL_CODE: [personal_code("38703181745", "lt")],
}


async def given(
    *categories: Category, rows: list[IntakeRow] | None = None, purpose: Purpose = Purpose.SUPPORT
) -> IntakeContent:
    """What somebody enters, with consents to some categories, by default to all of them.

    Args:
        *categories: those consented to.
        rows: what is entered in the place of the rows of their categories.
        purpose: of the consents; staff record those for verification.
    """
    notice = await records.notice(purpose)
    consents = tuple(IntakeConsent(each, purpose, str(notice.id)) for each in categories or ALL)
    other = {row.category for row in rows or []}
    fresh = [row for category, some in FRESH.items() if category not in other for row in some]
    return IntakeContent(consents, (*fresh, *(rows or [])))


def visitor(clock: Clock | None = None) -> Actor:
    return Actor(clock=clock or Clock())


async def begun(
    content: IntakeContent | None = None, key: str = KEY, clock: Clock | None = None, **more: Any
) -> Intake:
    shared = {"by": visitor(clock), "address": HERE, "throttle": Throttle()}
    return await intake.begin(key, content or await given(), **{**shared, **more})


async def confirmed(code: str, key: str = KEY, clock: Clock | None = None, **more: Any) -> Customer:
    shared = {"attested": True, "by": visitor(clock), "address": HERE, "throttle": Throttle()}
    return await intake.confirm(key, code, PASSWORD, **{**shared, **more})


async def code() -> str:
    """The code of the latest message, which its reader would see."""
    latest = await Message.all().order_by("-queued_at").first()
    assert latest is not None
    found = re.search(r"\d{6}", (await opened(latest)).text)
    assert found
    return found[0]


async def error_of(work: Awaitable[object]) -> str:
    with pytest.raises(ProcedureError) as caught:
        await work
    return caught.value.code


async def kept() -> int:
    """How many rows of anybody's there are."""
    return sum([await model.all().count() for model in PERSONAL.values()], await Customer.all().count())


async def events() -> list[str]:
    """What was recorded since the database was made and opened for the first time."""
    told = [json.loads(bytes(each.entry))["event"] for each in await LedgerEntry.all().order_by("number")]
    return told[told.index("epoch.begun") + 1 :]
