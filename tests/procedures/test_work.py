"""The calendar of due days."""

from calendar import monthrange
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedures.work import months_after

INSTANTS = st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 the zone is given beside


@given(INSTANTS, st.integers(1, 3))
def test_a_month_later_is_the_same_day_or_the_months_last(at: datetime, months: int) -> None:
    due = months_after(at, months)
    assert (due.year * 12 + due.month) - (at.year * 12 + at.month) == months
    assert due.day == min(at.day, monthrange(due.year, due.month)[1])
    assert due.timetz() == at.timetz()


@given(INSTANTS, INSTANTS, st.integers(1, 3))
def test_who_asks_later_is_not_answered_earlier(one: datetime, other: datetime, months: int) -> None:
    first, second = sorted((one, other))
    # On the last days of long months two may fall on the same day; the time of day orders only equal days.
    assert months_after(first, months).date() <= months_after(second, months).date()


@pytest.mark.parametrize(
    ("at", "months", "due"),
    [
        ("2026-01-31", 1, "2026-02-28"), ("2028-01-31", 1, "2028-02-29"), ("2026-12-31", 1, "2027-01-31"),
        ("2026-11-30", 3, "2027-02-28"), ("2026-06-01", 1, "2026-07-01"), ("2026-03-31", 1, "2026-04-30"),
    ],
)  # fmt: skip
def test_short_months_end_it_on_their_last_day(at: str, months: int, due: str) -> None:
    found = months_after(datetime.fromisoformat(f"{at}T12:30:00+00:00"), months)
    assert found == datetime.fromisoformat(f"{due}T12:30:00+00:00")
