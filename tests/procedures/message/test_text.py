"""What messages say."""

import pytest

from models import Template
from procedures.message.text import HERE, languages, rendered

CODE = {"code": "314159", "until": "noon"}


@pytest.mark.parametrize("template", Template)
def test_every_text_is_there_in_every_language_and_asks_for_the_same(template):
    assert languages() == ["en", "lt"]
    details = {
        "link": "https://crm.example/archives/1",
        "code": "1", "until": "2", "number": "3", "asked": "4", "authority": "5", "categories": "6", "use": "7", "contact": "8",
        "recorded": "9",
    }  # fmt: skip
    asked = [
        {name for name in details if f"${{{name}}}" in (HERE / each / f"{template}.txt").read_text("utf-8")}
        for each in languages()
    ]
    assert asked[0] == asked[1]
    for language in languages():
        subject, text = rendered(template, language, {name: details[name] for name in asked[0]})
        assert subject
        assert "\n" not in subject
        assert "$" not in subject + text


def test_a_language_without_texts_is_english_and_no_path():
    assert rendered(Template.CONTACT_CODE, "lt-LT", CODE)[0] == "Jūsų kodas"
    for strange in ("fr", "../lt", "", "lt/../../..", "EN"):
        assert rendered(Template.CONTACT_CODE, strange, CODE)[0] == "Your code"


@pytest.mark.parametrize("details", [{}, {"code": "1"}, {**CODE, "name": "Ona"}])
def test_a_text_with_a_gap_is_never_written(details):
    with pytest.raises(KeyError):
        rendered(Template.CONTACT_CODE, "en", details)


def test_what_a_detail_holds_is_not_read_as_a_gap():
    assert "${until}" in rendered(Template.CONTACT_CODE, "en", {**CODE, "code": "${until}"})[1]
