"""What a customer takes along, as the customer has it."""

import csv
import io
import json
import zipfile
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from models import Customer
from procedures.export import export
from schema import export_reading
from tests.people import BUILT, Someone

READ = partial(export_reading.read, BUILT)
#: One value of each category that the customers of the tests have, and no other text holds.
VALUES = (
    "Kazlauskaitė", "Migracijos departamentas", "49001010001", "jone@example.org", "Pilies g. 1", "books",
    "About lamps.", "12.50", "1111", "Latex allergy",
)  # fmt: skip


@dataclass(frozen=True)
class Taken:
    """An archive as its customer has it."""

    files: dict[str, bytes]

    @classmethod
    async def by(cls, herself: Someone, customer: Customer) -> "Taken":
        """Ask for it, have it made, and fetch it."""
        begun = await export.begin(customer.id, by=herself.actor)
        assert await export.finish(READ, clock=herself.actor.clock) == 1
        return cls.of(await fetched(begun.token, herself))

    @classmethod
    def of(cls, raw: bytes) -> "Taken":
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            return cls({name: archive.read(name) for name in archive.namelist()})

    @property
    def data(self) -> dict[str, Any]:
        """What `data.json` says."""
        return dict(json.loads(self.files["data.json"])["data"])

    def rows(self, name: str) -> list[dict[str, str]]:
        """A table, as Python reads it."""
        return list(csv.DictReader(io.StringIO(self.files[f"csv/{name}.csv"].decode(), newline="")))

    def verify(self) -> None:
        """Check it as docs/export.md says."""
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.files["signing.pub"].decode()))
        public.verify(bytes.fromhex(self.files["MANIFEST.sig"].decode()), self.files["MANIFEST.json"])
        for each in json.loads(self.files["MANIFEST.json"])["files"]:
            assert sha256(self.files[each["name"]]).hexdigest() == each["sha256"]


async def fetched(token: str, by: Someone) -> bytes:
    found = await export.download(token, by=by.actor)
    raw = b"".join([part async for part in found.parts])
    assert len(raw) == found.size
    return raw
