"""A value that may not be seen changes nothing that can be asked, sideways or straight.

For each secret two databases are made that differ in it alone. Everybody who may not see it asks both of
them the same operations, drawn from the schema, and every answer must be the same to the byte. Whoever
may see it gets different answers, which shows that the difference is there to be found.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random
from typing import Any
from urllib.parse import urlparse
from uuid import uuid4

import pytest

import models
from models import Category
from schema.reading import encode
from tests import postgres
from tests.campaigns import Campaign
from tests.people import Office
from tests.schema import twins
from tests.schema.operations import Known, Operation, operations
from tests.schema.twins import OVERSEERS, Secret, Twins, World

#: Secrets of which PostgreSQL keeps silent in the short run too: a value that is looked for, whether there is a row, and
#: what a customer is.
KEPT_TOO = {"a family name", "that there is a wish at all", "the status of a colleague's customer"}

WORDS = (
    "Kazlauskaitė", "Petrauskienė", "jone@example.org", "ona@example.org", "+370 600 00001", "+370 699 99999",
    "49001010001", "48505050005", "Ona",
    "C-0000-0001", "C-0000-0002", "C-0000-0003", "C-9999-9999", "Jonė", "Baltija",
)  # fmt: skip
SUPPORT = frozenset({"ruta/support", "jone"})
DELIVERY = frozenset({"tomas/delivery", "jone"})
MARKETING = frozenset({"gabija/marketing", "jone"})
VERIFICATION = frozenset({"asta/verification", "jone"})
OWN: frozenset[str] = frozenset({"jone"})
NOBODY: frozenset[str] = frozenset()
PETRAS = frozenset({"jonas/all", "petras", "rival/all"}) | OVERSEERS


def content(category: Category, *, kind: str | None = None, index: dict[str, Any] | None = None, **values: Any) -> Any:  # fmt: skip
    """A change of what a row of Jonė's holds."""

    async def change(world: World) -> None:
        narrowed: dict[str, Any] = {"kind": kind} if kind else {}
        row = await models.PERSONAL[category].get(customer_id=world.named["jone"], **narrowed)
        held = await models.opened(row)
        row.update_from_dict({"content": type(held)(**{**_parts(held), **values}), **(index or {})})
        await row.save()

    return change


def _parts(held: Any) -> dict[str, Any]:
    return {name: getattr(held, name) for name in held.__dataclass_fields__}


async def other_token(world: World) -> None:
    """Another token on a card made anew: whoever may see the card may see that it was changed."""
    row = await models.PaymentCard.get(customer_id=world.named["jone"])
    held = await models.opened(row)
    await row.delete()
    row.update_from_dict({"content": replace(held, token="local-1:77"), "token_index": "local-1:77"})
    row._saved_in_db = False
    await row.save()


async def no_code(world: World) -> None:
    await models.PersonalCode.filter(customer_id=world.named["jone"]).delete()


async def no_card(world: World) -> None:
    await models.PaymentCard.filter(customer_id=world.named["jone"]).delete()


async def no_preference(world: World) -> None:
    await models.Preference.filter(customer_id=world.named["jone"]).delete()


async def checked_address(world: World) -> None:
    await models.PostalAddress.filter(customer_id=world.named["jone"]).update(
        verification_method="letter", verification_level="HIGH"
    )


async def withdrawn_status(world: World) -> None:
    await models.Customer.filter(id=world.named["petras"]).update(status=models.CustomerStatus.WITHDRAWN)


async def other_number(world: World) -> None:
    await models.Customer.filter(id=world.named["petras"]).update(number="C-9999-9999")


async def restricted(world: World) -> None:
    await models.Customer.filter(id=world.named["petras"]).update(restricted=True)


async def nobody_there(world: World) -> None:
    await models.Customer.filter(id=world.named["lonely"]).delete()


async def other_evidence(world: World) -> None:
    consent = await models.Consent.filter(customer_id=world.named["jone"], category="identity").get()
    consent.content = models.ConsentContent("form 8")
    await consent.save(update_fields=["content"])


