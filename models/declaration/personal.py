"""What every row of personal data has: its customer, the consent it rests on, its provenance."""

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self, cast
from uuid import UUID

from tortoise import fields

from models.base import Category, Table, refers_to
from models.declaration import parts as declaring
from models.declaration.parts import Declaration, Given, Part, camel, stored
from models.errors import Faults, Unfit
from models.records import Consent, Customer, SealedRow

#: The category tables by category, filled as they are defined.
PERSONAL: dict[Category, type["Personal"]] = {}


class _Declared(Table):
    """Makes a table of a declaration, and a dataclass of what is sealed in its rows."""

    def __new__(
        mcs,
        name: str,
        bases: tuple[type, ...],
        attributes: dict[str, Any],
        *,
        table: str = "",
        **options: Any,
    ) -> "_Declared":
        if not table:
            return cast("_Declared", super().__new__(mcs, name, bases, attributes, **options))
        module = attributes["__module__"]
        category, many = Category(module.rpartition(".")[2]), options.get("many", True)
        annotations = attributes.get("__annotations__", {})
        parts = declaring.parts_of(attributes, annotations)
        shown = declaring.parts_of(attributes, annotations, shown=True)
        content = declaring.content_of(f"{name}Content", module, parts)
        unique: dict[str, Any] = {} if many else {"unique_together": (("customer",),)}
        attributes |= declaring.columns_of(parts, content)
        attributes |= {"category": category, "Content": content}
        edge = camel(table) if many else name[0].lower() + name[1:]
        about = (sys.modules[module].__doc__ or "").partition("\n")[0]
        attributes["declared"] = Declaration(category, name, about, parts, shown, edge, **options)
        model: Any = super().__new__(mcs, name, bases, attributes, table=table, **unique)
        if any(each.declared.term == model.declared.term for each in PERSONAL.values()):
            raise ValueError(f"{name}: another category has the term {model.declared.term}")
        PERSONAL[category] = model
        return cast("_Declared", model)


class Personal(SealedRow, metaclass=_Declared, abstract=True):
    """A row of personal data: whose it is, the consent it rests on, and where it came from.

    The database refuses a row whose consent is another customer's, another category's, or in a
    state that does not permit processing.

    Attributes:
        declared: what is declared of the category.
        Content: the dataclass of what lies sealed.
    """

    category: ClassVar[Category]
    declared: ClassVar[Declaration]
    Content: ClassVar[Any]

    customer = refers_to(Customer)
    consent = refers_to(Consent)
    customer_id: UUID
    consent_id: UUID
    source = fields.CharField(max_length=100)
    collected_by: UUID | None = fields.UUIDField(null=True)
    collected_at = fields.DatetimeField()
    verification_method = fields.CharField(max_length=40, null=True)
    verification_level = fields.CharField(max_length=20, null=True)
    verified_at = fields.DatetimeField(null=True)
    verified_by: UUID | None = fields.UUIDField(null=True)
    verification_evidence = fields.CharField(max_length=100, null=True)
    verification_expires_at = fields.DatetimeField(null=True)

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """A column that a declaration made."""

    @classmethod
    def judge(cls, given: Given) -> None:
        """Refuse a row whose values do not fit each other; raises Unfit. Each category has its own rule."""

    @classmethod
    def checked(cls, given: Given, parts: Mapping[str, Part] | None = None) -> dict[str, Any]:
        """The values of a row, each in its one spelling.

        Args:
            given: the row.
            parts: the fields that it consists of; all of them unless given.

        Raises:
            Unfit: a value cannot be used, is missing, or does not fit the others; each that cannot is told.
        """
        values, faults = {}, Faults()
        for name, part in (cls.declared.parts if parts is None else parts).items():
            with faults.gathered():
                value = given.row.get(name)
                if value is None and not part.empty and part.several is None and not part.secret:
                    raise Unfit("A value is missing. Give one.", given.at(name), code="VALUE_MISSING")
                absent = value is None or (value == "" and part.empty)
                values[name] = None if absent else part.checked(value, given)
        faults.refuse()
        cls.judge(given)
        return values

    @classmethod
    def from_values(cls, values: Mapping[str, Any]) -> Self:
        """A new row of checked values, by their names; the caller adds customer, consent and provenance."""
        parts = cls.declared.parts
        row = cls(
            **{name: values[name] for name, part in parts.items() if not part.sealed and name in values}
        )
        row.fill(
            cls.Content(
                **{
                    name: stored(value)
                    for name, value in values.items()
                    if parts[name].sealed and not (value is None and parts[name].several)
                }
            )
        )
        return row

    def fill(self, content: Any) -> None:
        """Set the row's content, and the indexes that are made of it."""
        row: Any = self
        row.content = content
        for name, field in row._meta.fields_map.items():
            part = getattr(field, "part", None)
            if part is not None:
                # Assigned, because what is given when a row is made is taken for what the database holds.
                setattr(row, name, getattr(content, part))

    def values(self, content: Any) -> dict[str, Any]:
        """The values of a row whose content was opened, by their names, as they are stored."""
        parts = self.declared.parts.items()
        return {name: getattr(content if part.sealed else self, name) for name, part in parts}
