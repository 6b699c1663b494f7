"""Nothing is destroyed because a time has passed, unless the clock's check has permitted it: whoever compares times says why."""

import ast
from collections.abc import Iterator
from inspect import isclass
from pathlib import Path

from tortoise import Model, fields

import models
from policies.offline import complete_models
from tests.house import tree

complete_models()

#: The columns that hold an instant.
INSTANTS = {
    name
    for record in vars(models).values()
    if isclass(record) and issubclass(record, Model) and not record._meta.abstract
    for name, field in record._meta.fields_map.items()
    if isinstance(field, fields.DatetimeField)
}
#: Where alone an instant of a row is compared with another to end what is over, and the permission for it is given.
CHECK = "procedures/clock/ending.py"

#: Reasons of many: it clears traces, and asks until when everything is surely over; it does by itself what falls due, and
#: asks whether the clock is believed; it refuses or passes over what is over by the clock, and changes nothing of it.
PAST, CERTAIN, CLOSES = "clocks.past", "clocks.certain", "closed by time"
#: The less is over, the more is kept, and it goes by the time that can be accounted for.
KEEPS = "ClockReading.accounted"

#: What else compares an instant of a row with another, and why that destroys nothing by a clock that may be wrong.
ELSEWHERE = {
    "access.session._begin": PAST,
    "scan.scan._check_part": CLOSES,
    "scan.scan._check_size": "how much was handed in lately; it refuses for a while",
    "own.contact_point._check_rate": PAST,
    "message.delivery._over": "the caller says which instant; before a message is given up it is `clock.past`",
    "request.due.keep": CERTAIN,
    "evidence.verification.due": "a list; `reopen`, which opens tasks by it, asks",
    "consent.expiry.due": "a list for people",
    "deadlines.listed": "a list for people",
    "deadlines.mark_overdue": "only `keep` of requests and of instructions call it, which ask",
    "instruction.due.keep": CERTAIN,
    "instruction.instruction.extend": "the customer is told before the end of the month, or it is too late",
    "instruction.delivery._usable": "what was verified since the request came is no way to deliver",
    "instruction.delivery._ended": CLOSES,
    "instruction.delivery.fetch": CLOSES,
    "leaving.disclosure.keep": CERTAIN,
    "task.agreement.listed": "a list for people",
    "access.password.exchange": "somebody's password was changed: the sessions that are alive end",
    "access.session.end_all": "somebody was deactivated: the sessions that are alive end",
    "access.other_sessions.end": "somebody ends all other sessions that are alive",
    "access.session.authenticate": CLOSES,
    "access.session.confirm": CLOSES,
    "consent.consent.confirm": CLOSES,
    "consent.recording.give_by_code": CLOSES,
    "consent.answers.standing_no": CLOSES,
    "export.export.download": CLOSES,
    "export.export.find": CLOSES,
    "export.export.finish": CLOSES,
    "imports.consent.check": CLOSES,
    "imports.consent._stands": CLOSES,
    "intake.intake._code_error": CLOSES,
    "lookup.missed._alarmed_since": "how much was missed lately; it refuses for a while, and keeps every row",
    "lookup.missed._missed_since": "the same",
    "front_desk.desk_lookup._counted": "how much was looked up lately; it refuses for a while, and keeps every row",
    "front_desk.desk_lookup._forget": PAST,
    "message.outbox.confirmed": CLOSES,
    "message.outbox._permitted": CLOSES,
    "passwords.password_code._fitting": CLOSES,
    "passwords.points.check_rate": PAST,
    "own.contact_point._use_code": CLOSES,
    "own.own_change.pass_to_live_consent": CLOSES,
    "suppression.found_by._earlier": "whose address it was first; the other way round nobody may use it, and nothing ends",
    "own.dictated.begin": CLOSES,
    "message.outbox._former": CLOSES,
    "task.agreement.end": CLOSES,
    "task.break_glass._transition": CLOSES,
    "task.break_glass.end_of": "somebody lost a role: what they asked for without a task ends",
    "task.break_glass.review": CLOSES,
    "task.task._agreement": CLOSES,
    "task.task.assign": CLOSES,
    "task.assignees.overdue_tasks": "a list for people",
    "task.bulk.open_imported": "whoever has a task that is not over its day gets no other one",
    "task.occasion.occasion_of": "it says what asked for a task",
    "task.request_task.put_off": "a task that decides a request is given more time",
    "evidence.verification.reopen": CERTAIN,
    "request.request.extend": "the customer is told before the end of the month, or it is too late",
    "consent.transition.successor": KEEPS,
    "erasure.held_rows.hold_on": KEEPS,
    "export.export.begin": "the customer asks for another archive in the place of the one that is over",
    "task.break_glass.end_impossible": "somebody confirms the clock, and what would last too long ends",
    "message.delivery._due": "it says what is tried next",
    "own.contact_point._latest_message": "it says which message was the latest",
    "checkpoint.checkpoint._hurried": "it says how soon a witness is served",
    "erasure.erasure._after_the_last": "erasures are put in order",
    "erasure.erasure.destroy_keys": "which erasures followed that one, by the order that they have",
}


