"""How `savas policy explain` finds what it is asked about, and how it says it.

It shows ids and plain columns only, never a personal value.
"""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import UUID

import typer
from rich.console import Console
from rich.text import Text

from commands.exits import Exit
from commands.shown import Shown
from models import Account, AccountKind, Customer, Purpose
from models.event import Event
from policies.actor import Actor, Channel
from policies.policy import Policy
from policies.registry import RECORDS, resources
from policies.showing import Explanation, Line, NoSuchRecord, explain
from procedures.access import actor_of, spellings
from procedures.ledger import reading

MARKS = {True: ("✓", "green"), False: ("✗", "red"), None: ("·", "dim")}
PLAIN_MARKS = {True: "+", False: "-", None: "."}


@dataclass(frozen=True)
class Question:
    """What was typed."""

    login: str
    field: str
    customer: str | None
    purposes: tuple[str, ...]
    record: UUID | None
    action: str

    @property
    def type(self) -> str:
        """The record type asked about."""
        return self.field.partition(".")[0]

    @property
    def name(self) -> str:
        """The field asked about; empty when an action is."""
        return self.field.partition(".")[2]


@dataclass(frozen=True)
class Answer:
    """One explanation, and the records that it is true of, word for word but for their ids."""

    explanation: Explanation
    ids: tuple[UUID, ...]


async def answered(question: Question, policy: Policy) -> list[Answer]:
    """Explain every record asked about; those with the same explanation together.

    Raises:
        typer.BadParameter: something that was typed is not there; says what there is instead.
    """
    check_names(question, policy)
    actor = await signed_in(question.login, purposes_of(question, policy))
    ids = await records_of(question)
    # Recorded before anything is looked at, as what is read is before it is told.
    await reading.explained(
        Event.POLICY_EXPLAINED, None, await customers_of(question, ids), record=question.type,
        field=question.name or None, purposes=actor.purposes, actor=actor.actor_id, action=question.action,
    )  # fmt: skip
    alike: dict[object, Answer] = {}
    for id in ids:
        try:
            found = await explain(actor, question.type, id, question.name, question.action, policy)
        except NoSuchRecord:
            raise _missing("no record of this type has this id", "--record") from None
        key = (
            found.reason,
            found.missing,
            tuple((line.depth, line.holds, line.text) for line in found.lines),
        )
        first = alike.setdefault(key, Answer(found, ()))
        alike[key] = Answer(first.explanation, (*first.ids, id))
    return list(alike.values())


def explained(question: Question, answers: list[Answer], *, closed: bool) -> Shown:
    """The answers; refused unless everything asked for is granted, and the field not closed to everybody."""
    parts = [
        Text(f"{question.field} is closed to everybody, whatever follows: ./savas policy differences")
    ] * closed
    for answer in answers:
        parts.append(_head(question, answer))
        parts.extend(map(_line_text, _relevant_lines(answer.explanation)))
        parts.extend([Text(answer.explanation.missing)] if answer.explanation.missing else [])
    granted = not closed and all(answer.explanation.granted for answer in answers)
    plain = {"granted": granted, "closed": closed, "answers": [_plain(answer) for answer in answers]}
    return Shown(plain, tuple(parts), Exit.OK if granted else Exit.REFUSED)


def _plain(answer: Answer) -> dict[str, object]:
    found = answer.explanation
    return {
        "records": answer.ids,
        "granted": found.granted,
        "reason": found.reason,
        "toldAs": found.disclosed,
        "conditions": [asdict(line) for line in _relevant_lines(found)],
        "missing": found.missing or None,
    }


def _relevant_lines(explanation: Explanation) -> Iterator[Line]:
    """Of what is granted, the ways in which it is; of what is withheld, all that could have been."""
    relevant = True
    for line in explanation.lines:
        if line.depth == 0:
            relevant = bool(line.holds) or not explanation.granted
        if relevant:
            yield line


def _head(question: Question, answer: Answer) -> Text:
    explanation = answer.explanation
    subject = question.field if question.action == "read" else f"{question.action} {question.type}"
    shown_as = f", told as {explanation.disclosed}" if explanation.disclosed != explanation.reason else ""
    verdict = "granted" if explanation.granted else f"withheld: {explanation.reason}{shown_as}"
    more = f" and {len(answer.ids) - 1} more alike" if len(answer.ids) > 1 else ""
    return Text.assemble((f"{subject} {verdict}", "bold"), (f"  {answer.ids[0]}{more}", "dim"))


