"""What a sender signed is judged like anything else: what cannot be kept is refused, row by row."""

import json
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import models
from models import Category
from policies.offline import complete_models
from procedures.archives import kinds
from procedures.tables import RowFault, cells
from tests.contents import NOON
from tests.procedures.arriving import CARRIED, Desk, Parcel


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


async def test_nothing_of_an_export_is_forgotten(parcel: Parcel):
    assert parcel.data.keys() == CARRIED.keys() | kinds.LEFT_OUT.keys()
    for name in CARRIED:
        fields = next(each for each in kinds.KINDS if each.name == name).fields
        row = parcel.data[name] if isinstance(parcel.data[name], dict) else parcel.data[name][0]
        aside = row.keys() - {field.partition(".")[0] for field in fields}
        assert aside <= {"id", "provenance", "withheld", "verifiedAt"}


CARD = "4111 1111 1111 1111"
LINES = {"lines": [{"product": "a", "quantity": 1, "unitPrice": "1.00"}]}


@pytest.mark.parametrize(
    ("name", "wrong", "code"),
    [
        ("identity", {"givenName": CARD}, "CARD_NUMBER_REFUSED"),
        ("identity", {"givenName": "a\u202eb"}, "CONTROL_CHARACTER"),
        ("identity", {"givenName": "\ud800"}, "CONTROL_CHARACTER"),
        ("identity", {"givenName": "x" * 201}, "BAD_USER_INPUT"),
        ("identity", {"givenName": "x" * 65_537}, "CELL_TOO_LONG"),
        ("identity", {"givenName": {"a": 1}}, "ROW_MALFORMED"),
        ("identity", {"givenName": 1.5}, "ROW_MALFORMED"),
        ("identity", {"givenName": None, "familyName": "", "companyName": None}, "ROW_EMPTY"),
        ("identity", {"nickname": "Jo"}, "FIELD_UNKNOWN"),
        ("identity", {"key": "Jo"}, "FIELD_UNKNOWN"),
        ("identity", {"id": None}, "ROW_MALFORMED"),
        ("identity", {"id": " "}, "KEY_MISSING"),
        ("identity", {"id": "k" * 201}, "KEY_TOO_LONG"),
        ("personalCodes", {"code": "49001010002"}, "PERSONAL_CODE_INVALID"),
        ("personalCodes", {"code": CARD, "country": "US"}, "CARD_NUMBER_REFUSED"),
        ("personalCodes", {"country": "XX"}, "COUNTRY_INVALID"),
        ("contactPoints", {"kind": "EMAIL", "value": "nobody"}, "EMAIL_INVALID"),
        ("contactPoints", {"kind": "PHONE", "value": "none"}, "PHONE_INVALID"),
        ("contactPoints", {"kind": "PIGEON"}, "KIND_UNKNOWN"),
        ("postalAddresses", {"street": f"kortelė {CARD}"}, "CARD_NUMBER_REFUSED"),
        ("preferences", {"monthlyLimit": -1}, "QUANTITY_INVALID"),
        ("preferences", {"monthlyLimit": True}, "ROW_MALFORMED"),
        ("preferences", {"hours": "always"}, "BAD_USER_INPUT"),
        ("interactions", {"body": f"She said: {CARD}"}, "CARD_NUMBER_REFUSED"),
        ("interactions", {"body": "CVC 123"}, "SECURITY_CODE_REFUSED"),
        ("interactions", {"occurredAt": "yesterday"}, "DATE_INVALID"),
        ("interactions", {"subject": ""}, "VALUE_MISSING"),
        ("orders", {"total": "1e9"}, "AMOUNT_INVALID"),
        ("orders", {"currency": "euro"}, "CURRENCY_INVALID"),
        ("orders", {"total": "2.00", **LINES}, "TOTAL_DIFFERS"),
        ("orders", {"lines": [{"product": "a"}]}, "ROW_MALFORMED"),
        ("orders", {"lines": [*LINES["lines"], {"product": "a"}]}, "ROW_MALFORMED"),
        ("orders", {"lines": ["a"]}, "ROW_MALFORMED"),
        ("orders", {"lines": [{**LINES["lines"][0], "product": CARD}]}, "CARD_NUMBER_REFUSED"),
        ("healthRecords", {"kind": "MOOD"}, "KIND_UNKNOWN"),
        ("healthRecords", {"codeSystem": "x", "code": CARD.replace(" ", "")}, "CARD_NUMBER_REFUSED"),
        ("healthRecords", {"onsetOn": "2200-01-01"}, "BAD_USER_INPUT"),
    ],
)  # fmt: skip
async def test_a_row_that_cannot_be_kept_is_refused_though_it_is_signed(
    desk: Desk, parcel: Parcel, sqlite: None, name: str, wrong: dict[str, object], code: str
):
    rows = parcel.data[name] if isinstance(parcel.data[name], list) else [parcel.data[name]]
    bad = parcel.with_rows(**{name: [{**rows[0], **wrong}]})
    report = (await desk.takes(bad))[CARRIED[name]]

    assert (report.created, dict(report.faults), report.lines) == (0, {code: 1}, {code: [1]})
    assert not await models.PERSONAL[CARRIED[name]].exists()