FAMILY_NAME = content(
    Category.IDENTITY, family_name="Petrauskienė", index={"family_name_index": "Petrauskienė"}
)
GIVEN_NAME = content(Category.IDENTITY, given_name="Ona", index={"given_name_index": "Ona"})
COMPANY = content(Category.IDENTITY, company_name="Sietuva", index={"company_name_index": "Sietuva"})
CODE = content(Category.PERSONAL_CODE, code="48505050005", index={"code_index": "48505050005"})
COUNTRY = content(Category.PERSONAL_CODE, country="LV", index={"country_digest": "LV"})
EMAIL = content(
    Category.CONTACT_POINT, kind="EMAIL", value="ona@example.org", index={"value_index": "ona@example.org"}
)
PHONE = content(
    Category.CONTACT_POINT, kind="PHONE", value="+370 699 99999", index={"value_index": "+370 699 99999"}
)

SECRETS = [
    Secret("a family name", FAMILY_NAME, SUPPORT),
    Secret("a given name", GIVEN_NAME, SUPPORT),
    Secret("the company somebody speaks for", COMPANY, SUPPORT),
    Secret("a personal code", CODE, VERIFICATION),
    Secret("which country gave a personal code", COUNTRY, VERIFICATION),
    Secret("that there is a personal code at all", no_code, VERIFICATION),
    Secret("an e-mail address", EMAIL, SUPPORT),
    Secret("a telephone number", PHONE, SUPPORT),
    Secret("a street", content(Category.POSTAL_ADDRESS, street="Pilies g. 2"), DELIVERY),
    Secret("the topic of a wish", content(Category.PREFERENCE, topic="lamps"), MARKETING),
    Secret("what was said", content(Category.INTERACTION, body="About chairs."), SUPPORT),
    Secret("the last digits of a card", content(Category.PAYMENT_CARD, last_four="2222"), OWN),
    Secret("the token of a card", other_token, NOBODY),
    Secret("that there is a card at all", no_card, OWN),
    Secret("what ails somebody", content(Category.HEALTH_RECORD, description="Asthma"), OWN),
    Secret("what an order cost", content(Category.ORDER, total="99.99"), SUPPORT),
    Secret("that there is a wish at all", no_preference, MARKETING),
    Secret("how a hidden address was checked", checked_address, DELIVERY),
    Secret("the status of a colleague's customer", withdrawn_status, PETRAS, "petras"),
    Secret("the number of a colleague's customer", other_number, PETRAS, "petras"),
    Secret("a colleague's customer's restriction", restricted, PETRAS, "petras"),
    Secret("that there is a customer nobody works for", nobody_there, OVERSEERS, "lonely"),
    Secret("the evidence of a consent", other_evidence, frozenset({"officer/all", "jone"})),
]  # fmt: skip


@dataclass(frozen=True)
class Comparison:
    """What one person was answered by the two databases."""

    who: str
    asked: list[Operation]
    one: list[str]
    other: list[str]

    @property
    def same(self) -> bool:
        """Whether every answer is the same to the byte."""
        return self.one == self.other

    @property
    def told_apart(self) -> str:
        """The first operation by which the two can be told apart."""
        pairs = zip(self.asked, self.one, self.other, strict=True)
        return next((f"{self.who} asked {one}:\n{a}\n{b}" for one, a, b in pairs if a != b), "")


@pytest.fixture
def sqlite_twins(sqlite_url: str) -> Twins:
    return Twins(sqlite_url, lambda: twins.copied_file(sqlite_url))


@pytest.fixture
def postgres_twins(postgres_server: postgres.Server, postgres_url: str) -> Iterator[Twins]:
    name, source = f"twin_{uuid4().hex}", urlparse(postgres_url).path.lstrip("/")
    yield Twins(postgres_url, lambda: postgres_server.create(name, template=source))
    postgres_server.drop(name)