def _line_text(line: Line) -> Text:
    mark, style = MARKS[line.holds]
    if not Console().encoding.startswith("utf"):
        mark = PLAIN_MARKS[line.holds]
    note = f"  ({line.note})" if line.note else ""
    return Text.assemble("  " * (line.depth + 1), (mark, style), " ", line.text, (note, "dim"))


def check_names(question: Question, policy: Policy) -> None:
    """Refuse a type, field or action that is not there, and say what is."""
    if question.type not in RECORDS:
        raise _missing(f"there is no such type; known: {', '.join(sorted(RECORDS))}", "--field")
    if question.action != "read":
        known = [action for action, record in policy.actions if record == question.type]
        if question.action not in known:
            raise _missing(
                f"nobody does that to {question.type}; known: {', '.join(['read', *known])}", "--action"
            )
    elif question.name not in (fields := policy.classified(question.type)):
        listed = ", ".join(sorted(fields)) or "none, it is closed to everybody"
        raise _missing(f"no rule opens this field; fields of {question.type}: {listed}", "--field")


async def signed_in(
    login: str, purposes: frozenset[Purpose] = frozenset(), channel: Channel = Channel.API
) -> Actor:
    """Whose login was typed, as a session of theirs would have them; refuses one that nobody can sign in with."""
    asked = spellings(login)
    found = await accounts(login__in=asked)
    rows = next((found[spelling] for spelling in asked if spelling in found), None)
    if rows is None:
        raise _missing("nobody has this login; those who have one: savas user list", "--as")
    if not is_active(rows):
        raise _missing("this login is not active, so nothing is granted; see: savas user list", "--as")
    return replace(actor_of(rows, purposes), channel=channel)


async def accounts(**which: Any) -> dict[str, list[dict[str, Any]]]:
    """The rows of some accounts by login, as `actor_of` takes them."""
    rows = await Account.filter(**which).order_by("kind", "login").values(
        "login", "kind", "active", "customer_id",
        actor_id="id",
        role="employee__roles__role",
        partner_id="partner_client__partner_id",
        partner_active="partner_client__partner__active",
    )  # fmt: skip
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["login"], []).append(row)
    return found


def is_active(rows: list[dict[str, Any]]) -> bool:
    """Whether somebody can sign in: the account is active, and so is the partner of a partner's client."""
    account = rows[0]
    partner = account["kind"] is not AccountKind.PARTNER_CLIENT or account["partner_active"]
    return bool(account["active"] and partner)


def purposes_of(question: Question, policy: Policy) -> frozenset[Purpose]:
    """The purposes that were typed; refuses one that is not declared."""
    names = {name.strip().lower() for option in question.purposes for name in option.split(",")} - {""}
    if names - policy.purposes.keys():
        raise _missing(f"one of {', '.join(policy.purposes)} was expected", "--purpose")
    return frozenset(map(Purpose, names))


async def records_of(question: Question) -> list[UUID]:
    """The records asked about: the one named, or all of the customer's of that type."""
    if question.customer is None:
        if question.record is None:
            raise _missing("say whose data with --customer, or which record with --record", "--field")
        return [question.record]
    customer = await Customer.get_or_none(number=question.customer.strip().upper())
    if customer is None:
        raise _missing("no customer has this number; it looks like C-1234-5678", "--customer")
    key = "id" if question.type == "Customer" else "customer_id"
    if key == "customer_id" and "customerId" not in resources()[question.type].fields:
        raise _missing(f"{question.type} belongs to no customer; name one with --record", "--customer")
    query = RECORDS[question.type].filter(**{key: customer.id})
    found = await (query if question.record is None else query.filter(id=question.record)).order_by("id")
    if not found:
        raise _missing(
            f"the customer has no such {question.type}",
            "--customer" if question.record is None else "--record",
        )
    return [record.id for record in found]


async def customers_of(question: Question, ids: Iterable[UUID]) -> set[UUID]:
    """The customers whose records these are; none of records that are about no customer."""
    model = RECORDS[question.type]
    if model is Customer:
        return set(ids)
    if "customer_id" not in model._meta.fields_map:
        return set()
    rows = await model.filter(id__in=list(ids)).values("customer_id")
    return {row["customer_id"] for row in rows} - {None}


def _missing(message: str, option: str) -> typer.BadParameter:
    return typer.BadParameter(message, param_hint=option)