async def test_codes_of_snomed_that_look_like_cards_come_in(desk: Desk, parcel: Parcel, sqlite: None):
    code = {"codeSystem": "http://snomed.info/sct", "code": "4111000000000164"}
    rows = [{**row, **code} for row in parcel.data["healthRecords"]]
    report = (await desk.takes(parcel.with_rows(healthRecords=rows)))[Category.HEALTH_RECORD]
    assert (report.created, report.errors) == (len(rows), 0)


@pytest.mark.parametrize("held", [[1], ["a"], [[]], [None], 5, "text", {"a": []}])
async def test_rows_of_another_form_are_refused_one_by_one(
    desk: Desk, parcel: Parcel, sqlite: None, held: object
):
    reports = await desk.takes(parcel.with_rows(orders=held, contactPoints=held, personalCodes=held))
    assert reports[Category.ORDER].errors == reports[Category.CONTACT_POINT].errors == 1


def test_whether_something_is_so_is_read_where_a_field_asks_for_that_and_nowhere_else():
    supervised = models.IdentityEvidence.declared.parts["supervised"]
    kind = kinds.Kind(models.IdentityEvidence, {"supervised": supervised})
    for said in (True, False):
        (text,) = kinds.fields_of(kind, {"id": "1", "supervised": said})["supervised"]
        assert supervised.read(text, "supervised") is said
    with pytest.raises(RowFault):
        kinds.fields_of(kind, {"id": True, "supervised": True})


complete_models()
KINDS = {kind.name: kind for kind in kinds.KINDS}
TEXT = st.text(max_size=30)
ROWS = st.one_of(
    st.tuples(st.just("identity"), st.fixed_dictionaries({"givenName": TEXT, "familyName": TEXT})),
    st.tuples(st.just("postalAddresses"), st.fixed_dictionaries({"kind": st.just("HOME"), "street": TEXT, "city": TEXT})),
    st.tuples(
        st.just("interactions"),
        st.fixed_dictionaries(
            {"channel": st.just("NOTE"), "occurredAt": st.just("2026-01-01T00:00:00Z"), "subject": st.just("a"), "body": TEXT}
        ),
    ),
    st.tuples(
        st.just("orders"),
        st.builds(
            lambda product, pieces, cents: {
                "number": "1", "placedAt": "2026-01-01", "currency": "EUR", "total": f"{pieces * cents / 100:.2f}",
                "lines": [{"product": product, "quantity": pieces, "unitPrice": f"{cents / 100:.2f}"}],
            },
            TEXT, st.integers(0, 999), st.integers(0, 10**6),
        ),
    ),
)  # fmt: skip


@given(ROWS)
@example(("identity", {"givenName": "\u00a0A", "familyName": "0 "}))
def test_a_value_is_kept_as_it_was_written_but_for_blanks_around_it_or_its_row_is_refused(
    drawn: tuple[str, dict[str, Any]],
):
    name, row = drawn
    with suppress(RowFault):
        fields = kinds.fields_of(KINDS[name], {"id": "1", **row})
        cells.check_cards(fields)
        kept = json.dumps(asdict(KINDS[name].row(fields, NOON).content))
        plain = {row.get(each) for each in ("kind", "channel", "occurredAt", "placedAt")}
        said = [*row.values(), *(row.get("lines") or [{}])[0].values()]
        for value in said:
            if isinstance(value, str) and value.strip() and value not in plain:
                assert json.dumps(value.strip())[1:-1] in kept
