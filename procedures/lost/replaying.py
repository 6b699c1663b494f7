"""Going through what a restored backup does not know, before anybody is served.

While the vault is sealed only what closes is done, and what is lost is listed; the rest follows when it is open.
"""

from dataclasses import dataclass

from models.database import transaction
from models.event import Event
from procedures import export
from procedures.ledger import Word, lasting, record, words
from procedures.lost.closing import CLOSINGS, end_sessions
from procedures.lost.repeating import REPEATS
from vault import vault

After = lasting.After

for _after, _carried_out in ((After.CLOSED, CLOSINGS), (After.REPEATED, REPEATS)):
    if {event for event, each in lasting.TREATMENTS.items() if each.after is _after} != _carried_out.keys():
        raise RuntimeError(f"what is to be done of an event that {_after} is not what is done")


@dataclass(frozen=True)
class Replayed:
    """How many words a backup did not know, and how many of them wait until the vault is open."""

    lost: int = 0
    left: int = 0


async def replay() -> Replayed:
    """Close, repeat or list what a restored backup does not know; nothing where it knows everything.

    Raises:
        WordsDamaged, WitnessError: the list cannot be read.
        LedgerUnavailable: it cannot be recorded.
    """
    await words.finish()
    lost = _latest(await words.read())
    if not lost:
        return Replayed()
    waiting = [word for word in lost if not await _attend(word)]
    async with transaction():
        await end_sessions()
        if not vault.reason():
            await export.make_again()
        record(Event.WORD_REPLAYED, None, lost=len(lost), left=len(waiting))
    return Replayed(len(lost), len(waiting))


def _latest(said: list[Word]) -> list[Word]:
    """Of what is lost, the last word about each thing, unless the ledger has a later one about it."""
    done = [place for place, word in enumerate(said) if _ends(word)]
    latest: dict[str, tuple[int, int, Word]] = {}
    again = 0
    for word in said[done[-1] + 1 if done else 0 :]:
        # Several processes write: of one ledger the numbers say the order, and each backup brought back began another.
        again += word.event is Event.WORD_REPLAYED
        before = latest.get(word.subject, (-1, -1, word))
        if word.known or before[2].known or before[:2] <= (again, word.number):
            latest[word.subject] = (again, word.number, word)
    return [word for _, _, word in latest.values() if not word.known and not _marks(word)]


def _ends(word: Word) -> bool:
    """Whether everything before it in the list is done."""
    return word.known and word.event is Event.WORD_REPLAYED and not word.data["left"]


def _marks(word: Word) -> bool:
    return word.event in (Event.WORD_REPLAYED, Event.WORD_NOTIFIED)


async def _attend(word: Word) -> bool:
    """Do what has to be done about a word; False where that waits until the vault is open."""
    after = word.treatment.after
    if after is After.REPEATED and vault.reason():
        return False
    async with transaction():
        if after is After.CLOSED:
            await CLOSINGS[word.event](word)
        elif after is After.LISTED or (after is After.REPEATED and not await REPEATS[word.event](word)):
            _list(word)
    return True


def _list(word: Word) -> None:
    event = Event(word.data["word"]) if word.event is Event.WORD_LOST else word.event
    record(Event.WORD_LOST, None, word=event, subject=word.subject, customer=word.customer_id)
