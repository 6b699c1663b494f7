"""What must hold whatever is done, kept beside the program in plain Python: it asks none of the program's own decisions.

People, not records: who said no to what, who left, what was erased and for which reason, what others did. A no is a
person's whatever record it was said in; only that person takes it back.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.schema.verdict_cases import HERSELF
from tests.sequences.machine import Machine
from tests.sequences.seen import Row, Seen, Word
from tests.sequences.stage import Act
from tests.sequences.town import PERSONS, person

#: A person, a category and a purpose.
Key = tuple[int, str, str]
ENDED = {"REFUSED", "WITHDRAWN", "REVOKED", "INVALIDATED", "EXPIRED"}
NOBODYS = {"the clock", "the worker", "the operator", "an import", "nobody", "a stranger"}
#: By which own words of the customer rows go.
OWN_ENDS = {
    "consentWithdraw", "consentsWithdraw", "consentObject", "consentContradict", "withdrawalBegin",
}  # fmt: skip
OWN_REMOVALS = {
    "contactPointRemove", "postalAddressRemove", "preferenceRemove", "dictationContradict",
}  # fmt: skip


@dataclass
class Judge:
    """What is known of everybody's word.

    Attributes:
        of: by the id of a customer, the person.
        noes: the noes that stand, and how each came to be.
        over: whose whole category ended, so that no import begins it for another purpose.
        left: the people who left, and whether they wish to be left alone.
        erased: the rows that went for a reason.
        readings: by customer, how often others read or found them.
        recorded: by instruction, who recorded it, and when.
    """

    machine: Machine
    of: dict[str, int]
    noes: dict[Key, str] = field(default_factory=dict)
    over: set[tuple[int, str]] = field(default_factory=set)
    left: dict[int, bool] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)
    readings: dict[str, int] = field(default_factory=dict)
    recorded: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    _kept: tuple[dict[str, int], dict[int, bool]] = field(default_factory=lambda: ({}, {}))

    def judged(self, act: Act, before: Seen, after: Seen) -> list[str]:
        """What a step did that must not be."""
        self._meet(act, before, after)
        if act.what == "backup":
            self._kept = dict(self.readings), dict(self.left)
        if act.what == "restore" and act.done:
            # What was read since is forgotten with the backup; that somebody said no, or left, is not.
            self.readings, self.left = dict(self._kept[0]), self._kept[1] | self.left
        found = [*self._came(act, before, after)]
        self._hear(act, before)
        found += [
            *self._lifted(act, before, after),
            *self._gone(act, before, after),
            *self._untold(act, before, after),
        ]
        self._note(before, after)
        found += self._standing(after)
        if act.what == "withdrawalBegin" and act.done:
            self._leaves(act.about, wished=bool(act.given.get("suppress")))
        return found

    def key(self, word: Word) -> Key:
        """Whose word it is, and about what."""
        return self.of[word.customer], word.category, word.purpose

    def akin(self, number: int) -> list[int]:
        """Those who share an address with a person, with that person."""
        mine = {person(number).email, person(number).phone}
        return [each for each in range(PERSONS) if mine & {person(each).email, person(each).phone}]

    def _meet(self, act: Act, before: Seen, after: Seen) -> None:
        for customer in after.customers.keys() - before.customers.keys():
            self.of.setdefault(customer, act.about)
        for customer in before.customers.keys() - after.customers.keys():
            self.of.pop(customer, None)
        for id in after.things.keys() - before.things.keys():
            if after.things[id].kind == "instruction":
                self.recorded.setdefault(id, (act.by, self.machine.shown))

    def _came(self, act: Act, before: Seen, after: Seen) -> Iterator[str]:
        """Who left comes back by their own word alone; whoever wished to be left alone by no other way."""
        for customer in _known(after) - _known(before):
            number = self.of[customer]
            if act.speaks == number:
                self.left.pop(number, None)
            elif number in self.left and (act.by == "an import" or self.left[number]):
                yield f"person {number}, who left, was brought back"

    def _hear(self, act: Act, before: Seen) -> None:
        """A no that the customer says."""
        if not act.done or act.speaks is None or act.by != HERSELF:
            return
        if act.what == "consentObject":
            words = {
                (act.about, each.category, act.given["purpose"].lower()) for each in before.consents.values()
            }
            self.noes |= dict.fromkeys(words, "objected")
        if act.what == "consentsWithdraw":
            chosen = [each for each in self._own(act, before) if each.permits and _selected(act, each)]
            self.noes |= {self.key(each): "withdrawn" for each in chosen}

    def _own(self, act: Act, seen: Seen) -> list[Word]:
        return [each for each in seen.consents.values() if self.of.get(each.customer) == act.about]

    def _lifted(self, act: Act, before: Seen, after: Seen) -> Iterator[str]:
        """Yeses that came about over a no, or were prolonged, by others than whose word it is."""
        for id, word in after.consents.items():
            old, key = before.consents.get(id), self.key(word)
            prolonged = old is not None and old.permits and word.expires > old.expires
            if not word.permits or (old is not None and old.permits and not prolonged):
                continue
            if act.speaks == key[0]:
                self.noes.pop(key, None)
                self.over.discard(key[:2])
                continue
            if prolonged and act.what != "restore":
                yield f"the yes of {key} was prolonged"
            if key in self.noes and act.what != "restore":
                yield f"the no of {key}, {self.noes[key]}, was lifted"
            yield from self._imported(act, key)

    def _imported(self, act: Act, key: Key) -> Iterator[str]:
        if act.by != "an import":
            return
        if key[:2] in self.over:
            yield f"an import began {key} although all consent to the category had ended"
        for other in self.akin(key[0]) if act.given["row"].phone else [key[0]]:
            if (other, *key[1:]) in self.noes:
                yield f"an import began {key} although person {other} of the same address had said no"

    def _note(self, before: Seen, after: Seen) -> None:
        """Noes that were recorded, and consents that ran out."""
        now = min(self.machine.true, self.machine.shown)
        for id, word in after.consents.items():
            old, key = before.consents.get(id), self.key(word)
            ended = word.state in ENDED and (old is None or old.state != word.state)
            if ended or (word.permits and word.expires <= now):
                self.noes.setdefault(key, word.state.lower())
            if ended and word.state != "REFUSED" and not after.permitting(word.customer, word.category):
                self.over.add(key[:2])

    def _standing(self, after: Seen) -> Iterator[str]:
        """A yes beside a no, wherever it came from."""
        now = max(self.machine.true, self.machine.shown)
        for word in after.consents.values():
            key = self.key(word)
            if word.permits and word.expires > now and key in self.noes and not self._elsewhere(word, after):
                yield f"a yes stands beside the no of {key}, {self.noes[key]}"

    def _elsewhere(self, word: Word, after: Seen) -> bool:
        """Whether the person has said something since in another record."""
        mine = [each for each in after.customers if self.of.get(each) == self.of[word.customer]]
        return len(mine) > 1

    def _gone(self, act: Act, before: Seen, after: Seen) -> Iterator[str]:
        """Rows that went without a reason, or although another consent stands."""
        for id in before.rows.keys() - after.rows.keys():
            row = before.rows[id]
            why = self._why(act, row, before, after)
            if act.what == "restore":
                continue
            if why is None:
                yield f"a row of {row.category} of person {self.of.get(row.customer)} went for no reason"
            elif why == "ended" and self._stands(row, before, after):
                yield f"a row of {row.category} of person {self.of.get(row.customer)} went although a consent stands"
            if why in ("ended", "left"):
                self.erased.add(id)
        for id in self.erased & after.rows.keys():
            yield f"an erased row of {after.rows[id].category} is there again"

    def _why(self, act: Act, row: Row, before: Seen, after: Seen) -> str | None:
        owner = self.of.get(row.customer)
        if act.done and act.speaks == owner and act.by == HERSELF:
            if act.what in OWN_REMOVALS:
                return "removed"
            return ("left" if act.what == "withdrawalBegin" else "ended") if act.what in OWN_ENDS else None
        if act.what == "instructionApprove" and act.done and self._second(act, row.customer, before):
            return self._approved(act, row.customer, after)
        if act.what in ("chores", "restart", "backup") and self._ran_out(row, before):
            return "ended"
        updated = act.what == "file" and act.given.get("update") and row.source == "shop"
        return "updated" if updated and act.about == owner else None

    def _second(self, act: Act, customer: str, before: Seen) -> bool:
        """Whether an instruction waited about a customer which somebody else had recorded than who decides now."""
        waiting = [id for id, thing in before.things.items()
                   if (thing.kind, thing.customer, thing.state) == ("instruction", customer, "WAITING")]  # fmt: skip
        return any(self.recorded[id][0] != act.by for id in waiting)

    def _approved(self, act: Act, customer: str, after: Seen) -> str | None:
        """Who leaves has had three days to say that they do not."""
        if after.customers[customer][0] != "WITHDRAWN":
            return "ended"
        self._leaves(act.about, wished=False)
        since = [at for of, at in self.recorded.values() if self.machine.shown - at > timedelta(days=3)]
        return "left" if since else None

    def _ran_out(self, row: Row, before: Seen) -> bool:
        """Whether each consent to the category is over in truth, but for as long as the clock was ahead unnoticed."""
        late = self.machine.true + self.machine.ahead + timedelta(hours=1)
        return all(each.expires <= late for each in before.permitting(row.customer, row.category))

    def _stands(self, row: Row, before: Seen, after: Seen) -> bool:
        late = max(self.machine.true, self.machine.shown) + timedelta(hours=2)
        return any(each.expires > late for each in after.permitting(row.customer, row.category))

    def _leaves(self, number: int, *, wished: bool) -> None:
        self.left[number] = self.left.get(number, False) or wished
        self.noes = {key: why for key, why in self.noes.items() if key[0] != number}
        self.over = {each for each in self.over if each[0] != number}

    def _untold(self, act: Act, before: Seen, after: Seen) -> Iterator[str]:
        """What others did, and the customer was not told."""
        if not act.done or act.by in NOBODYS:
            return
        self._looked(act, before, after)
        told: dict[str, set[str]] = {}
        for id in after.messages.keys() - before.messages.keys():
            told.setdefault(after.messages[id].customer, set()).add(after.messages[id].channel)
        for customer, what in _changes(before, after):
            number, own = self.of[customer], act.by == HERSELF and self.of[customer] == act.about
            if own or after.customers[customer][0] != "ACTIVE":
                continue
            if customer not in told:
                yield f"person {number} was not told: {what}"
            elif self._reached(customer, before, after) and told[customer] == {"ACCOUNT"}:
                yield f"person {number} is reached, and was told in the account alone: {what}"

    def _looked(self, act: Act, before: Seen, after: Seen) -> None:
        """Count who was read, or found at the desk."""
        if act.what == "look":
            self._read(act.given["customer"])
        if act.what == "deskLookupMake":
            for id in after.things.keys() - before.things.keys():
                if after.things[id].kind == "finding":
                    self._read(after.things[id].customer)

    def _read(self, customer: str) -> None:
        self.readings[customer] = self.readings.get(customer, 0) + 1

    def _reached(self, customer: str, before: Seen, after: Seen) -> bool:
        """Whether somebody is reached by a message; not where the last address went, of which they were told before."""
        until: datetime | None = before.reached.get(customer)
        wished = any(self.left.get(each) for each in self.akin(self.of[customer]))
        left = any((row.customer, row.category) == (customer, "contact_point") for row in after.rows.values())
        return until is not None and until > self.machine.shown + timedelta(days=1) and left and not wished


def _known(seen: Seen) -> set[str]:
    """The customers of whom anything personal, or any consent, is kept."""
    return {each.customer for each in seen.rows.values()} | {each.customer for each in seen.consents.values()}


def _selected(act: Act, word: Word) -> bool:
    category, purpose = act.given.get("category"), act.given.get("purpose")
    return (category is None or word.category == category.lower()) and (
        purpose is None or word.purpose == purpose.lower()
    )


#: By kind of thing, the states of which the customer is told when others bring them about; * is any.
TOLD = {
    "instruction": {"WAITING", "CARRIED_OUT", "REFUSED"}, "dictation": {"STANDS"}, "request": {"*"},
    "break-glass": {"APPROVED"}, "password code": {"*"}, "review": {"WAITS"}, "session": {"ENDED"},
}  # fmt: skip


def _changes(before: Seen, after: Seen) -> Iterator[tuple[str, str]]:
    """By customer, what was done of which the customer is to be told."""
    for id, word in after.consents.items():
        old = before.consents.get(id)
        asked = word.state in ("REQUESTED", "UNKNOWN")
        if not asked and (old is None or old.state != word.state):
            yield word.customer, f"consent {word.state}"
        if word.suspended is not None and (old is None or old.suspended is None):
            yield word.customer, "consent suspended"
    for id in before.rows.keys() | after.rows.keys():
        old_row, row = before.rows.get(id), after.rows.get(id)
        if old_row is None or row is None or old_row.revision != row.revision:
            found = row or old_row
            assert found is not None
            yield found.customer, f"row of {found.category}"
    for id, thing in after.things.items():
        states, old_thing = TOLD.get(thing.kind, set()), before.things.get(id)
        if states & {thing.state, "*"} and (old_thing is None or old_thing.state != thing.state):
            yield thing.customer, f"{thing.kind} {thing.state}"
    for customer, (_, restricted) in after.customers.items():
        if customer in before.customers and before.customers[customer][1] != restricted:
            yield customer, "restriction"
