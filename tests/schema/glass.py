"""A scene in which glass may be broken, and what came of it."""

import json
from typing import Any

from models import BreakGlass, Customer
from models.ledger import LedgerEntry
from schema.reading import encode
from tests.people import Answer, Office, Someone

SEEN = "breakGlass { state reason categories requestedBy { name } customer { number } } userErrors { code field }"
REQUEST = (
    f"mutation ($input: BreakGlassRequestInput!) {{ done: breakGlassRequest(input: $input) {{ {SEEN} }} }}"
)
APPROVE = (
    f"mutation ($input: BreakGlassApproveInput!) {{ done: breakGlassApprove(input: $input) {{ {SEEN} }} }}"
)
REFUSE = f"mutation ($input: BreakGlassRefuseInput!) {{ done: breakGlassRefuse(input: $input) {{ {SEEN} }} }}"
END = f"mutation ($input: BreakGlassEndInput!) {{ done: breakGlassEnd(input: $input) {{ {SEEN} }} }}"
REVIEW = f"mutation ($input: BreakGlassReviewInput!) {{ done: breakGlassReview(input: $input) {{ {SEEN} }} }}"
QUEUE = "query ($reviewed: Boolean) { breakGlasses(filter: {reviewed: $reviewed}) { nodes { id } } }"
WHY = "The customer rings from hospital and needs the order stopped."
EVERYTHING = [("identity", "support"), ("contact_point", "support"), ("order", "support")]
PEOPLE = ["actor", "colleague", "manager", "privacy officer", "administrator",
          "customer", "other customer", "partner", "stranger"]  # fmt: skip


class Scene:
    """A customer whom no task is about, and everybody who might want to look, each in a confirmed session."""

    office: Office
    customer: Customer
    other: Customer
    people: dict[str, Someone]

    async def set_up(self) -> "Scene":
        """Bring everybody in."""
        office = self.office = Office()
        self.customer = await office.customer(EVERYTHING, number="C-1")
        self.other = await office.customer(EVERYTHING, number="C-2")
        people = {
            "actor": await office.agent("support"),
            "colleague": await office.agent("support"),
            "manager": await office.employee("manager", purposes=["support"]),
            "privacy officer": await office.employee("privacy_officer", purposes=["support"]),
            "administrator": await office.employee("administrator", purposes=["support"]),
            "customer": await office.himself(self.customer),
            "other customer": await office.himself(self.other),
            "partner": await office.partner_client(await office.partner(), "support"),
        }
        self.people = {name: await office.session(person) for name, person in people.items()}
        self.people["stranger"] = office.stranger()
        return self

    async def asks(self, person: str = "actor", **changes: Any) -> Answer:
        """Somebody asks to break glass."""
        fresh = {
            "customerNumber": "C-1",
            "categories": ["CONTACT_POINT"],
            "purpose": "SUPPORT",
            "reason": WHY,
        }
        return await self.people[person].asks(REQUEST, input=fresh | changes)

    async def does(self, person: str, mutation: str, glass: BreakGlass, **more: Any) -> Answer:
        """Somebody does something to a request."""
        return await self.people[person].asks(
            mutation, input={"breakGlassId": encode("BreakGlass", glass.id), **more}
        )

    async def broken(self, *categories: str, approver: str = "manager", **values: Any) -> BreakGlass:
        """A request of the actor's, approved."""
        return await self.office.break_glass(
            self.people["actor"],
            self.customer,
            "support",
            *(categories or ("contact_point",)),
            approver=self.people[approver],
            **values,
        )

    async def waiting(self, *categories: str, **values: Any) -> BreakGlass:
        """A request of the actor's that nobody has decided about."""
        return await self.office.break_glass(
            self.people["actor"], self.customer, "support", *(categories or ("contact_point",)), **values
        )

    async def sees(self, path: str = "contactPoints.value", customer: Customer | None = None) -> bool:
        """Whether the actor reads a field."""
        return (await self.people["actor"].reads(customer or self.customer, path)).granted


def outcome(answer: Answer) -> str:
    """What came of a mutation, in one word."""
    if answer.errors:
        return answer.codes[0]
    codes = [error["code"] for error in answer.data["done"]["userErrors"]]
    return codes[0] if codes else "done"


DONE, NO, OUT = "done", "FORBIDDEN", "UNAUTHENTICATED"


async def entries(event: str) -> list[dict[str, Any]]:
    """The entries of one kind."""
    found = [json.loads(bytes(each.entry)) for each in await LedgerEntry.all().order_by("number")]
    return [each for each in found if each["event"] == event]
