from datetime import timedelta

import pytest

from procedures.access import Allowance, Throttle
from procedures.errors import RateLimited
from tests.procedures.records import NOON

SECOND = timedelta(seconds=1)
HERE = "203.0.113.7"
ELSEWHERE = "198.51.100.9"


def wait(throttle: Throttle, login: str = "owner", address: str = HERE, now=NOON) -> int:
    """Try to sign in, in vain; the seconds to wait when not even heard."""
    try:
        throttle.enter(login, address, now)
    except RateLimited as limited:
        return limited.retry_after
    return 0


def test_a_few_failures_are_free():
    throttle = Throttle(of_login=Allowance(free=3))

    assert [wait(throttle) for _ in range(3)] == [0, 0, 0]


def test_after_the_free_failures_each_one_doubles_the_wait():
    throttle, now, waits = Throttle(of_login=Allowance(free=1)), NOON, []
    for _ in range(5):
        assert wait(throttle, now=now) == 0
        waits.append(wait(throttle, now=now))
        now += waits[-1] * SECOND

    assert waits == [1, 2, 4, 8, 16]


def test_no_wait_is_longer_than_the_longest():
    few, many = Allowance(free=1, longest=10 * SECOND), Allowance(free=1000)
    throttle, now = Throttle(few, many), NOON
    for _ in range(100):
        wait(throttle, now=now)
        now += 10 * SECOND

    wait(throttle, now=now)
    assert wait(throttle, now=now) == 10


def test_a_refused_attempt_does_not_lengthen_the_wait():
    throttle = Throttle(of_login=Allowance(free=1))
    wait(throttle)

    assert [wait(throttle) for _ in range(10)] == [1] * 10


def test_a_thousand_failures_elsewhere_do_not_keep_the_owner_out():
    throttle = Throttle()
    for number in range(1000):
        wait(throttle, address=f"198.51.100.{number % 100}")

    assert wait(throttle, address=HERE) == 0


def test_one_password_tried_on_many_logins_is_slowed_down():
    throttle = Throttle(of_address=Allowance(free=10))

    heard = [wait(throttle, login=f"user{number}") for number in range(100)]

    assert heard.count(0) == 10
    assert wait(throttle, login="another", address=ELSEWHERE) == 0


def test_the_spelling_of_a_login_wins_no_more_attempts():
    throttle = Throttle(of_login=Allowance(free=1))
    wait(throttle, login="Owner")

    assert wait(throttle, login="oWNER") > 0


def test_success_forgives_the_failures_of_that_login():
    throttle = Throttle(of_login=Allowance(free=2))
    wait(throttle)
    wait(throttle)

    throttle.succeeded("owner", HERE, NOON)

    assert wait(throttle) == 0


def test_an_account_of_ones_own_does_not_clear_the_way_for_guessing_at_others():
    throttle = Throttle(of_address=Allowance(free=10))
    for number in range(9):
        wait(throttle, login=f"victim{number}")
    wait(throttle, login="own")
    throttle.succeeded("own", HERE, NOON)

    assert [wait(throttle, login=f"victim{number}") > 0 for number in range(9, 12)] == [False, True, True]


def test_many_who_sign_in_from_one_address_do_not_slow_each_other_down():
    throttle = Throttle(of_address=Allowance(free=3))
    for number in range(100):
        assert wait(throttle, login=f"user{number}") == 0
        throttle.succeeded(f"user{number}", HERE, NOON)

    assert len(throttle) == 0


def test_failures_are_forgotten_in_time():
    allowance = Allowance(free=1, memory=60 * SECOND)
    throttle = Throttle(of_login=allowance)
    wait(throttle)
    wait(throttle, now=NOON + 120 * SECOND)

    assert wait(throttle, now=NOON + 120 * SECOND) == 1


def test_memory_is_bounded_whatever_is_tried():
    throttle = Throttle(of_login=Allowance(free=5, capacity=100), of_address=Allowance(free=5, capacity=100))
    for number in range(1000):
        wait(throttle, login="x" * number, address=f"2001:db8:0:{number:x}::1")

    assert len(throttle) == 200


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2001:db8::1", "2001:db8::ffff:1"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("no address", "no address"),
    ],
)
def test_addresses_of_one_subscriber_are_one_place(one, other):
    throttle = Throttle(of_address=Allowance(free=1))
    wait(throttle, address=one)

    assert wait(throttle, login="another", address=other) > 0


def test_a_clock_set_back_keeps_nobody_out():
    throttle = Throttle(of_login=Allowance(free=1))
    wait(throttle)

    assert wait(throttle, now=NOON - timedelta(days=365)) == 0