async def compared(
    pair: Twins, secret: Secret, count: int, alike: int, patch: pytest.MonkeyPatch
) -> list[Comparison]:
    """Ask both databases: so many operations by those who may not see, everything by those who may.

    So many of them in a row ask alike.
    """
    async with pair.first():
        with twins.seeded_ids(patch):
            world = await twins.build(Office())
        asked = _asked(world, secret, count, alike)
        one = {who: await twins.answers(world.people[who], drawn) for who, drawn in asked.items()}
    async with pair.second():
        await secret.change(world)
        # The copy was made after the first was asked: what was missed there must not count here.
        await models.MissedLookup.all().delete()
        other = {who: await twins.answers(world.people[who], drawn) for who, drawn in asked.items()}
    return [Comparison(who, drawn, one[who], other[who]) for who, drawn in asked.items()]


def _asked(world: World, secret: Secret, count: int, alike: int) -> dict[str, list[Operation]]:
    blind = [who for who in world.people if who not in secret.seen_by]
    known = Known(_near(world, secret), WORDS)
    each = -(-count // len(blind))
    asked: dict[str, list[Operation]] = {}
    for first in range(0, len(blind), alike):
        chance = Random(f"{secret.name} {blind[first]}")  # noqa: S311 chance here keeps no secret
        asked |= dict.fromkeys(blind[first : first + alike], operations(chance, known, each - 1))
    return {
        who: [*asked.get(who, []), *twins.full(world, secret.about), *_refused(world, who)]
        for who in world.people
    }


def _near(world: World, secret: Secret) -> list[tuple[str, Any]]:
    """Every record once, and the one that the secret is about again and again."""
    return [*world.records, *[("Customer", world.named[secret.about])] * (len(world.records) // 2)]


def _refused(world: World, who: str) -> list[Operation]:
    """Mutations that whoever asks may not do; the refusal must not tell either."""
    if who not in ("petras", "admin/all", "stranger", "rival/all"):
        return []
    customer = encode("Customer", world.named["jone"])
    withdraw = "mutation ($id: ID!) { consentWithdraw(input: {consentId: $id}) { userErrors { code } } }"
    open_ = (
        "mutation ($id: ID!) { taskOpen(input: {customerId: $id, purpose: SUPPORT}) { userErrors { code } } }"
    )
    consents = [encode(name, key) for name, key in world.records if name == "Consent"]
    strangers = consents if who != "petras" else []
    return [Operation(open_, {"id": customer}), *(Operation(withdraw, {"id": id}) for id in strangers[:3])]


def _check(secret: Secret, found: list[Comparison], count: int) -> None:
    blind = [comparison for comparison in found if comparison.who not in secret.seen_by]
    assert sum(len(comparison.one) for comparison in blind) >= count
    assert not [comparison.told_apart for comparison in blind if not comparison.same]
    seeing = {comparison.who for comparison in found if not comparison.same}
    assert seeing == secret.seen_by, "whoever may see it is told the difference"
    assert "INTERNAL_SERVER_ERROR" not in "".join(text for each in found for text in each.one)


@pytest.mark.parametrize("secret", SECRETS, ids=lambda secret: secret.name)
async def test_nothing_that_can_be_asked_tells(
    sqlite_twins: Twins, secret: Secret, monkeypatch: pytest.MonkeyPatch, campaign: Campaign
) -> None:
    count, alike = campaign.of(short=33, long=132), campaign.of(short=3, long=1)
    _check(secret, await compared(sqlite_twins, secret, count, alike, monkeypatch), count)
    campaign.tried(count, "operations asked of two databases that differ in a secret, on SQLite")


@pytest.mark.parametrize(
    "secret",
    [pytest.param(each, marks=[] if each.name in KEPT_TOO else pytest.mark.long) for each in SECRETS[::2]],
    ids=lambda secret: secret.name,
)
async def test_nothing_that_can_be_asked_of_postgresql_tells(
    postgres_twins: Twins, secret: Secret, monkeypatch: pytest.MonkeyPatch, campaign: Campaign
) -> None:
    _check(secret, await compared(postgres_twins, secret, count := 24, 1, monkeypatch), count)
    campaign.tried(count, "operations asked of two databases that differ in a secret, on PostgreSQL")
