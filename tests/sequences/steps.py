"""What happens in a town, step by step: each is made of one number, and of how things stand."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import models
from models.errors import ProcedureError
from policies.actor import utc_now
from schema.reading import encode
from tests.schema.verdict_cases import AT_WORK, HERSELF
from tests.schema.verdicts import PERSONS as ASKERS
from tests.schema.verdicts import TABLE, read
from tests.sequences import world
from tests.sequences.machine import DAY
from tests.sequences.scene import SAYABLE, Scene, whom
from tests.sequences.stage import Act, Stage
from tests.sequences.town import COLLEAGUE, PASSWORD, PERSONS, SECOND, Known, Town, person


async def do(stage: Stage, seed: int) -> Act:
    """Do a step."""
    chance = Random(seed)  # noqa: S311 a test's chance, to be repeated
    names = list(STEPS)
    (name,) = chance.choices(names, [STEPS[each][0] for each in names])
    act = await STEPS[name][1](stage, chance)
    stage.town.machine.passes(timedelta(minutes=chance.choice((1, 7, 45))))
    if chance.random() < 0.5:
        await stage.town.deliver()
    return act


async def say(stage: Stage, chance: Random) -> Act:
    """Somebody who may, by the table of verdicts, says something of a customer's."""
    mutation = chance.choice(SAYABLE)
    return await said(stage, chance, mutation, chance.choice(MAY[mutation]))


async def attempt(stage: Stage, chance: Random) -> Act:
    """Anybody tries to."""
    return await said(stage, chance, chance.choice(SAYABLE), chance.choice((*ASKERS, SECOND, COLLEAGUE)))


async def decide(stage: Stage, chance: Random) -> Act:
    """What often follows: consents, their end, and what a second person decides."""
    mutation = chance.choice(OFTEN)
    return await said(stage, chance, mutation, chance.choice(MAY[mutation]))


async def said(stage: Stage, chance: Random, mutation: str, by: str) -> Act:
    """Somebody says something of a customer, of whom the input tells."""
    town, customer = stage.town, await whom(stage.town, mutation, by, chance)
    if customer is None:
        return Act(mutation, by, done=False, code="nobody")
    number = town.of[str(customer.id)]
    scene = Scene(town, chance, by, customer, mutation)
    who = await _who(town, by, scene.customer, chance)
    if by in (HERSELF, "another customer") and who is None:
        return Act(mutation, by, number, done=False, code="no login")
    given = await scene.input()
    if by == HERSELF:
        given.pop("evidence", None) if mutation not in ("consentGive", "orderEnter") else None
    speaks = number if by == HERSELF else _heard(stage, mutation, by, given, number)
    return await stage.ask(Act(mutation, by, number, speaks, given=given), who)


async def _who(town: Town, by: str, customer: models.Customer, chance: Random) -> Any:
    if by == "a stranger":
        return None
    if by == HERSELF:
        return await town.account(customer)
    if by == "another customer":
        others = models.Account.filter(customer_id__not_isnull=True, active=True).exclude(
            customer_id=customer.id
        )
        found = await others.order_by("created_at", "id")
        return chance.choice(found) if found else None
    return by


def _heard(stage: Stage, mutation: str, by: str, given: dict[str, Any], number: int) -> int | None:
    """Whose word a code is that staff type: the person's who was sent it, once."""
    code = given.get("code")
    fresh = mutation == "contactPointConfirm" and code is not None and code not in stage.used
    return number if fresh and by == "an agent who verifies" else None


async def repeat(stage: Stage, chance: Random) -> Act:
    """What was asked before is asked again, by the same: a client that lost the answer."""
    keyed = [each for each in stage.asked if "key" in each[4]]
    if not keyed:
        return Act("repeat", "nobody", done=False, code="nothing")
    what, who, by, _, _, before, at = chance.choice(keyed)
    fresh = stage.town.machine.true - at > 6 * DAY or not before.done
    if isinstance(who, models.Account) and not await models.Account.exists(id=who.id, active=True, customer__status="ACTIVE"):  # fmt: skip
        return replace(before, done=False, code="gone", speaks=None)
    # After a week the key is forgotten, and what is asked is said anew.
    act = replace(before, speaks=before.speaks if fresh else None)
    return await stage.ask(replace(act, what=what, by=by), who)


