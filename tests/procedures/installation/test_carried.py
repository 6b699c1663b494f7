"""What an older version kept in plain is sealed once the database is migrated, and found again as it was."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from models import (
    Consent,
    ConsentContent,
    ImportedRow,
    LegalHold,
    LegalHoldContent,
    OutsideKey,
    opened,
)
from models.database import kind, postgres, sqlite_path, transaction
from models.event import Event
from policies.actor import utc_now
from procedures.imports import imported
from procedures.installation.migration import MigrationError, migrate, plain, seal
from procedures.keys import carried, sealing
from procedures.work import silent
from tests import installation, ledger
from tests.procedures import older
from tests.procedures.installed import at_work

#: The version that kept them in plain.
OLDER = ("0001_initial", "0002_difference", "0003_clock_doubt_clock_reading_departed_key_d")
KEY = "ona@shop.example"
MESSAGE = f"message {uuid4()}"
#: By a name for it: category, state, evidence and confirmation of a consent.
CONSENTS = {
    "given": ("order", "GIVEN", "form 7", None),
    "asked": ("identity", "REQUESTED", MESSAGE, None),
    "recorded": ("contact_point", "GIVEN", "form 8", MESSAGE),
    "refused": ("preference", "REFUSED", "", None),
}
NAMES = ("customer", "notice", "hold", *CONSENTS)


@pytest.fixture
def migrations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A package with the migrations of the older version."""
    return older.package(OLDER, tmp_path, monkeypatch)


def rows(ids: dict[str, UUID], now: datetime) -> Iterator[tuple[str, dict[str, Any]]]:
    """What that version kept of a customer, in plain."""
    whose: dict[str, Any] = {"customer_id": ids["customer"]}
    yield (
        "customers",
        {"id": ids["customer"], "number": "C-1", "status": "ACTIVE", "restricted": False, "created_at": now},
    )
    yield "notices", {"id": ids["notice"], "purpose": "support", "language": "lt", "version": "1", "text": "…",
                      "digest": "0" * 64, "created_at": now}  # fmt: skip
    yield "legal_holds", {"id": ids["hold"], **whose, "category": "order", "reason": "LEGAL_CLAIMS",
                          "basis": "Ona v. us", "placed_at": now, "until": now}  # fmt: skip
    for entity in ("customer", "order"):
        yield "imported_rows", {"id": uuid4(), "source": "shop", "entity": entity, "key": KEY, "digest": b"d",
                                "record_id": ids["customer"], "imported_at": now}  # fmt: skip
    for name, (category, state, evidence, confirmation) in CONSENTS.items():
        yield "consents", {"id": ids[name], **whose, "category": category, "purpose": "support", "notice_id": ids["notice"],
                           "state": state, "permits": state == "GIVEN", "evidence": evidence, "confirmation": confirmation,
                           "expires_at": now, "created_at": now}  # fmt: skip


async def is_as_it_was(ids: dict[str, UUID]) -> None:
    """Make sure that everything is found again, sealed."""
    consents = {name: await Consent.get(id=ids[name]) for name in CONSENTS}
    assert {name: await opened(each) for name, each in consents.items()} == {
        "given": ConsentContent("form 7"),
        "asked": ConsentContent(MESSAGE),
        "recorded": ConsentContent("form 8", MESSAGE),
        "refused": None,
    }
    codes = {name: each.code for name, each in consents.items()}
    assert codes == {"given": None, "asked": MESSAGE, "recorded": MESSAGE, "refused": None}
    assert await opened(await LegalHold.get()) == LegalHoldContent("Ona v. us")
    assert (await imported("shop", "customer", [KEY])).keys() == {KEY}
    assert {row.key[0] for row in await ImportedRow.all()} == {"#"}
    (key,) = await OutsideKey.all()
    assert (key.customer_id, (await opened(key)).key) == (ids["customer"], KEY)
    sealed = {(each["category"], each["rows"]) for each in await ledger.data(Event.ROWS_SEALED)}
    assert sealed == {("order", 1), ("identity", 1), ("contact_point", 1), ("outside_key", 2)}


#: What makes the tables of today those of the older version, and the other way round.
BACK = (
    "ALTER TABLE consents DROP COLUMN content",
    "ALTER TABLE consents ADD COLUMN evidence VARCHAR(200) NOT NULL DEFAULT ''",
    "ALTER TABLE consents ADD COLUMN confirmation VARCHAR(200)",
    "ALTER TABLE legal_holds DROP COLUMN content",
    "ALTER TABLE legal_holds ADD COLUMN basis VARCHAR(200) NOT NULL DEFAULT ''",
)
FORTH = (
    "ALTER TABLE consents DROP COLUMN evidence",
    "ALTER TABLE consents DROP COLUMN confirmation",
    "ALTER TABLE legal_holds DROP COLUMN basis",
    "ALTER TABLE consents ADD COLUMN content {}",
    "ALTER TABLE legal_holds ADD COLUMN content {}",
)


@pytest.mark.every_database
async def test_what_was_in_plain_is_taken_along_and_sealed(database: str) -> None:
    ids = {name: uuid4() for name in NAMES}
    async with transaction() as client:
        for statement in BACK:
            await client.execute_query(statement)
        for table, values in rows(ids, utc_now()):
            await older.insert(client, table, **values)
        taken = await carried.take(client)
        for statement in FORTH:
            await client.execute_query(statement.format("BYTEA" if postgres(client) else "BLOB"))
        await carried.give(client, taken)
    keys = {key: mark.record_id for key, mark in (await imported("shop", "order", [KEY, "petras"])).items()}
    assert keys == {KEY: ids["customer"]}, "an import finds what is marked in plain still"

    assert await sealing.plain_rows() == await sealing.seal_rows() == 6

    await is_as_it_was(ids)
    assert await sealing.plain_rows() == 0


@pytest.mark.long  # the migrations themselves take seconds
async def test_no_copy_with_what_is_in_plain_is_kept(empty: str, migrations: str) -> None:
    if kind(empty) != "sqlite":
        return
    ids, where = {name: uuid4() for name in NAMES}, installation.place(empty)
    async with older.migrated(empty, migrations) as client:
        for table, values in rows(ids, utc_now()):
            await older.insert(client, table, **values)
        await older.insert(client, "companies", id=uuid4(), name="Onos siuvykla", created_at=utc_now())
    assert await plain(empty) == 7
    with pytest.raises(MigrationError) as refused:
        await migrate(empty, keep_backup=True)

    assert refused.value.code == "BACKUP_IN_PLAIN"
    await migrate(empty)
    assert await seal(where, progress=silent) == (6, 0)
    async with at_work(where):
        await is_as_it_was(ids)
    data = b"".join(each.read_bytes() for each in sqlite_path(empty).parent.iterdir() if each.is_file())
    for text in ("Onos siuvykla", "form 7", "Ona v. us", KEY):
        assert text.encode() not in data
