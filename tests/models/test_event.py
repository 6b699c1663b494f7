"""No personal value gets into the ledger, because no detail is of a kind that could hold one."""

import json
from contextlib import suppress
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import Role
from models.event import FORMER, Event
from models.ledger.grammar import GRAMMAR, Digests, UnfitDetail, canonical, entry, well_formed
from tests.models.fitting import FITTING, GROUP, HASH, ID, NOW, SYSTEM

#: Details of every event, by their names.
DETAILS = [(event, name) for event in Event for name in GRAMMAR[event]]
#: What people are called and where they are reached, as it comes: with spaces, signs, and ends of lines.
PERSONAL = st.one_of(
    st.from_regex(r"[A-ZŠŽ][a-zšžėąū]{1,12} [A-ZŠŽ][a-zšžėąū]{1,12}(ienė|aitė)?", fullmatch=True),
    st.from_regex(r"[a-z]{1,9}\.?[a-z]{1,9}@[a-z]{1,9}\.(lt|com)", fullmatch=True),
    st.from_regex(r"\+370 ?6[0-9]{2} ?[0-9]{5}", fullmatch=True),
    st.from_regex(r"[34][0-9]{10}", fullmatch=True),
    st.from_regex(r"[A-Z][a-z]{2,9} g\. [0-9]{1,3}", fullmatch=True),
    st.text(st.characters(codec="utf-8"), min_size=1).filter(lambda text: not text.isascii()),
)


def told(event: Event, **more: Any) -> dict[str, Any]:
    """An entry of this event, read again."""
    read: dict[str, Any] = json.loads(entry(event, NOW, SYSTEM, FITTING[event] | more))
    return read


def refusal(event: Event, **more: Any) -> UnfitDetail | None:
    """Why there is no entry of this event with these details; None when there is one."""
    try:
        told(event, **more)
    except UnfitDetail as why:
        return why
    return None


def test_every_event_has_a_grammar() -> None:
    assert set(GRAMMAR) == set(FITTING) == set(Event)


def test_an_entry_is_canonical_and_says_what_happened() -> None:
    by = {"kind": "Employee", "id": ID, "roles": {Role.MANAGER, Role.AGENT}}
    for event in Event:
        raw = entry(event, NOW, by, FITTING[event])

        read = json.loads(raw)
        assert raw == json.dumps(read, sort_keys=True, separators=(",", ":")).encode(), event
        assert (read["v"], read["event"], read["at"]) == (1, event.value, "2026-06-01T12:00:00.000000Z")
        assert read["by"] == {"kind": "Employee", "id": str(ID), "roles": ["agent", "manager"]}, event
        assert read["data"].keys() == FITTING[event].keys(), event
        assert well_formed(raw), event


def test_what_an_older_version_recorded_under_another_name_is_well_formed() -> None:
    for former, name in FORMER.items():
        raw = entry(Event(name), NOW, SYSTEM, FITTING[Event(name)])

        assert well_formed(raw.replace(f'"{name}"'.encode(), f'"{former}"'.encode())), former


def test_an_event_is_noun_and_participle() -> None:
    assert all(event.value.count(".") == 1 and event.value == event.value.lower() for event in Event)


@settings(max_examples=40)
@given(value=PERSONAL)
def test_no_personal_value_fits_any_detail(value: str) -> None:
    shapes = (value, [value], {"a field": value}, [{"customers": [value], "fields": [], "tasks": []}])
    for event, name in DETAILS:
        for shape in shapes:
            why = refusal(event, **{name: shape})
            assert why is not None, (event, name, shape)
            assert value not in str(why), (event, name)
            assert why.__cause__ is None, (event, name)


@given(value=PERSONAL, part=st.sampled_from(["kind", "id", "roles"]))
def test_no_personal_value_fits_who_did_it(value: str, part: str) -> None:
    by = SYSTEM | {part: [value] if part == "roles" else value}
    with pytest.raises(UnfitDetail):
        entry(Event.LEDGER_STARTED, NOW, by, {})


def test_no_end_of_line_comes_along_with_what_fits() -> None:
    for event, name in DETAILS:
        value = FITTING[event][name]
        fits = [value] if isinstance(value, str) else value if isinstance(value, list) else []
        for text in (str(each) for each in fits if isinstance(each, str)):
            for bad in (text + "\n", "\n" + text, text + "\x00", text + " ", text + "\u2028"):
                refused = refusal(event, **{name: [bad] if isinstance(value, list) else bad})
                assert refused is not None, (event, name, bad)


@given(event=st.sampled_from(list(Event)), name=st.text(max_size=12), value=PERSONAL)
def test_a_detail_that_the_grammar_does_not_know_is_refused(event: Event, name: str, value: str) -> None:
    if name not in GRAMMAR[event]:
        with pytest.raises(UnfitDetail):
            told(event, **{name: value})


