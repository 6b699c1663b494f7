"""Every text that a mutation takes, filled with canaries: by whom it may be said, in a state in which it may.

Which mutations there are, and what they take, the schema says; who may, the table of verdicts.
"""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLList, get_named_type, get_nullable_type

import models
from models import PERSONAL, Category
from schema.reading import encode
from tests.canaries import Canaries
from tests.people import Office, Someone
from tests.schema.inputs import ALSO_OF, MUTATIONS, ONLY, SAID
from tests.schema.verdict_cases import HERSELF, Case, obligation, people
from tests.schema.verdicts import APART, PERSONS, TABLE, read

#: What is said of the company itself, and may lie in plain.
OF_THE_COMPANY = {
    "noticeAdd": "publishes what is said to everybody",
    "employeeAdd": "staff's own name at work",
    "employeeRename": "staff's own name at work",
}
#: What is asked of everybody and done by nobody here, and why.
UNDONE = {
    "contactPointConfirm": "takes a code that was sent",
    "contactPointVerify": "takes no text",
    "doubleOptInBegin": "takes no text",
    "consentContradict": "takes no text",
    "healthRecordSubmit": "takes what a browser sealed",
    "paymentCardSubmit": "takes what a browser sealed",
    "requestSubmitSealed": "takes what a browser sealed",
    "scanBegin": "takes a client's key, which tests of scans look for",
    "scanAppend": "takes a part of a scan, in base64: the tests of scans look for it",
    **dict.fromkeys(
        APART - {"intakeBegin", "suppressionLift"}, "is about a session, a code that was sent, or the server"
    ),
}
#: Fields that take only what has a form of its own, which no canary has: the rest of their input is tried all the same.
FORMED = {
    "country": "a code of two letters",
    "postalCode": "a code as the country has them",
    "currency": "a code of three letters",
    "sealed": "what a browser sealed",
    "numberTail": "the last four characters of a number",
    "hours": "hours of the day",
    "field": "the name of a field",
    "wanted": "what the field takes",
    "key": "a client's key",
    "keyId": "the name of a key of ours",
    "code": "a personal code, or one that was sent",
    "number": "the customer's number",
    "customerNumber": "the customer's number",
    "value": "an address",
}
#: What is said in the place of a canary there.
SAID_THERE = {
    **SAID,
    "hours": "09:00-17:00",
    "code": "38703181745",
    "country": "LT",
    "postalCode": "01123",
    "currency": "EUR",
}
#: Fields of which a mutation takes only the others.
LEFT_OUT = {
    "consentsWithdraw": {"category"},
    "deskLookupMake": {"email", "phone", "personalCode", "birthDate"},
}
#: For which purpose a category is consented to, where it is not support.
PURPOSE_OF = {
    "health_record": "care", "payment_card": "billing", "identity_evidence": "verification", "personal_code": "verification",
}  # fmt: skip
#: Who is asked, besides the customer, for what the table of verdicts has nobody.
ASKED = {
    **dict.fromkeys(UNDONE, "an agent at work"),
    **dict.fromkeys(APART, "a stranger"),
    "suppressionLift": "the privacy officer",
}
#: How often an input is mended before it is given up.
MOST = 8


@dataclass
class Tried:
    """What was said, and what came of it.

    Attributes:
        done: the mutations that somebody carried out.
        codes: by mutation, what came of the others.
        formed: the fields that refused a canary.
        answers: everything that was answered to who was refused.
        customers: whom it was about.
        texts: by text, in which mutation it was said.
    """

    done: set[str] = field(default_factory=set)
    codes: dict[str, list[str]] = field(default_factory=dict)
    formed: set[str] = field(default_factory=set)
    answers: list[str] = field(default_factory=list)
    customers: list[tuple[UUID, str]] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)


def named(mutation: str, said: dict[str, Any]) -> str:
    """A mutation, and what is said besides."""
    return " ".join([mutation, *(str(value) for value in said.values() if value)])


