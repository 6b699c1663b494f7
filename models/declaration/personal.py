"""What every row of personal data owes: whose it is, the consent it rests on, where it came from."""

import sys
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self, cast
from uuid import UUID

from tortoise import fields
from tortoise.fields import ForeignKeyRelation
from tortoise.models import ModelMeta

from models.base import Category
from models.declaration import parts as made_of
from models.declaration.parts import Declaration, Given, Part, camel, stored
from models.errors import Unfit
from models.records import Consent, Customer, SealedRow

#: The category tables by category, filled as they are defined.
PERSONAL: dict[Category, type["Personal"]] = {}


class _Declared(ModelMeta):
    """Makes a table, and a content of what lies sealed in its rows, of a declaration."""

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
            made: Any = super().__new__(mcs, name, bases, attributes)
            return cast("_Declared", made)
        module = attributes["__module__"]
        category, many = Category(module.rpartition(".")[2]), options.get("many", True)
        annotations = attributes.get("__annotations__", {})
        parts = made_of.parts_of(attributes, annotations)
        shown = made_of.shown_of(attributes, annotations)
        content = made_of.content_of(f"{name}Content", module, parts)
        meta = {"table": table, **({} if many else {"unique_together": (("customer",),)})}
        attributes |= made_of.columns_of(parts, content)
        attributes |= {"category": category, "Content": content, "Meta": type("Meta", (), meta)}
        edge = camel(table) if many else name[0].lower() + name[1:]
        about = (sys.modules[module].__doc__ or "").partition("\n")[0]
        attributes["declared"] = Declaration(category, name, about, parts, shown, edge, **options)
        made = super().__new__(mcs, name, bases, attributes)
        PERSONAL[category] = made
        return cast("_Declared", made)

    def __init__(
        self, name: str, bases: tuple[type, ...], attributes: dict[str, Any], **options: Any
    ) -> None:
        super().__init__(name, bases, attributes)


class Personal(SealedRow, metaclass=_Declared):
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

    customer: ForeignKeyRelation[Customer] = fields.ForeignKeyField(
        "models.Customer", db_index=True, on_delete=fields.RESTRICT
    )
    consent: ForeignKeyRelation[Consent] = fields.ForeignKeyField(
        "models.Consent", db_index=True, on_delete=fields.RESTRICT
    )
    customer_id: UUID
    consent_id: UUID
    source = fields.CharField(max_length=100)
    collected_by: UUID | None = fields.UUIDField(null=True)
    collected_at = fields.DatetimeField()
    verification_method = fields.CharField(max_length=40, null=True)
    verification_level = fields.CharField(max_length=20, null=True)
    verified_at = fields.DatetimeField(null=True)
    verification_evidence = fields.CharField(max_length=100, null=True)
    verification_expires_at = fields.DatetimeField(null=True)

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """A column that a declaration made."""

    class Meta:
        abstract = True

    @classmethod
    def judge(cls, given: Given) -> None:
        """Refuse a row whose values do not fit each other; raises Unfit. Categories say what that is."""

    @classmethod
    def checked(cls, given: Given, parts: Mapping[str, Part] | None = None) -> dict[str, Any]:
        """The values of a row, each in its one spelling.

        Args:
            given: the row.
            parts: the fields that it consists of; all of them unless given.

        Raises:
            Unfit: a value cannot be used, is missing, or does not fit the others.
        """
        found = {}
        for name, part in (cls.declared.parts if parts is None else parts).items():
            value = given.row.get(name)
            if value is None and not part.empty and part.several is None and not part.secret:
                raise Unfit("A value is missing. Give one.", given.at(name), code="VALUE_MISSING")
            absent = value is None or (value == "" and part.empty)
            found[name] = None if absent else part.checked(value, given)
        cls.judge(given)
        return found

    @classmethod
    def made(cls, values: Mapping[str, Any]) -> Self:
        """A new row of checked values, by their names, with everything but whose it is and where it comes from."""
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
        """Give a row another content, and what finds it by that."""
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


def given(row: Mapping[str, Any], *, now: datetime | None = None, **options: Any) -> Given:
    """A row as it is given, now unless said otherwise."""
    return Given(row, now or made_of.utc_now(), **options)
