"""A vault opens with the keys it was made with, and with nothing else; otherwise it is sealed and says why."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import models
from models.keys import keybook, keyring
from policies.actor import utc_now
from procedures.current import Addresses
from procedures.installation import opened, opened_sealed
from procedures.keys import rotation
from procedures.own import restriction
from tests import installation
from tests.people import Office
from tests.procedures.installed import Copies, at_work, forget, people, reads, reason, whole
from tests.procedures.ledgers import sql
from vault import proof, vault
from vault.errors import SealedError
from vault.file_provider import FileProvider

pytestmark = pytest.mark.every_database


@pytest.fixture
async def filled(place: Addresses) -> Addresses:
    """An installation with two customers, closed."""
    async with at_work(place):
        await people(2)
    return place


@pytest.fixture
async def embedded(sqlite_url: str) -> Addresses:
    """The same, embedded."""
    where = installation.place(sqlite_url)
    async with at_work(where):
        await people(2)
    return where


def file(place: Addresses) -> Path:
    return Path(place.provider.removeprefix("file:"))


def another(path: Path) -> None:
    """Put a file of keys of the same names in the place of the right one."""
    path.unlink()
    keys = FileProvider.created(path)
    for name in ("epoch-1", "index-1", "hash-1", "signing-1"):
        keys.create(name)


def directory(path: Path) -> None:
    """Put a directory there."""
    path.unlink()
    path.mkdir()


#: Lets the database refuse every further entry.
FULL = (
    "CREATE TRIGGER full_up BEFORE INSERT ON ledger_entries"
    " BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
)
BROKEN: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (lambda path: path.unlink(), "PROVIDER_MISSING"),
    "another": (another, "PROVIDER_WRONG"),
    "loosened": (lambda path: path.chmod(0o644), "PROVIDER_LOOSE"),
    "damaged": (lambda path: path.write_bytes(b"{}"), "PROVIDER_UNREADABLE"),
    "a directory": (directory, "PROVIDER_LOOSE"),
    "a link": (lambda path: path.symlink_to(path.rename(path.with_name("moved"))), "PROVIDER_LOOSE"),
}


@pytest.mark.parametrize("how", BROKEN)
async def test_without_the_right_file_of_keys_nothing_is_opened(filled: Addresses, how: str) -> None:
    damage, why = BROKEN[how]
    damage(file(filled))

    assert await reason(filled) == why


@pytest.mark.parametrize("how", BROKEN)
async def test_a_vault_at_work_is_sealed_when_its_file_of_keys_is_not_as_it_was(
    embedded: Addresses, how: str
) -> None:
    damage, why = BROKEN[how]
    async with at_work(embedded):
        assert await reads() == whole(2)
        damage(file(embedded))
        vault.current().refresh()

        with pytest.raises(SealedError) as refused:
            await reads()

        assert (refused.value.reason, vault.reason()) == (why, why)


async def test_a_file_of_keys_that_comes_back_opens_everything(filled: Addresses) -> None:
    file(filled).rename(file(filled).with_name("away"))
    assert await reason(filled) == "PROVIDER_MISSING"
    file(filled).with_name("away").rename(file(filled))

    async with at_work(filled):
        assert await reads() == whole(2)


async def test_an_emptied_key_database_is_not_begun_anew_over_sealed_data(embedded: Addresses) -> None:
    before = file(embedded).read_bytes()
    forget(embedded)

    assert await reason(embedded) == "KEYS_MISSING"
    assert file(embedded).read_bytes() == before


async def test_a_file_of_keys_that_has_served_elsewhere_serves_no_new_installation(
    sqlite_url: str, tmp_path: Path
) -> None:
    keys = FileProvider.created(tmp_path / "provider.json")
    keys.create("epoch-4")

    assert await reason(installation.place(sqlite_url)) == "PROVIDER_WRONG"
    assert keys.names() == {"epoch-4"}


async def test_an_epoch_key_of_the_same_number_is_told_apart(embedded: Addresses) -> None:
    keys = FileProvider(file(embedded))
    keys.destroy("epoch-1")
    keys.create("epoch-1")

    assert await reason(embedded) == "PROVIDER_WRONG"


async def test_two_that_open_for_the_first_time_have_the_same_keys(place: Addresses) -> None:
    async with opened(place):
        provider = vault.current().provider
        # The other one was a little later at each step.
        for name in ("epoch-1", "index-1", "hash-1", "signing-1"):
            rotation.create(provider, name)
        proofs = await keybook.proofs()
        assert not await keyring.begin(1, utc_now(), {})

        assert await keybook.proofs() == proofs
        assert all(proof.holds(provider, name, made) for name, made in proofs.items())


async def test_processes_that_begin_at_once_prepare_one_key_database(place: Addresses) -> None:
    async with opened(place):
        await asyncio.gather(*(keyring.prepare() for _ in range(5)))

        assert list(await keyring.epochs()) == [1]


async def test_a_first_start_that_was_killed_is_gone_on_with(sqlite_url: str, tmp_path: Path) -> None:
    keys = FileProvider.created(tmp_path / "provider.json")
    keys.create("epoch-1")

    async with at_work(installation.place(sqlite_url)):
        await people(1)
        assert await reads() == whole(1)


@pytest.mark.parametrize("name", ["erasures", "withdrawals"])
async def test_a_damaged_erasure_list_keeps_the_vault_sealed(filled: Addresses, name: str) -> None:
    filled.witness.mkdir(exist_ok=True)
    (filled.witness / name).write_text(json.dumps({"id": "nobody"}) + "\n")

    assert await reason(filled) == "ERASURES_DAMAGED"


async def test_a_witness_directory_that_is_none_keeps_the_vault_sealed(filled: Addresses) -> None:
    other = filled.witness.with_name("other")
    other.write_text("a file")

    assert await reason(replace(filled, witness=other)) == "WITNESS_UNUSABLE"


async def test_a_ledger_that_cannot_be_written_does_not_keep_the_vault_sealed(embedded: Addresses) -> None:
    async with at_work(embedded):
        await sql(FULL)
        await keybook.begin("epoch.begun", 1)

    async with at_work(embedded):
        assert await reads() == whole(2)
        assert await keybook.unfinished() == [("epoch.begun", 1)]


async def test_what_was_closed_and_cannot_be_closed_again_is_not_served(embedded: Addresses) -> None:
    async with at_work(embedded):
        customer = await models.Customer.all().order_by("id").first()
        assert customer is not None
        herself = await Office(counted=50).himself(customer)
    before = Copies(embedded)
    async with at_work(embedded):
        await restriction.begin(customer.id, by=herself.actor)
    before.back("database")
    async with opened_sealed(embedded):
        await sql(FULL)

    assert await reason(embedded) == "WORDS_UNATTENDED"
    async with opened_sealed(embedded):
        await sql("DROP TRIGGER full_up")
    async with at_work(embedded):
        assert await models.Customer.filter(id=customer.id, restricted=True).exists()


async def test_a_lost_index_key_is_said_and_made_anew(embedded: Addresses, monkeypatch) -> None:
    monkeypatch.setattr(rotation, "FRESH", 0.0)
    before = Copies(embedded)
    async with at_work(embedded):
        await rotation.rotate_indexes()
    before.back("provider")

    assert await reason(embedded) == "INDEX_DESTROYED"
    async with opened(embedded, mending=True):
        await rotation.rotate_indexes()

    async with at_work(embedded):
        assert vault.current().index_epochs() == (3,)
        assert await reads() == whole(2)
