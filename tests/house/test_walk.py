"""How far the withdrawal of one consent goes: the files that whoever follows it reads, in order.

Counted is each time that control enters a file of `schema/` or `procedures/` from another file of these: by a call, by
awaiting what was begun elsewhere, or by a callback. Returning to the caller is no entry, nor is going on after a wait.
The other rooms are passed over: the policies answer one question, and records, transactions, keys and the vault are what
every procedure stands on.

The walk begins with the mutation's resolver and ends with the append to the ledger. What is done once that is committed
(the list of erasures, the destruction of keys) and the answer are not part of it.
"""

import gc
import json
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from types import FrameType
from typing import Any, Final

import pytest

import models
from models.database import transaction
from procedures import export
from procedures.message import outbox
from procedures.notice import controller
from schema.reading import encode
from tests.house import tree
from tests.people import Office, Someone

WITHDRAW: Final = """mutation ($id: ID!) {
  consentWithdraw(input: {consentId: $id}) { erasedRows userErrors { code } } }"""
ROOMS: Final = ("schema/", "procedures/")
RESOLVER: Final = "schema/consent.py"
LEDGER: Final = "procedures/ledger/ledger.py"
#: What goes along with an erasure and is kept elsewhere: entered by the list of subscribers, each once.
SUBSCRIBERS: Final = (
    "procedures/suppression/found_by.py",
    "procedures/export/export.py",
    "procedures/task/request_task.py",
    "procedures/message/outbox.py",
    "procedures/erasure/obligation.py",
)
#: The files between the resolver's own and the ledger's, but for the subscribers.
MOST: Final = 10
FIRST, LAST = (RESOLVER, "consent_withdraw"), ("models/ledger/ledger.py", "append")


@dataclass
class Walk:
    """The files that were entered between the resolver and the append, each as often as it was.

    Attributes:
        files: in order.
        noted: how many entries the transaction has left.
    """

    files: list[str] = field(default_factory=list)
    noted: int = 0
    _under_way: bool = False
    _frames: set[FrameType] = field(default_factory=set)

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Note what this thread enters meanwhile."""
        # Collecting a generator that another test left unfinished enters its file, whenever that happens to be.
        gc.disable()
        sys.setprofile(self._event)
        try:
            yield
        finally:
            sys.setprofile(None)
            gc.enable()

    def _event(self, frame: FrameType, event: str, _: Any) -> None:
        # A coroutine that goes on after a wait has the frame in which it began.
        if event != "call" or frame in self._frames or not (file := _file(frame)):
            return
        self._frames.add(frame)
        place = file, frame.f_code.co_name
        if place in (FIRST, LAST):
            # The first append is the withdrawal's; later ones tell of what followed it.
            self._under_way = place == FIRST
        if self._under_way and file.startswith(ROOMS) and file != _caller(frame):
            self.files.append(file)


def _file(frame: FrameType) -> str:
    """The file of the project that a frame is of; empty if it is of none."""
    root = f"{tree.ROOT}/"
    name = frame.f_code.co_filename
    return name.removeprefix(root) if name.startswith(root) else ""


def _caller(frame: FrameType) -> str:
    """The file of the two rooms that is at work behind a frame."""
    back = frame.f_back
    while back is not None and not _file(back).startswith(ROOMS):
        back = back.f_back
    return _file(back) if back is not None else ""


@pytest.fixture
async def herself(office: Office) -> Someone:
    """A customer who consents to one category, signed in."""
    customer = await office.customer([("contact_point", "support")])
    return await office.session(await office.himself(customer))


async def burden(office: Office, herself: Someone) -> None:
    """Leave something for each of the subscribers."""
    row = await models.ContactPoint.get().prefetch_related("customer")
    customer = row.customer
    await export.begin(customer.id, by=herself.actor)
    task = await office.task(None, customer, "support")
    await models.Request.create(
        customer_id=customer.id,
        kind=models.RequestKind.RECTIFICATION,
        category="contact_point",
        record_id=row.id,
        record_revision=row.revision,
        content=models.RequestContent("value", "rasa@example.org", "A slip."),
        received_at=office.now,
        due_at=office.now + timedelta(days=31),
        task_id=task.id,
    )
    async with transaction():
        await outbox.queue(customer.id, models.Template.CONTACT_CODE, code="314159", until="noon")
    partner = await office.partner()
    agreement = await office.agreement(partner, "support", "contact_point.value")
    client = await office.partner_client(partner, "support")
    await office.task(client, customer, "support", agreement=agreement)


async def walked(herself: Someone) -> Walk:
    """The walk of a customer who withdraws the only consent."""
    consent, size = await models.Consent.get(), await models.LedgerEntry.all().count()
    # The file that says who is responsible is read once in a process.
    controller.current()
    walk = Walk()
    with walk.watched():
        answer = await herself.asks(WITHDRAW, id=encode("Consent", consent.id))
    assert answer.data == {"consentWithdraw": {"erasedRows": 1, "userErrors": []}}
    fresh = await models.LedgerEntry.filter(number__gte=size).order_by("number")
    # The last one before the commit is that of the receipt.
    walk.noted = [json.loads(bytes(each.entry))["event"] for each in fresh].index("receipt.made") + 1
    return walk


def between(walk: Walk) -> list[str]:
    """The files that a walk meets after the resolver's and before the ledger's, each once."""
    return [file for file in dict.fromkeys(walk.files) if file not in (RESOLVER, LEDGER)]


def again(walk: Walk) -> dict[str, int]:
    """The files that a walk enters more than once, and how often."""
    return {file: often for file, often in Counter(walk.files).items() if often > 1}


async def test_withdrawing_passes_few_files(herself: Someone) -> None:
    walk = await walked(herself)

    assert [file for file in between(walk) if file in SUBSCRIBERS] == list(SUBSCRIBERS)
    assert len(between(walk)) == MOST + len(SUBSCRIBERS), between(walk)


async def test_withdrawing_enters_no_file_again_but_the_ledgers(herself: Someone) -> None:
    """Each entry is noted where the change is made, so that neither can be forgotten; all are appended by one call."""
    walk = await walked(herself)

    assert again(walk) == {LEDGER: walk.noted + 1}


async def test_what_the_subscribers_find_makes_the_way_no_longer(office: Office, herself: Someone) -> None:
    await burden(office, herself)

    walk = await walked(herself)

    # The request's task is closed by the file of tasks, in the package of the subscriber.
    assert len(between(walk)) == MOST + len(SUBSCRIBERS) + 1, between(walk)
    assert again(walk) == {LEDGER: walk.noted + 1}
