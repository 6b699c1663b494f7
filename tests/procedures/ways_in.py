"""Every way by which a person or an address comes in, for one person who is written about in several spellings."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from models import (
    Category,
    ContactKind,
    ContactPoint,
    Employee,
    IntakeRow,
    Message,
    Purpose,
    Role,
)
from models.errors import ProcedureError
from procedures.archives import Terms, import_archive, person_of
from procedures.consent import give
from procedures.imports import Report
from procedures.intake import intake
from procedures.own import add, change
from procedures.tables import ImportRefused
from tests.procedures import records
from tests.procedures.importers import Importer
from tests.procedures.intakes import begun, given, personal_code, point

#: What a person is found by.
BY = ("key", "email", "phone", "code")
_MAP = """
source = "shop"
[customers.columns]
id = "key"
given = "identity.givenName"
family = "identity.familyName"
email = "contact_point.EMAIL"
phone = "contact_point.PHONE"
code = "personal_code.code"
country = "personal_code.country"
"""
#: The columns of a file of customers.
HEADER = "id,given,family,email,phone,code,country"


@dataclass(frozen=True)
class Row:
    """What is said of a person: the number of whose key, address, telephone and code each is."""

    key: str
    email: str
    phone: str
    code: str
    family: str = "Petraitė"

    @classmethod
    def of(cls, number: int) -> "Row":
        """A person as the first file has them."""
        return cls(f"k{number}", f"ona.{number}@example.org", f"+370612{number:05}", f"AB{number:06}")

    def found_by(self, by: str, number: int) -> "Row":
        """Another row, of which only one value is this person's, in another spelling."""
        again = {
            "key": self.key,
            "email": self.email.upper(),
            "phone": f"{self.phone[:4]} ({self.phone[4:7]}) {self.phone[7:]}",
            "code": f"{self.code[:2].lower()}-{self.code[2:]}",
        }
        return replace(Row.of(number), **{by: again[by]})

    @property
    def line(self) -> str:
        """The row as a file of customers has it."""
        return f"{self.key},Ona,{self.family},{self.email},{self.phone},{self.code},UA"

    @property
    def points(self) -> list[IntakeRow]:
        """What is entered of the contact points and the code."""
        return [
            point(ContactKind.EMAIL, self.email),
            point(ContactKind.PHONE, self.phone),
            personal_code(self.code, "UA"),
        ]

    @property
    def archived(self) -> dict[str, Any]:
        """The same in an archive of another installation."""
        kinds = (("EMAIL", self.email), ("PHONE", self.phone))
        return {
            "customer": {"id": self.key},
            "identity": {"id": f"i{self.key}", "givenName": "Ona", "familyName": self.family},
            "contactPoints": [
                {"id": f"{kind}{self.key}", "kind": kind, "value": value} for kind, value in kinds
            ],
            "personalCodes": [{"id": f"c{self.key}", "code": self.code, "country": "UA"}],
        }


@dataclass
class Ways:
    """The ways in, each of which says the code of its refusal, or None where the person comes in."""

    directory: Path
    importer: Importer = field(init=False)

    def __post_init__(self) -> None:
        path = self.directory / "people.toml"
        path.write_text(_MAP)
        self.importer = Importer(self.directory, map=str(path))

    async def file(self, *rows: Row, **options: Any) -> str | None:
        """Import a file of customers."""
        return next(iter((await self.report(*rows, **options)).faults), None)

    async def report(self, *rows: Row, **options: Any) -> Report:
        """The same; what was done."""
        file = self.importer.file(HEADER, *(row.line for row in rows))
        return await self.importer.customers(file=file, **options)

    async def update(self, row: Row) -> str | None:
        """The same, taking over what has changed."""
        return await self.file(row, update=True)

    async def archive(self, row: Row, number: str | None = None, **options: Any) -> str | None:
        """Import an archive, of the customer with this number."""
        source = "export of another"
        categories = frozenset({Category.IDENTITY, Category.CONTACT_POINT, Category.PERSONAL_CODE})
        try:
            person = await person_of(row.archived, number, source)
            terms = Terms(source, categories, await self.importer.basis(), person)
            reports = await import_archive(row.archived, terms, self.importer.options(source, **options))
        except ImportRefused as refusal:
            return refusal.code
        return next((code for report in reports.values() for code in report.faults), None)

    async def staff(self, row: Row) -> str | None:
        """Have staff take the person in, who stands before them."""
        manager, signed = await records.manager(), await records.employee(Role.AGENT)
        _, task, _ = await intake.open((await Employee.get(actor_id=signed.id)).id, by=manager)
        agent = records.staff(signed, Role.AGENT, purposes={Purpose.VERIFICATION})
        content = await given(rows=row.points, purpose=Purpose.VERIFICATION)
        return await _code(intake.record(f"{row.key:0>22}", task.id, content, attested=True, by=agent))

    async def visitor(self, row: Row) -> str | None:
        """Have a visitor begin, who is answered in any case, and is sent a code or none."""
        sent = await Message.all().count()
        await begun(await given(rows=row.points), f"{row.key:0>22}")
        return None if await Message.all().count() > sent else "NO_CODE"

    async def add(self, row: Row) -> str | None:
        """Have another customer add the address and the number."""
        other = await records.person(await records.customer())
        return await _code(self.added(row, other))

    async def change(self, row: Row) -> str | None:
        """Have another customer change an address of theirs into it."""
        other = await records.person(await records.customer())
        fresh = await self.added(Row.of(int(other.customer_id.int % 90_000)), other)  # type: ignore[union-attr]  # a customer has one
        values = {"kind": ContactKind.PHONE, "value": row.phone}
        await change(
            ContactPoint, fresh.id, {"kind": ContactKind.EMAIL, "value": "away@example.org"}, by=other
        )
        code = await _code(change(ContactPoint, fresh.id, values, by=other))
        return code or await _code(
            change(ContactPoint, fresh.id, {"kind": ContactKind.EMAIL, "value": row.email}, by=other)
        )

    async def added(self, row: Row, other: Any) -> Any:
        notice = await records.notice(Purpose.SUPPORT)
        await give(
            other.customer_id, Category.CONTACT_POINT, Purpose.SUPPORT, notice.id, by=other, evidence="form"
        )
        await add(ContactPoint, other.customer_id, {"kind": ContactKind.PHONE, "value": row.phone}, by=other)
        return await add(
            ContactPoint, other.customer_id, {"kind": ContactKind.EMAIL, "value": row.email}, by=other
        )


async def _code(work: Awaitable[object]) -> str | None:
    try:
        await work
    except ProcedureError as error:
        return error.code
    return None


#: By name, each way in, and by what it can find a person.
WAYS: dict[str, tuple[Callable[[Ways, Row], Awaitable[str | None]], tuple[str, ...]]] = {
    "file": (Ways.file, BY),
    "update": (Ways.update, BY),
    "archive": (Ways.archive, BY[1:]),
    "staff": (Ways.staff, BY[1:]),
    "visitor": (Ways.visitor, BY[1:]),
    "add": (Ways.add, BY[1:3]),
    "change": (Ways.change, BY[1:3]),
}
IMPORTS = ("file", "update", "archive")