def test_a_detail_that_is_missing_is_refused() -> None:
    told_without = []
    for event, name in DETAILS:
        lacking = {key: value for key, value in FITTING[event].items() if key != name}
        with suppress(UnfitDetail):
            entry(event, NOW, SYSTEM, lacking)
            told_without.append((event, name))
    assert told_without == []


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.datetimes(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(detail=st.sampled_from(DETAILS), value=JUNK)
def test_whatever_comes_is_refused_or_fits_and_no_other_error_is_raised(
    detail: tuple[Event, str], value: Any
) -> None:
    event, name = detail
    try:
        raw = entry(event, NOW, SYSTEM, FITTING[event] | {name: value})
    except UnfitDetail:
        return
    assert well_formed(raw)
    assert not any(ord(sign) > 126 for sign in raw.decode())


class Liar(StrEnum):
    """A word that is of the list, and has a name that is not."""

    SUPPORT = "support"


def test_a_word_is_told_as_the_list_has_it() -> None:
    assert told(Event.TASK_OPENED, purpose=Liar.SUPPORT)["data"]["purpose"] == "support"


@pytest.mark.parametrize("count", [-1, True, 1.0, "1", None, 38001010000, 37060000000])
def test_a_count_is_a_number_from_nought_and_no_personal_one(count: Any) -> None:
    with pytest.raises(UnfitDetail):
        told(Event.EPOCH_BEGUN, epoch=count)


def test_an_instant_is_told_in_utc_to_the_microsecond() -> None:
    at = datetime(2026, 6, 1, 15, 0, 0, 5, tzinfo=timezone(timedelta(hours=3)))
    assert json.loads(entry(Event.LEDGER_STARTED, at, SYSTEM, {}))["at"] == "2026-06-01T12:00:00.000005Z"


@given(st.permutations([uuid4() for _ in range(5)]))
def test_the_same_reading_is_told_in_the_same_words(customers: list[UUID]) -> None:
    group = GROUP | {"customers": customers}
    assert told(Event.READING_RELEASED, groups=[group]) == told(
        Event.READING_RELEASED, groups=[GROUP | {"customers": sorted(customers)}]
    )


@pytest.mark.parametrize(
    "change",
    [
        lambda read: read | {"v": 2},
        lambda read: read | {"event": "customer.adored"},
        lambda read: read | {"at": "2026-06-01T12:00:00Z"},
        lambda read: read | {"at": None},
        lambda read: read | {"by": None},
        lambda read: read | {"data": {"epoch": -1}},
        lambda read: read | {"data": {"epoch": 2, "name": "Ona"}},
        lambda read: read | {"more": 1},
        lambda read: read | {"changed": None},
        lambda read: read | {"changed": {}},
        lambda read: read | {"changed": {"tasks": []}},
        lambda read: read | {"changed": {"tasks": {"Ona": None}}},
        lambda read: read | {"changed": {"tasks": {str(ID): "Ona"}}},
        lambda read: read | {"changed": {"Ona Onaite": {str(ID): HASH}}},
        lambda _read: {},
        lambda read: [read],
        lambda _read: 1,
    ],
)
def test_what_is_no_entry_is_known_not_to_be_one(change: Any) -> None:
    read = json.loads(entry(Event.EPOCH_BEGUN, NOW, SYSTEM, {"epoch": 2}))
    assert well_formed(canonical(read))
    assert not well_formed(canonical(change(read)))


def test_an_entry_says_what_rows_have_become() -> None:
    changed: Digests = {"tasks": {str(ID): HASH}, "sessions": {str(ID): None}}
    raw = entry(Event.EPOCH_BEGUN, NOW, SYSTEM, {"epoch": 2}, changed)

    assert json.loads(raw)["changed"] == changed
    assert well_formed(raw)


@given(value=PERSONAL)
def test_no_personal_value_fits_what_rows_have_become(value: str) -> None:
    for changed in ({value: {str(ID): HASH}}, {"tasks": {value: HASH}}, {"tasks": {str(ID): value}}):
        with pytest.raises(UnfitDetail):
            entry(Event.EPOCH_BEGUN, NOW, SYSTEM, {"epoch": 2}, changed)


@given(st.binary())
def test_any_bytes_can_be_asked_about(raw: bytes) -> None:
    assert not well_formed(raw)


def test_another_spelling_of_an_entry_is_none() -> None:
    raw = entry(Event.EPOCH_BEGUN, NOW, SYSTEM, {"epoch": 2})
    assert not well_formed(raw + b"\n")
    assert not well_formed(raw.replace(b'"v":1', b'"v": 1'))
    assert not well_formed(raw.replace(b'"v":1', b'"v":1,"v":1'))
