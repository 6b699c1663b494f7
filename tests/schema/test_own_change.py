"""Customers change their own data through the schema, and nobody else's."""

from typing import Any
from uuid import uuid4

import pytest

import models
from procedures import own
from schema.reading import encode
from tests.contents import CONTENTS
from tests.people import Office, Someone

CONSENTS = [
    ("identity", "support"),
    ("contact_point", "support"),
    ("postal_address", "delivery"),
    ("preference", "marketing"),
]

#: By noun: what a row is made of, what it becomes, and a field that shows it.
NOUNS: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "contactPoint": ({"kind": "PHONE", "value": "+370 600 12345"}, {"kind": "EMAIL", "value": "n@example.org"}, "value"),
    "postalAddress": ({"kind": "HOME", "city": "Kaunas"}, {"kind": "BILLING", "city": "Alytus"}, "city"),
    "preference": (
        {"channel": "EMAIL", "topic": "maps", "monthlyLimit": 1, "hours": "09:00-17:00"},
        {"channel": "POST", "topic": "globes", "monthlyLimit": 2},
        "topic",
    ),
}  # fmt: skip
PLURAL = {"contactPoint": "contactPoints", "postalAddress": "postalAddresses", "preference": "preferences"}


async def does(who: Someone, noun: str, what: str, seen: str, **input: Any) -> Any:
    """A mutation of a noun, and what it answered."""
    name = f"{noun}{what}"
    title = name[0].upper() + name[1:]
    asked = f"mutation ($i: {title}Input!) {{ {name}(input: $i) {{ {seen} userErrors {{ code field }} }} }}"
    return await who.asks(asked, i=input)


@pytest.mark.parametrize("noun", NOUNS)
async def test_a_row_is_added_changed_and_removed(office: Office, noun: str):
    first, second, shown = NOUNS[noun]
    customer = await office.customer(CONSENTS, rows=False)
    herself = await office.himself(customer)
    seen = f"{noun} {{ id {shown} provenance {{ source revision }} }}"

    made = (await does(herself, noun, "Add", seen, customerId=encode("Customer", customer.id), **first)).data
    row = made[f"{noun}Add"][noun]
    assert row["provenance"] == {"source": "customer", "revision": 1}
    tied = {f"{noun}Id": row["id"], "revision": 1}
    changed = (await does(herself, noun, "Change", seen, **tied, **second)).data[f"{noun}Change"]
    assert (changed[noun][shown], changed[noun]["provenance"]["revision"]) == (second[shown], 2)
    late = (await does(herself, noun, "Change", seen, **tied, **first)).data[f"{noun}Change"]
    assert late == {noun: None, "userErrors": [{"code": "CHANGED_MEANWHILE", "field": "revision"}]}
    gone = (await does(herself, noun, "Remove", "removedId", **{f"{noun}Id": row["id"]})).data[
        f"{noun}Remove"
    ]
    assert gone == {"removedId": row["id"], "userErrors": []}
    assert not (await herself.reads(customer, f"{PLURAL[noun]}.id")).granted


@pytest.mark.parametrize("noun", NOUNS)
async def test_another_row_cannot_be_told_from_one_that_is_not_there(office: Office, noun: str):
    _, second, shown = NOUNS[noun]
    await office.customer(CONSENTS)
    other = await office.himself(await office.customer(CONSENTS))
    title = noun[0].upper() + noun[1:]
    theirs = await getattr(models, title).first()
    answers = []
    for id in (theirs.id, uuid4()):
        key = {f"{noun}Id": encode(title, id)}
        answers.append(await does(other, noun, "Change", f"{noun} {{ {shown} }}", **key, **second))
        answers.append(await does(other, noun, "Remove", "removedId", **key))
    assert {(*answer.data.values(), *answer.codes) for answer in answers} == {(None, "FORBIDDEN")}


async def test_names_are_changed(office: Office):
    customer = await office.customer(CONSENTS)
    herself = await office.himself(customer)
    id = encode("Customer", customer.id)
    seen = "identity { familyName provenance { verification { method } } }"
    answer = await does(
        herself, "identity", "Change", seen, customerId=id, givenName="Eglė", familyName="Žalgirienė"
    )
    assert answer.data["identityChange"]["identity"] == {
        "familyName": "Žalgirienė",
        "provenance": {"verification": None},
    }


async def test_a_value_that_cannot_be_kept_is_told_by_code_and_field(office: Office):
    customer = await office.customer(CONSENTS)
    herself = await office.himself(customer)
    id = encode("Customer", customer.id)
    answer = await does(
        herself, "contactPoint", "Add", "contactPoint { id }", customerId=id, kind="EMAIL", value="nowhere"
    )
    assert answer.data["contactPointAdd"]["userErrors"] == [{"code": "EMAIL_INVALID", "field": "value"}]