def texts(mutation: str) -> Iterator[str]:
    """The fields of its input, and of what is in that, that take a text."""
    arguments = MUTATIONS[mutation].args
    kinds: list[Any] = [get_named_type(arguments["input"].type)] if "input" in arguments else []
    seen = set()
    while kinds:
        kind = kinds.pop()
        seen.add(kind.name)
        for name, each in kind.fields.items():
            named = get_named_type(each.type)
            if str(named) == "String":
                yield name
            elif isinstance(named, GraphQLInputObjectType) and named.name not in seen:
                kinds.append(named)


@dataclass
class Speaker:
    """Says canaries wherever a text is taken."""

    office: Office
    canaries: Canaries
    people: dict[str, Someone]
    colleague: Someone
    tried: Tried = field(default_factory=Tried)
    counted: int = 0
    said: dict[str, Any] = field(default_factory=dict)

    @classmethod
    async def at(cls, office: Office, canaries: Canaries) -> "Speaker":
        """One among everybody."""
        return cls(office, canaries, await people(office), await office.agent())

    async def says(self, mutation: str, said: dict[str, Any]) -> None:
        """Have everybody who may, or might, say something, until it was done once by others and once by the customer.

        Args:
            mutation: by which.
            said: what is said besides, as `canary_ways` has it.
        """
        self.said = said
        known = read(TABLE.read_text(encoding="utf-8"))
        may = [(each.person, each.state) for each, verdict in known.items()
               if each.mutation == mutation and verdict == "done"]  # fmt: skip
        may.sort(key=lambda each: each[1] != "given")
        others = (ASKED[mutation],) if mutation in ASKED else PERSONS
        cases = [*may, *((person, "given") for person in (*others, HERSELF))]
        for herself in (False, True):
            mine = [each for each in dict.fromkeys(cases) if (each[0] == HERSELF) is herself]
            refused = [] if herself else [each for each in mine if each not in may][-1:]
            able = {person: (person, state) for person, state in reversed(mine) if (person, state) in may}
            # Of what is said in several ways not all is said by everybody.
            first = list(able.values())[: None if said else 1]
            for person, state in [*refused, *first] if may else mine:
                if await self.attempt(mutation, person, state):
                    self.tried.done.add(named(mutation, said))
                    break

    async def attempt(self, mutation: str, person: str, state: str) -> bool:
        """Whether it was done; what a field refuses is said otherwise, and again."""
        case = await Case.made(self.office, self.people, self.colleague, mutation, state)
        self.tried.customers.append((case.customer.id, case.customer.number))
        await PREPARED.get(mutation, consenting)(case)
        # So that they are written to.
        await models.ContactPoint.filter(customer_id=case.customer.id).update(verified_at=self.office.now)
        asker, formed = await case.asker(person), set[str]()
        kind = MUTATIONS[mutation].args["input"].type
        await self.filled(case, get_nullable_type(kind), formed)
        await case.comes_to(state)
        text = f"mutation ($input: {kind}) {{ done: {mutation}(input: $input) {{ userErrors {{ code message field }} }} }}"
        for _ in range(MOST):
            answer = await asker.asks(text, input=await self.filled(case, get_nullable_type(kind), formed))
            errors = [] if answer.errors else answer.data["done"]["userErrors"]
            self.tried.answers.append(f"{[str(each) for each in answer.errors]} {errors}")
            if not answer.errors and not errors:
                return True
            self.tried.codes.setdefault(named(mutation, self.said), []).append(
                answer.codes[0] if answer.errors else f"{errors[0]['code']} {errors[0]['field']}"
            )
            refused = {str(each["field"]).rpartition(".")[2] for each in errors} - formed
            if not refused & set(texts(mutation)):
                return False
            formed |= refused
            self.tried.formed |= refused & set(texts(mutation))
        return False

    async def filled(self, case: Case, kind: Any, formed: set[str]) -> dict[str, Any]:
        """An input with a text in each field that takes one, and what else it must have."""
        values = {}
        for name, each in kind.fields.items():
            if name in LEFT_OUT.get(case.mutation, ()) or (name in self.said and self.said[name] is None):
                continue
            value = await self._value(case, name, each.type, formed)
            if value is not None:
                values[name] = value
        return values

    async def _value(self, case: Case, name: str, type: Any, formed: set[str]) -> Any:
        named, inner = get_named_type(type), get_nullable_type(type)
        if name == "consents":
            return await _consents(case)
        if name in self.said:
            of = self.said[name]
            return encode(PERSONAL[of].__name__, (await case.row(of)).id) if isinstance(of, Category) else of
        if isinstance(named, GraphQLInputObjectType):
            value: Any = await self.filled(case, named, formed)
        elif str(named) == "String":
            value = self._text(case, name, formed)
        elif type is inner and name not in SAID.keys() | ALSO_OF.get(case.mutation, set()):
            return None
        else:
            value = await _plain(case, name, named)
        several = isinstance(inner, GraphQLList) and not isinstance(value, list)
        return [value] if several else value

    def _text(self, case: Case, name: str, formed: set[str]) -> str:
        self.counted += 1
        if name in formed or name in ("number", "customerNumber"):
            number = case.customer.number
            return (
                number
                if name in ("number", "customerNumber")
                else str(SAID_THERE.get(name, "Known to all of us here."))
            )
        mark = {"value": f"{self.canaries.plain}{self.counted}@{self.canaries.plain}.example",
                "key": f"{self.canaries.plain}{self.canaries.plain}{self.counted}"}  # fmt: skip
        text = mark.get(name, f"{self.canaries.odd}{self.counted} and so on to the end")
        if self.counted % 32 == 0:
            # A digest of each would be looked for one by one.
            self.canaries.said(text)
        self.tried.texts[text] = case.mutation
        return text