async def file(stage: Stage, chance: Random) -> Act:
    """A file or an archive of a customer comes in: the same again, under another key, spelt otherwise, with less."""
    town, number = stage.town, chance.randrange(PERSONS)
    if stage.asked and chance.random() < 0.5:
        # About whom something was said just before.
        number = stage.asked[-1][5].about
    row, purposes = await _row(town, number, chance), chance.sample(_STATED, chance.choice((1, 1, 2)))
    town.ways.importer.now, update = utc_now(), chance.random() < 0.3
    town.ways.importer.purposes = tuple(models.Purpose(each) for each in purposes)
    if chance.random() < 0.2:
        mine = await town.customers(number)
        known = mine[0].number if mine and chance.random() < 0.7 else None
        what, code = "archive", await _code_of(town.ways.archive(row, known))
    else:
        what, code = "file", await _code_of(town.ways.update(row) if update else town.ways.file(row))
    given = {"purposes": purposes, "update": update, "row": row}
    return Act(what, "an import", number, done=code is None, code=code or "", given=given)


_STATED = ("support", "marketing", "sales", "verification")


async def _row(town: Town, number: int, chance: Random) -> Known:
    """A row about a person; whoever is here already may be found by one value alone."""
    row = person(number)
    key = chance.choice((row.key, f"k{20 + chance.randrange(60)}"))
    spelt = {"email": row.email.upper(), "phone": f"{row.phone[:4]} ({row.phone[4:7]}) {row.phone[7:]}",
             "code": f"{row.code[:2].lower()}-{row.code[2:]}"}  # fmt: skip
    if not await town.customers(number) or chance.random() < 0.4:
        return replace(row, key=key, **spelt) if chance.random() < 0.5 else replace(row, key=key)
    by = chance.choice(list(spelt))
    return replace(row, key=key, **{**dict.fromkeys(spelt, ""), by: spelt[by]})


async def _code_of(work: Awaitable[str | None]) -> str | None:
    try:
        return await work
    except ProcedureError as error:
        return error.code


async def visit(stage: Stage, chance: Random) -> Act:
    """A visitor enters what is theirs, and brings the code back."""
    number, key = chance.randrange(PERSONS), f"visitor{chance.getrandbits(90)}"
    data = _data(stage.town, number, chance.choice(("SUPPORT", "MARKETING")))
    begun = await stage.ask(
        Act("intakeBegin", "a stranger", number, number, given={"key": key, "data": data}), None
    )
    stage.asked.pop()
    await stage.town.deliver()
    sent = stage.town.letters.codes(person(number).email)
    if not begun.done or not sent:
        return begun
    given = {"key": key, "code": sent[-1], "password": PASSWORD, "attested": True}
    done = await stage.ask(Act("intakeConfirm", "a stranger", number, number, given=given), None)
    stage.asked.pop()
    return done


def _data(town: Town, number: int, purpose: str) -> dict[str, Any]:
    row, notice = person(number), encode("Notice", town.office.notices[models.Purpose(purpose.lower())].id)
    consents = [{"category": each, "purpose": purpose, "noticeId": notice}
                for each in ("IDENTITY", "CONTACT_POINT", "PERSONAL_CODE")]  # fmt: skip
    return {
        "consents": consents, "givenName": "Ona", "familyName": row.family,
        "contactPoints": [{"kind": "EMAIL", "value": row.email}, {"kind": "PHONE", "value": row.phone}],
        "personalCodes": [{"code": row.code, "country": "UA"}],
    }  # fmt: skip