async def test_without_consent_nothing_is_added(office: Office):
    customer = await office.customer()
    herself = await office.himself(customer)
    id = encode("Customer", customer.id)
    answer = await does(
        herself,
        "contactPoint",
        "Add",
        "contactPoint { id }",
        customerId=id,
        kind="EMAIL",
        value="a@example.org",
    )
    assert answer.data["contactPointAdd"]["userErrors"] == [{"code": "CONSENT_REQUIRED", "field": None}]


async def test_what_is_left_out_stays_and_null_empties(office: Office):
    customer = await office.customer(CONSENTS)
    herself, ruta = await office.himself(customer), await office.agent("delivery")
    await office.task(ruta, customer, "delivery")
    row = encode("PostalAddress", (await models.PostalAddress.get()).id)
    seen = "postalAddress { street city postalCode provenance { source } }"

    moved = (await does(ruta, "postalAddress", "Change", seen, postalAddressId=row, city="Kaunas")).data
    assert moved["postalAddressChange"]["userErrors"] == [{"code": "BAD_USER_INPUT", "field": "evidence"}]
    given = {"postalAddressId": row, "city": "Kaunas", "evidence": "by telephone"}
    moved = (await does(ruta, "postalAddress", "Change", seen, **given)).data["postalAddressChange"]
    assert moved["postalAddress"] == {
        "street": "Pilies g. 1", "city": "Kaunas", "postalCode": "01123", "provenance": {"source": "dictated"},
    }  # fmt: skip
    emptied = {"postalAddressId": row, "street": None}
    hers = (await does(herself, "postalAddress", "Change", seen, **emptied)).data["postalAddressChange"]
    assert hers["postalAddress"] == moved["postalAddress"] | {
        "street": None,
        "provenance": {"source": "customer"},
    }
    missing = (await does(herself, "postalAddress", "Change", seen, postalAddressId=row, kind=None)).data
    assert missing["postalAddressChange"]["userErrors"] == [{"code": "VALUE_MISSING", "field": "kind"}]


#: What an import takes as it stands, and nobody could enter anew.
AS_IT_STOOD = {
    "ContactPoint": {"kind": "PHONE", "content": models.ContactPoint.Content("(5) 555-4729")},
    "PostalAddress": {"content": models.PostalAddress.Content("Av. 2222", "México D.F.", None, "05021 / 7", "Mexiko")},
}  # fmt: skip


@pytest.mark.parametrize(
    "model", [each for each in models.PERSONAL.values() if each.declared.written_by_customers]
)
async def test_what_is_read_can_be_sent_back_and_a_part_of_it_leaves_the_rest(
    office: Office, model: type[models.Personal]
):
    noun = model.__name__[0].lower() + model.__name__[1:]
    names = [models.camel(name) for name in own.written(model)]
    customer = await office.customer([(model.category.value, "support")], rows=False)
    consent = await models.Consent.get(customer_id=customer.id)
    values = CONTENTS[model.category][1] | AS_IT_STOOD.get(model.__name__, {})
    row = await office.row(customer, consent, **values)
    herself = await office.himself(customer)
    id = encode(model.__name__, row.id)
    read = f"query ($id: ID!) {{ node(id: $id) {{ ... on {model.__name__} {{ {' '.join(names)} }} }} }}"
    key = {f"{noun}Id": id} if model.declared.many else {"customerId": encode("Customer", customer.id)}
    before = (await herself.asks(read, id=id)).data["node"]

    for sent in (before, *({name: before[name]} for name in names)):
        answer = await does(herself, noun, "Change", f"{noun} {{ {' '.join(names)} }}", **key, **sent)
        assert answer.data[f"{noun}Change"] == {noun: before, "userErrors": []}, sent


async def test_all_that_is_wrong_is_told_at_once(office: Office):
    customer = await office.customer([("postal_address", "delivery")], rows=False)
    herself = await office.himself(customer)
    add = """mutation ($i: PostalAddressAddInput!) {
        postalAddressAdd(input: $i) { userErrors { code field path retryAfter } } }"""
    wrong = {"kind": "HOME", "street": "A\u202e", "postalCode": "?", "country": "XX"}

    answer = await herself.asks(add, i={"customerId": encode("Customer", customer.id), **wrong})

    assert answer.data["postalAddressAdd"]["userErrors"] == [
        {"code": code, "field": field, "path": [field], "retryAfter": None}
        for code, field in (
            ("NAME_INVALID", "street"),
            ("POSTAL_CODE_INVALID", "postalCode"),
            ("COUNTRY_INVALID", "country"),
        )
    ]
