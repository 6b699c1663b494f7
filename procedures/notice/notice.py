"""Privacy notices: the texts that a customer is shown before consenting; installed once, never edited.

Those that come with Savas lie in `notices/`, one text for each purpose and language, with the controller's name and
the like left open in braces.
"""

import difflib
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID, uuid4

from models import Employee, Notice, Purpose
from models.database import transaction
from models.errors import Unfit
from models.event import Event
from models.values import impersonal, line, storable
from policies.actor import Actor, utc_now
from policies.decide import require
from policies.policy import in_force
from procedures.errors import NoticeDiffers, found
from procedures.ledger import record
from procedures.notice.controller import Controller

SHIPPED: Final = Path(__file__).with_name("notices")
#: The longest notice, in characters.
LONGEST: Final = 50_000
_NOBODY = UUID(int=0)


@dataclass(frozen=True)
class Named:
    """A notice by its name: a purpose, a language such as `lt`, and a version."""

    purpose: Purpose
    language: str
    version: str


async def add(purpose: Purpose, language: str, version: str, text: str, *, by: Actor) -> Notice:
    """Install a notice; the same one again changes nothing.

    Raises:
        Refused: the actor may not install notices.
        NoticeDiffers: another text has this name.
        Unfit: the text or a part of the name cannot be used.
    """
    employee = await Employee.get_or_none(actor_id=by.actor_id) if by.actor_id else None
    async with transaction():
        await require(by, "add_notice", "Employee", employee.id if employee else _NOBODY)
        return await _install(Named(purpose, language, version), text, by, by.now)


async def install(named: Named, text: str, *, now: datetime | None = None) -> Notice:
    """Install a notice for the operator of this machine; the same one again changes nothing.

    Raises:
        NoticeDiffers, Unfit: as for `add`.
    """
    async with transaction():
        return await _install(named, text, None, now or utc_now())


async def ship(controller: Controller, version: str = "1") -> list[Notice]:
    """Install the notices that come with Savas, filled in for a controller; all of them, or none.

    Raises:
        NoticeDiffers: another text has one of their names: choose another version.
    """
    now = utc_now()
    async with transaction():
        return [
            await _install(Named(purpose, language, version), text, None, now)
            for (purpose, language), text in shipped(controller).items()
            if purpose in in_force().purposes
        ]


def shipped(controller: Controller) -> dict[tuple[Purpose, str], str]:
    """The texts that come with Savas by purpose and language, filled in for a controller."""
    blanks = {
        "name": controller.name,
        "address": controller.address,
        "contact": controller.contact,
        "retention": controller.retention,
        "rights": controller.rights,
        "storage_locations": ", ".join(controller.storage_locations),
        "processing_locations": ", ".join(controller.processing_locations),
        "recipients": "; ".join(controller.recipients) or "-",
        "authority": f"{controller.authority.name}, {controller.authority.contact}",
    }
    return {
        (purpose, language): _file(purpose, language).read_text("utf-8").format(**blanks)
        for purpose in Purpose
        for language in languages()
        if _file(purpose, language).exists()
    }


def _file(purpose: Purpose, language: str) -> Path:
    return SHIPPED / language / f"{purpose.value}.md"


def without_text(purposes: Iterable[Purpose]) -> list[Purpose]:
    """Of the given purposes, those for which no text comes with Savas."""
    return [each for each in purposes if not any(_file(each, language).exists() for language in languages())]


async def missing(purposes: Iterable[Purpose]) -> list[Purpose]:
    """Of the given purposes, those without an installed notice, so that nobody can consent to them."""
    return [each for each in purposes if not await Notice.exists(purpose=each)]


def languages() -> list[str]:
    """The languages of the notices that come with Savas."""
    return sorted(path.name for path in SHIPPED.iterdir())


async def listed() -> list[Notice]:
    """Every notice, by purpose, language and age."""
    return await Notice.all().order_by("purpose", "language", "created_at", "version")


async def find(named: Named) -> Notice:
    """A notice by its name; raises NotFound where there is none."""
    notice = await Notice.get_or_none(purpose=named.purpose, language=named.language, version=named.version)
    return found(notice, "notice", "version")


def difference(old: Iterable[str], new: Iterable[str], before: str, now: str) -> str:
    """What changed from one text to another, as a unified diff; empty when nothing did.

    Args:
        old: the lines of the one text.
        new: the lines of the other.
        before: what to call the one.
        now: what to call the other.
    """
    return "\n".join(difflib.unified_diff(list(old), list(new), before, now, lineterm=""))


def digest_of(text: str) -> str:
    """The SHA-256 of a notice's text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


async def _install(named: Named, text: str, by: Actor | None, now: datetime) -> Notice:
    language = line(named.language, "language", 10)
    version = impersonal(named.version, "version", 20)
    if not text.strip():
        raise Unfit("The notice is empty. Customers must be told something.", "text")
    if len(text) > LONGEST or not all(storable(each) for each in text.replace("\t", " ").splitlines()):
        raise Unfit(f"The notice is no plain text of at most {LONGEST} characters.", "text")
    existing = await Notice.get_or_none(purpose=named.purpose, language=language, version=version)
    if existing is not None:
        if existing.digest != digest_of(text):
            raise NoticeDiffers
        return existing
    notice = await Notice.create(
        id=uuid4(), purpose=named.purpose, language=language, version=version, text=text,
        digest=digest_of(text), created_at=now,
    )  # fmt: skip
    record(Event.NOTICE_ADDED, by, notice=notice.id, purpose=notice.purpose)
    return notice
