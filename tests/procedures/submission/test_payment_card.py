"""A card is kept as what is needed to bill it: brand, last four digits, month; and nothing else, anywhere."""

import gzip
import json
import logging
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest

from models import Category, Customer, HeldRow, PaymentCard, Submission, opened
from models.database import kind
from procedures.keys import rotation
from procedures.submission.payment_card import KIND
from tests.installation import place
from tests.people import Office
from tests.procedures.leavers import hold
from tests.procedures.submission.test_submission import nothing_kept
from tests.submissions import CARD, DIGITS, NUMBER, consenting, later, refusal, sealed, submits, taken

#: Digits of another script, which the name of a number does not tell.
ARABIC = {ord(str(digit)): ord("\N{ARABIC-INDIC DIGIT ZERO}") + digit for digit in range(10)}


async def test_a_customer_sees_what_is_kept_of_a_card(office: Office) -> None:
    customer, himself = await consenting(office)
    card = taken(await submits(himself, customer))

    assert {name: card[name] for name in ("brand", "lastFour", "expiry", "holder")} == {
        "brand": "VISA", "lastFour": "1111", "expiry": "2029-07", "holder": "Jonė Kazlauskaitė",
    }  # fmt: skip
    assert card["provenance"] == {"source": "sealed submission"}


async def test_whoever_bills_sees_a_card_and_others_do_not(office: Office) -> None:
    customer, himself = await consenting(office)
    assert taken(await submits(himself, customer))
    jonas, ruta = await office.agent("billing"), await office.agent("support")
    await office.task(jonas, customer, "billing")
    await office.task(ruta, customer, "support")

    assert (await jonas.reads(customer, "paymentCards.lastFour")).value == ["1111"]
    assert (await ruta.reads(customer, "paymentCards.lastFour")).reason == "NOT_NEEDED_FOR_PURPOSE"


async def test_a_partner_sees_of_a_card_what_its_agreement_names(office: Office) -> None:
    customer, himself = await consenting(office)
    assert taken(await submits(himself, customer))
    partner = await office.partner()
    agreement = await office.agreement(partner, "billing", "payment_card.expiry")
    van = await office.partner_client(partner, "billing")
    await office.task(van, customer, "billing", agreement=agreement)

    assert (await van.reads(customer, "paymentCards.expiry")).value == ["2029-07"]
    assert (await van.reads(customer, "paymentCards.lastFour")).value == [None]


async def test_a_token_is_no_field_at_all(office: Office) -> None:
    customer, himself = await consenting(office)
    assert taken(await submits(himself, customer))

    answer = await himself.asks("{ me { ... on Customer { paymentCards { token } } } }")
    assert "Cannot query field 'token'" in answer.errors[0].message


@pytest.mark.every_database
async def test_a_card_given_twice_is_kept_once_as_it_is_now(office: Office) -> None:
    customer, himself = await consenting(office)
    first = taken(await submits(himself, customer))
    later(office, hours=2)
    second = taken(await submits(himself, customer, {"number": DIGITS, "expiry": "2031-01"}))

    assert second["id"] == first["id"]
    assert (second["expiry"], second["holder"]) == ("2031-01", None)
    assert (await PaymentCard.get()).revision == 2


async def test_a_card_given_again_is_held_back_as_it_was_where_a_hold_stands(office: Office) -> None:
    customer, himself = await consenting(office)
    assert taken(await submits(himself, customer))
    await hold(office, customer, Category.PAYMENT_CARD)
    before = (await PaymentCard.get()).content
    later(office, hours=2)
    assert taken(await submits(himself, customer, {"number": DIGITS, "expiry": "2031-01"}))

    kept = await HeldRow.get()
    assert (kept.revision, bytes(kept.content)) == (1, before.raw)


@pytest.mark.every_database
async def test_a_card_is_known_again_after_the_indexes_were_replaced(office: Office) -> None:
    customer, himself = await consenting(office)
    assert taken(await submits(himself, customer))
    await rotation.rotate_indexes()

    assert taken(await submits(himself, customer))
    assert await PaymentCard.all().count() == 1


async def test_one_card_of_two_customers_has_two_tokens(office: Office) -> None:
    for _ in range(2):
        customer, himself = await consenting(office)
        assert taken(await submits(himself, customer))

    tokens = {(await opened(card)).token for card in await PaymentCard.all()}
    assert len(tokens) == 2
    assert all(token.startswith("local-1:") and DIGITS not in token for token in tokens)


@pytest.mark.parametrize(
    "name", ["cvc", "CVV", "cvv2", "securityCode", "security_code", "CVC2", "cid", "pin", "track2"]
)
async def test_a_security_code_is_refused_whatever_its_field_is_called(sqlite: None, name: str) -> None:
    office = Office()
    customer, himself = await consenting(office)

    assert refusal(await submits(himself, customer, CARD | {name: "123"})) == "SECURITY_CODE_REFUSED"
    assert await nothing_kept()


