"""Notices through the schema: who installs them, and what changed between two."""

from typing import Any

import pytest

import models
from schema.reading import encode
from tests.people import Answer
from tests.schema.test_consent import PEOPLE, Scene, done, told, verdict

ADD = """mutation ($input: NoticeAddInput!) {
  done: noticeAdd(input: $input) { notice { id language version text digest } userErrors { code field } } }"""
DIFFERENCE = "query ($from: ID!, $to: ID!) { noticeDifference(from: $from, to: $to) }"
GIVEN = {"purpose": "SUPPORT", "language": "lt", "version": "2", "text": "Kodėl.\nIr kiek laiko."}


@pytest.fixture
async def scene(database: str) -> Scene:
    """Everybody, at noon."""
    return await Scene().set_up()


async def adds(scene: Scene, person: str, **more: Any) -> Answer:
    """Have somebody install a notice."""
    return await scene.people[person].asks(ADD, input=GIVEN | more)


@pytest.mark.parametrize("person", PEOPLE)
async def test_a_notice_is_installed_by_the_privacy_officer(scene: Scene, person: str) -> None:
    answer = await adds(scene, person)

    expected = verdict(person, "privacy officer")
    assert told(answer) == expected
    assert await models.Notice.filter(language="lt").exists() is not bool(expected)


async def test_the_same_notice_again_changes_nothing_and_another_text_is_refused(scene: Scene) -> None:
    first = done(await adds(scene, "privacy officer"))["notice"]
    assert done(await adds(scene, "privacy officer"))["notice"] == first

    other = await adds(scene, "privacy officer", text="Something else.")

    assert other.data["done"] == {
        "notice": None,
        "userErrors": [{"code": "NOTICE_DIFFERS", "field": "version"}],
    }
    assert (await models.Notice.get(language="lt")).text == GIVEN["text"]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"text": "  \n "}, "text"), ({"text": "x" * 50_001}, "text"), ({"text": "bell \x07"}, "text"),
        ({"language": ""}, "language"), ({"language": "x" * 11}, "language"), ({"version": "1\n2"}, "version"),
    ],
)  # fmt: skip
async def test_a_notice_that_says_nothing_is_none(scene: Scene, more: dict[str, str], field: str) -> None:
    answer = await adds(scene, "privacy officer", **more)

    assert answer.data["done"]["userErrors"] == [{"code": "BAD_USER_INPUT", "field": field}]


async def test_anybody_sees_what_changed_between_two_notices(scene: Scene) -> None:
    officer = "privacy officer"
    old = done(await adds(scene, officer))["notice"]["id"]
    new = done(await adds(scene, officer, version="3", text="Kodėl.\nIr kaip ilgai."))["notice"]["id"]

    answer = await scene.people["stranger"].asks(DIFFERENCE, **{"from": old, "to": new})

    lines = ["--- lt, 2", "+++ lt, 3", "@@ -1,2 +1,2 @@", " Kodėl.", "-Ir kiek laiko.", "+Ir kaip ilgai."]
    assert answer.data["noticeDifference"].splitlines() == lines
    same = await scene.people["stranger"].asks(DIFFERENCE, **{"from": old, "to": old})
    assert same.data == {"noticeDifference": ""}


async def test_the_difference_to_a_notice_that_is_not_there_is_none(scene: Scene) -> None:
    here = encode("Notice", (await scene.office.notice("support")).id)
    gone = encode("Notice", scene.customer.id)

    for way in ({"from": here, "to": gone}, {"from": gone, "to": here}):
        assert (await scene.people["customer"].asks(DIFFERENCE, **way)).codes == ["NOT_FOUND"]
