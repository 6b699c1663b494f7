import asyncio
from collections.abc import Callable

import pytest
from argon2 import PasswordHasher

from procedures.access import password
from procedures.errors import UnfitPassword

pytestmark = pytest.mark.usefixtures("real_hashes")

GOOD = "correct horse battery"


async def test_a_password_matches_its_own_hash_and_no_other():
    encoded = await password.hashed(GOOD, login="owner")

    assert encoded.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert await password.matches(GOOD, encoded)
    assert not await password.matches(GOOD + "!", encoded)


async def test_the_same_letters_match_however_a_keyboard_spells_them():
    encoded = await password.hashed("ąžuolas ąžuolas", login="owner")

    assert await password.matches("ąžuolas ąžuolas", encoded)


@pytest.mark.parametrize(
    "bad", ["", "elevenchars", "x" * 1025, "ū" * 513, "x" * 2_000_000, "OWNER@office.example"]
)
async def test_an_unfit_password_is_refused(bad):
    with pytest.raises(UnfitPassword) as refused:
        await password.hashed(bad, login="owner@office.example")

    assert refused.value.field == "password"
    assert not bad or bad not in refused.value.message


async def test_a_password_of_a_megabyte_is_not_even_hashed(threads):
    assert not await password.matches("x" * 1_000_000, None)
    assert threads.begun == 0


async def test_without_a_hash_the_same_work_is_done_for_nothing(threads):
    assert not await password.matches(GOOD, None)
    assert threads.begun == 1


def test_the_hash_of_nobody_costs_what_a_real_one_costs():
    assert not password.outdated(password._NOBODYS)


async def test_a_lone_surrogate_is_a_wrong_password_and_no_fault():
    assert not await password.matches("\ud800 twelve characters", None)


async def test_what_is_no_hash_matches_nothing():
    assert not await password.matches(GOOD, "imported without a password")


async def test_a_hash_of_weaker_parameters_is_outdated_and_still_matches():
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(GOOD)

    assert password.outdated(weak)
    assert await password.matches(GOOD, weak)


async def test_two_are_worked_on_at_once_and_the_loop_goes_on(threads):
    turns = 0

    async def turn() -> None:
        nonlocal turns
        while threads.ended < 4:
            turns += 1
            await asyncio.sleep(0)

    await asyncio.gather(turn(), *(password.matches(GOOD, None) for _ in range(4)))

    assert threads.most == 2
    assert turns > 4


class Watched:
    """Counts the work that the threads begin and end."""

    def __init__(self) -> None:
        self.begun = self.ended = self.most = 0

    def around(self, work: Callable[..., bool]) -> Callable[..., bool]:
        def watched(encoded: str, given: bytes) -> bool:
            self.begun += 1
            self.most = max(self.most, self.begun - self.ended)
            try:
                return work(encoded, given)
            finally:
                self.ended += 1

        return watched


@pytest.fixture
def threads(monkeypatch: pytest.MonkeyPatch) -> Watched:
    watched = Watched()
    monkeypatch.setattr(password, "_verify", watched.around(password._verify))
    return watched