@pytest.mark.parametrize("holder", ["Jonas 123", "Jonas CVC 1234", "999", NUMBER])
async def test_a_security_code_is_refused_in_place_of_a_name(sqlite: None, holder: str) -> None:
    office = Office()
    customer, himself = await consenting(office)

    assert refusal(await submits(himself, customer, CARD | {"holder": holder})) == "SECURITY_CODE_REFUSED"
    assert await nothing_kept()


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("number", {"number": "4111 1111 1111 1112"}),
        ("number", {"number": "9999 9999 9999 9995"}),
        ("number", {"number": ""}),
        ("number", {"number": "4111" * 100}),
        ("number", {"number": NUMBER.translate(ARABIC)}),
        ("expiry", {"expiry": "2026-05"}),
        ("expiry", {"expiry": "07/29"}),
        ("expiry", {"expiry": "2029-13"}),
        ("expiry", {"expiry": "2099-01"}),
        ("holder", {"holder": "x" * 101}),
        ("holder", {"holder": "a\x00b"}),
    ],
)
async def test_a_card_that_is_none_is_refused(sqlite: None, field: str, values: dict[str, str]) -> None:
    office = Office()
    customer, himself = await consenting(office)
    answer = await submits(himself, customer, CARD | values)

    assert refusal(answer) == "SUBMISSION_UNFIT"
    assert answer.data["done"]["userErrors"][0]["field"] == field
    assert await nothing_kept()


async def test_a_card_is_good_until_the_end_of_its_month(office: Office) -> None:
    customer, himself = await consenting(office)
    assert taken(await submits(himself, customer, CARD | {"expiry": f"{office.now:%Y-%m}"}))


@pytest.mark.parametrize("plain", [{"more": "x"}, {"number": 4111111111111111}, {"number": [NUMBER]}])
async def test_anything_but_the_known_texts_is_refused(sqlite: None, plain: dict[str, Any]) -> None:
    office = Office()
    customer, himself = await consenting(office)

    assert refusal(await submits(himself, customer, CARD | plain)) == "SUBMISSION_MALFORMED"


@pytest.mark.every_database
async def test_nothing_of_a_number_is_left_anywhere(
    office: Office, database: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    customer, himself = await consenting(office)
    sent = await sealed(himself, customer)
    answers = [await submits(himself, customer), await submits(himself, customer, CARD | {"expiry": "x"})]
    jonas = await office.agent("billing")
    await office.task(jonas, customer, "billing")
    answers.append(
        await jonas.asks("{ customers { nodes { paymentCards { brand lastFour expiry holder } } } }")
    )
    told = json.dumps([answer.data for answer in answers]) + caplog.text + json.dumps(sent)

    for form in forms():
        assert form not in told.encode()
        assert [path for path, held in await everything(database) if form in held] == []


def forms() -> list[bytes]:
    """A number as it could be left behind; the last four digits are meant to stay."""
    plain = [DIGITS, NUMBER, DIGITS[:12], DIGITS[::-1], NUMBER.replace(" ", "-")]
    return [
        form
        for text in plain
        for form in (
            text.encode(),
            text.encode("utf-16-le"),
            text.encode().hex().encode(),
            b64encode(text.encode())[:16],
        )
    ]


async def everything(database: str) -> list[tuple[str, bytes]]:
    """All that this installation keeps: its files, and every table of a server's database as text."""
    where = place(database)
    directory = Path(where.witness).parent
    held = [(str(path), path.read_bytes()) for path in directory.rglob("*") if path.is_file()]
    held += [(path, gzip.decompress(raw)) for path, raw in held if path.endswith(".gz")]
    if kind(database) == "postgres":
        from tortoise.connection import get_connection

        from models.constraints.enforcement import records
        from models.database import CONNECTION

        client = get_connection(CONNECTION)
        for record in records():
            rows = await client.execute_query_dict(f'SELECT t::text AS row FROM "{record._meta.db_table}" t')
            held.append((record.__name__, "\n".join(row["row"] for row in rows).encode()))
    assert len(held) > 2
    return held


async def test_the_opened_bytes_are_overwritten(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    from vault import hpke

    buffers: list[bytearray] = []
    opening = hpke.open_

    def watched(secret: bytes, bound: bytes, content: bytes) -> bytearray:
        buffers.append(opening(secret, bound, content))
        return buffers[-1]

    monkeypatch.setattr(hpke, "open_", watched)
    customer, himself = await consenting(office)
    assert taken(await submits(himself, customer))

    assert [set(buffer) for buffer in buffers] == [{0}]


async def test_a_card_of_a_customer_who_left_is_refused(office: Office) -> None:
    customer, himself = await consenting(office)
    await Customer.filter(id=customer.id).update(status="WITHDRAWN")

    assert refusal(await submits(himself, customer)) == "NOT_FOUND"
    assert await Submission.all().count() == 0


async def test_no_card_is_taken_from_staff_while_the_data_are_restricted(office: Office) -> None:
    customer, himself = await consenting(office, restricted=True)
    jonas = await office.agent(KIND.purpose)
    await office.task(jonas, customer, KIND.purpose)

    assert (await submits(jonas, customer)).codes == ["FORBIDDEN"]
    assert taken(await submits(himself, customer))