def _compared(node: ast.AST) -> bool:
    """Whether instants of rows are ordered here: in a query, or one by one."""
    if isinstance(node, ast.keyword) and node.arg is not None:
        path, _, order = node.arg.rpartition("__")
        return order in ("lt", "lte", "gt", "gte", "range") and path.rpartition("__")[2] in INSTANTS
    if isinstance(node, ast.Compare):
        ordered = any(isinstance(each, ast.Lt | ast.LtE | ast.Gt | ast.GtE) for each in node.ops)
        return ordered and any(_instant(each) for each in (node.left, *node.comparators))
    return False


def _instant(node: ast.expr) -> bool:
    """Whether an expression has an instant of a row in it."""
    return any(isinstance(each, ast.Attribute) and each.attr in INSTANTS for each in ast.walk(node))


def _within(node: ast.AST, name: str) -> Iterator[tuple[str, ast.AST]]:
    """Every node with the function that it is in."""
    for inner in ast.iter_child_nodes(node):
        own = (ast.FunctionDef, ast.AsyncFunctionDef)
        within = f"{name.rpartition('.')[0]}.{inner.name}" if isinstance(inner, own) else name
        yield within, inner
        yield from _within(inner, within)


def _places() -> set[str]:
    """The functions of procedures that compare instants of rows."""
    return {place for place, node in _nodes() if _compared(node)}


def _nodes() -> Iterator[tuple[str, ast.AST]]:
    """Every node of the procedures with the function that it is in."""
    for path in _procedures():
        module = tree.module_of(path).removeprefix("procedures.")
        yield from _within(tree.parsed(path), f"{module}.")


def _procedures() -> list[Path]:
    return [
        path for path in tree.product() if tree.room_of(path) == "procedures" and tree.named(path) != CHECK
    ]


def test_who_compares_an_instant_of_a_row_has_the_permission_or_says_why_it_needs_none() -> None:
    """What is to end when its time is over is declared as an `Ending`, and asks `clock.permit`."""
    assert _places() ^ ELSEWHERE.keys() == set()


def test_who_says_that_it_asks_does() -> None:
    calls = {(place, tree.dotted(node.func)) for place, node in _nodes() if isinstance(node, ast.Call)}
    asking = {(place, why) for place, why in ELSEWHERE.items() if why in (PAST, CERTAIN, KEEPS)}
    assert asking - calls == set()


def test_only_the_check_gives_the_permission() -> None:
    """Whoever could make one could end whatever they like; and a query by a column's name goes through it as well."""
    makes = [
        place for place, node in _nodes() if isinstance(node, ast.Call) and "Permit" in tree.dotted(node.func)
    ]
    spelled = [
        place
        for place, node in _nodes()
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "__lt" in node.value
    ]
    assert (makes, spelled) == ([], [])


def test_the_time_is_asked_for_in_one_place() -> None:
    """So that whoever sets a clock in a test has set every clock."""
    asked = {
        tree.named(path)
        for path in tree.product()
        for node in tree.nodes(path)
        if isinstance(node, ast.Call)
        and tree.dotted(node.func)
        in ("datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time")
    }
    assert asked == {"policies/actor.py"}