async def _plain(case: Case, name: str, kind: Any) -> Any:
    """What a field that takes no text has to have."""
    said = SAID | ONLY.get(case.mutation, {})
    if name in said:
        return said[name]
    if name in vars(case).get("made", {}):
        return vars(case)["made"][name]
    if str(kind) == "ID":
        return await case.id(name)
    if isinstance(kind, GraphQLEnumType):
        return next(iter(kind.values))
    if str(kind) == "DateTime":
        return (case.office.now + timedelta(days=30)).isoformat()
    return {"Boolean": True, "Int": 1, "Date": "2030-01-31", "Decimal": SAID.get("total", "9.99")}[str(kind)]


async def _consents(case: Case) -> list[dict[str, str]]:
    """Consents to everything that is taken in; staff record those for verification."""
    notice = encode("Notice", (await case.office.notice("verification")).id)
    return [
        {"category": model.category.name, "purpose": "VERIFICATION", "noticeId": notice}
        for model in PERSONAL.values()
        if model.declared.in_intake
    ]


async def consenting(case: Case) -> None:
    """The customer consents to every category, but for the word that the state is about."""
    for category in set(Category) - {Category.CONTACT_POINT}:
        if category in PURPOSE_OF:
            await case.office.consent(case.customer, category, PURPOSE_OF[category])
        else:
            await case.row(category)


async def _reviewed(case: Case) -> None:
    """A break-glass access has ended."""
    now = case.office.now
    glass = await case.office.break_glass(
        case.colleague, case.customer, "support", "contact_point", approver=case.people["a manager"]
    )
    await models.BreakGlass.filter(id=glass.id).update(ends_at=now - timedelta(minutes=1))
    vars(case)["made"] = {"breakGlassId": encode("BreakGlass", glass.id)}


async def _owed(case: Case) -> None:
    """A partner that was deactivated since owes something."""
    partner = await case.office.partner()
    await models.Partner.filter(id=partner.id).update(active=False)
    owed = await obligation(case)
    await models.Obligation.filter(id=owed.id).update(partner_id=partner.id)
    vars(case)["made"] = {"obligationId": encode("Obligation", owed.id)}


async def _nobody_yet(case: Case) -> None:
    """The customer is a number, and nothing is known yet."""
    for model in PERSONAL.values():
        await model.filter(customer_id=case.customer.id).delete()
    await models.Consent.filter(customer_id=case.customer.id).delete()


#: What else has to be so, by mutation.
PREPARED: dict[str, Callable[[Case], Awaitable[None]]] = {
    "breakGlassReview": _reviewed,
    "intakeRecord": _nobody_yet,
    "obligationConfirm": _owed,
}
