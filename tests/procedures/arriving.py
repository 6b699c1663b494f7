"""What the tests of importing an archive share: one that a first installation made, and how a second takes it in."""

import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

import models
from models import Category, Purpose
from procedures.archives import Terms, import_archive, person_of, source_of, zip_file
from procedures.archives.kinds import KINDS
from procedures.export import archive as export_archive
from procedures.imports import LegalBasis, NoticeText, Options, Report, registered
from procedures.tables import ImportRefused
from tests.contents import NOON
from tests.installation import at_work
from tests.people import Office, Someone
from tests.procedures.leavers import leaver
from tests.procedures.taking import Taken

KEY = bytes(32)
SENDER = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
SOURCE = "export of Old Shop"
#: What can come in, by the names of the archive.
CARRIED = {kind.name: kind.category for kind in KINDS}
ALL = frozenset(CARRIED.values())
_LINES = (models.OrderLine("Lamp", 2, "10.00"), models.OrderLine("Bulb, E27", 3, "1.50"))
#: More than one row of what there can be several of, with what is hard to carry.
MORE: tuple[tuple[Category, dict[str, Any]], ...] = (
    (Category.CONTACT_POINT, {"kind": "PHONE", "content": models.ContactPoint.Content("+370 600 00001"),
                        "value_index": "+370 600 00001"}),
    (Category.POSTAL_ADDRESS, {"kind": "DELIVERY", "content": models.PostalAddress.Content("Vilniaus g. 7\nbutas 2", "Kaunas")}),
    (Category.INTERACTION, {"channel": "NOTE", "occurred_at": NOON - timedelta(days=9, microseconds=1),
                            "content": models.Interaction.Content("=SUM(A1)", 'Said "ačiū",\nand left. 🙂')}),
    (Category.ORDER, {"placed_at": NOON - timedelta(days=3),
                      "content": models.Order.Content("N-2", "24.50", "EUR", "Pilies g. 1\nVilnius", _LINES)}),
    (Category.HEALTH_RECORD, {"content": models.HealthRecord.Content("CONDITION", "Chronic sinusitis (disorder)")}),
)  # fmt: skip


@dataclass(frozen=True)
class Parcel:
    """An archive on its way."""

    files: dict[str, bytes]

    @classmethod
    async def sent(cls, url: str) -> "Parcel":
        """What an installation makes for a customer of whom it knows something in every category."""
        async with at_work(url):
            office = Office()
            customer, herself = await leaver(office)
            for category, values in MORE:
                given = await models.Consent.get(customer_id=customer.id, category=category)
                await office.row(customer, given, **values)
            await models.ContactPoint.filter(customer_id=customer.id).update(
                verification_method="CODE_BY_EMAIL", verified_at=office.now
            )
            return cls((await Taken.by(herself, customer)).files)

    @classmethod
    def of(cls, raw: bytes) -> "Parcel":
        return cls(Taken.of(raw).files)

    @property
    def raw(self) -> bytes:
        return export_archive.packed(self.files)

    @property
    def key(self) -> str:
        return self.files["signing.pub"].decode().strip()

    @property
    def document(self) -> dict[str, Any]:
        return dict(json.loads(self.files["data.json"]))

    @property
    def data(self) -> dict[str, Any]:
        return dict(self.document["data"])

    def saying(self, *, manifest: dict[str, Any] | None = None, **document: Any) -> "Parcel":
        """The same sender says something else, and signs it."""
        files = self.files | {"data.json": json.dumps(self.document | document).encode()}
        listed = [name for name in files if name not in ("MANIFEST.json", "MANIFEST.sig", "signing.pub")]
        whole = json.loads(export_archive.manifest({name: files[name] for name in listed}, NOON))
        return Parcel(files)._signed(json.dumps(whole | (manifest or {})).encode())

    def with_rows(self, **kinds: Any) -> "Parcel":
        """The same with other rows of some kinds."""
        return self.saying(data=self.data | kinds)

    def _signed(self, manifest: bytes) -> "Parcel":
        public = SENDER.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        signature = {
            "MANIFEST.sig": SENDER.sign(manifest).hex().encode(),
            "signing.pub": public.hex().encode(),
        }
        return Parcel(self.files | {"MANIFEST.json": manifest} | signature)

    def packed(self, others: Mapping[str, bytes] | None = None, *, without: Iterable[str] = ()) -> bytes:
        """The files with others beside or in their places, as somebody would pack them who does not sign."""
        return export_archive.packed(
            {name: held for name, held in (self.files | dict(others or {})).items() if name not in without}
        )


@dataclass
class Desk:
    """Where archives are taken in."""

    directory: Path
    categories: frozenset[Category] = ALL
    purposes: tuple[Purpose, ...] = (Purpose.SUPPORT, Purpose.CARE)
    number: str | None = None

    def opened(self, raw: bytes) -> dict[str, Any]:
        """What an archive says, once it is verified."""
        path = self.directory / "archive.zip"
        path.write_bytes(raw)
        with zip_file.opened(path) as found:
            return found.data()

    async def takes(self, parcel: Parcel, **options: Any) -> dict[Category, Report]:
        """Take an archive in."""
        source, data = source_of(parcel.key), self.opened(parcel.raw)
        person = await person_of(data, self.number, source)
        notices = await registered(
            NoticeText("We keep what you bring along.", version="7"), self.purposes, NOON
        )
        basis = LegalBasis(notices, "letter 7", NOON + timedelta(days=30))
        terms = Terms(SOURCE, self.categories, basis, person)
        return await import_archive(data, terms, Options(source, KEY, clock=lambda: NOON, **options))

    def but(self, **others: Any) -> "Desk":
        """The same with something else stated."""
        return replace(self, **others)


async def herself(office: Office) -> Someone:
    """The one customer there is, signed in."""
    return await office.session(await office.himself(await models.Customer.get()))


async def refused(desk: Desk, parcel: Parcel) -> str:
    """Why an archive is not taken in; nothing of it is."""
    with pytest.raises(ImportRefused) as refusal:
        await desk.takes(parcel)
    return refusal.value.code


def totals(reports: dict[Category, Report]) -> tuple[int, int, dict[str, int]]:
    """How many rows were created and unchanged, and the faults by code."""
    faults: dict[str, int] = {}
    for report in reports.values():
        for code, count in report.faults.items():
            faults[code] = faults.get(code, 0) + count
    return (
        sum(each.created for each in reports.values()),
        sum(each.unchanged for each in reports.values()),
        faults,
    )


def said(data: dict[str, Any], name: str) -> list[str]:
    """The rows of a kind as both installations must tell them: without what each says of its own."""
    held = data[name] or []
    rows = held if isinstance(held, list) else [held]
    own = ("id", "provenance", "withheld", "verifiedAt")
    return sorted(
        json.dumps({key: row[key] for key in row if key not in own}, sort_keys=True) for row in rows
    )


def zipped(*files: tuple[zipfile.ZipInfo | str, bytes]) -> bytes:
    """A ZIP of these files, whatever their names."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, held in files:
            archive.writestr(name, held)
    return raw.getvalue()


def digest(held: bytes) -> str:
    return sha256(held).hexdigest()