async def come(stage: Stage, chance: Random) -> Act:
    """Somebody comes to the office: a manager makes a number, and an agent who verifies takes them in."""
    town, number = stage.town, chance.randrange(PERSONS)
    agent = await models.Employee.get(actor__login=town.logins["an agent who verifies"])
    text = "mutation ($id: ID!) { done: intakeOpen(input: {assigneeId: $id}) { task { id } userErrors { code } } }"
    opened = await town.asks("a manager", text, id=encode("Employee", agent.id))
    if opened.errors or opened.data["done"]["userErrors"]:
        return Act("intakeOpen", "a manager", number, done=False, code="refused")
    task = await models.Task.all().order_by("-opened_at").first()
    assert task is not None
    given = {"key": f"office{chance.getrandbits(90)}", "taskId": encode("Task", task.id), "attested": True,
             "data": _data(town, number, "VERIFICATION")}  # fmt: skip
    done = await stage.ask(
        Act("intakeRecord", "an agent who verifies", number, given=given), "an agent who verifies"
    )
    stage.asked.pop()
    return done


async def get_in(stage: Stage, chance: Random) -> Act:
    """Somebody who forgot the password, or never had one, sets it by a code that was sent: by a new or an old one."""
    town, number = stage.town, chance.randrange(PERSONS)
    sent = [each for each in town.letters.codes(person(number).email, person(number).phone) if "-" in each]
    found = await town.customers(number)
    if not sent or not found:
        return Act("passwordCodeUse", "a stranger", number, done=False, code="no code")
    given = {"login": found[0].number, "code": chance.choice(sent), "password": PASSWORD}
    done = await stage.ask(Act("passwordCodeUse", "a stranger", number, number, given=given), None)
    stage.asked.pop()
    return done


async def look(stage: Stage, chance: Random) -> Act:
    """Somebody reads what they may of a customer."""
    number, by = chance.randrange(PERSONS), chance.choice((*ASKERS[2:], SECOND, COLLEAGUE))
    found = await stage.town.customers(number)
    if not found:
        return Act("look", by, number, done=False, code="nobody")
    answer = await stage.town.asks(by, LOOK, id=encode("Customer", found[0].id))
    values = (answer.data or {}).get("customer") or {}
    read = [name for name, value in values.items() if value]
    return Act("look", by, number, done=bool(read), given={"customer": str(found[0].id), "read": read})


LOOK = """query ($id: ID!) { customer(id: $id) {
  identity { familyName } contactPoints { value } orders { number } } }"""


def _may() -> dict[str, list[str]]:
    """By mutation, who may run it in some state of the customer's word."""
    found: dict[str, set[str]] = {each: set() for each in SAYABLE}
    for cell, verdict in read(TABLE.read_text(encoding="utf-8")).items():
        if cell.mutation in found and verdict not in ("FORBIDDEN", "UNAUTHENTICATED"):
            found[cell.mutation].add(cell.person)
    twins = {"the privacy officer": SECOND, "an agent at work": COLLEAGUE}
    # What is in no state of the table done by anybody depends on what else was done before.
    anybody = {HERSELF, *AT_WORK}
    return {
        each: sorted((who or anybody) | {twins[one] for one in who & twins.keys()})
        for each, who in found.items()
    }


MAY = _may()
OFTEN = (
    "consentGive", "consentGive", "consentGive", "consentRequest", "consentRefuse", "consentWithdraw", "consentWithdraw",
    "consentsWithdraw", "consentObject", "consentRevoke", "consentInvalidate", "consentContradict", "consentConfirm",
    "instructionRecord", "instructionApprove", "instructionApprove", "instructionApprove", "instructionRefuse",
    "instructionProve", "instructionContradict", "doubleOptInBegin", "contactPointConfirm", "contactPointConfirm",
    "contactPointAdd", "contactPointChange", "dictationContradict", "withdrawalBegin", "passwordCodeSend",
)  # fmt: skip
#: By name, how often a step is done, and what it does.
STEPS: dict[str, tuple[int, Callable[[Stage, Random], Awaitable[Act]]]] = {
    "say": (30, say), "attempt": (6, attempt), "decide": (40, decide), "repeat": (5, repeat), "file": (16, file),
    "visit": (3, visit), "come": (3, come), "get in": (3, get_in), "look": (4, look), "passes": (10, world.passes),
    "set clock": (3, world.set_clock), "confirm clock": (2, world.confirm_clock), "chores": (9, world.chores), "restart": (4, world.restart),
    "restore": (4, world.restore),
}  # fmt: skip
