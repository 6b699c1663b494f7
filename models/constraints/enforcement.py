"""Putting the declared rules and indexes in place, and finding those that are not."""

from collections.abc import Iterator
from inspect import isclass

from tortoise import BaseDBAsyncClient, Model
from tortoise.fields.relational import OneToOneFieldInstance
from tortoise.indexes import Index
from tortoise.migrations.schema_editor import (
    AsyncpgSchemaEditor,
    BaseSchemaEditor,
    SqliteSchemaEditor,
)

import models
from models.constraints.rules import Rule, postgres_rules, sqlite_rules
from models.database import fetch, postgres

_POSTGRES_INDEXES = """
SELECT t.relname AS "table", i.indisunique AS "unique", pg_get_expr(i.indpred, i.indrelid) AS "condition",
       array(SELECT a.attname::text FROM unnest(i.indkey) WITH ORDINALITY AS k(number, place)
             JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number ORDER BY place) AS "columns"
FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid
WHERE i.indisvalid AND t.relnamespace = current_schema()::regnamespace
"""
_POSTGRES_RULES = """
SELECT indexname::text AS name, '' AS body FROM pg_indexes WHERE schemaname = current_schema()
UNION ALL SELECT conname::text, '' FROM pg_constraint WHERE contype = 'c' AND convalidated
UNION ALL SELECT tgname::text, '' FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'
UNION ALL SELECT proname::text, prosrc FROM pg_proc WHERE pronamespace = current_schema()::regnamespace
"""


def records() -> list[type[Model]]:
    """Every record that has a table, in the order of their names."""
    values = (value for _, value in sorted(vars(models).items()))
    return [
        value for value in values if isclass(value) and issubclass(value, Model) and not value._meta.abstract
    ]


async def missing(client: BaseDBAsyncClient) -> list[Rule]:
    """The declared rules and indexes that the database lacks, or has in another form."""
    if postgres(client):
        present = await _postgres_present(client)
        rules = [rule for rule in postgres_rules() if present.get(rule.name) != _body(rule)]
    else:
        present = await _sqlite_present(client)
        rules = [rule for rule in sqlite_rules() if present.get(rule.name) != rule.sql]
    return [*await _missing_indexes(client), *rules]


async def enforce(client: BaseDBAsyncClient) -> list[Rule]:
    """Create the rules and indexes that are missing; returns them."""
    rules = await missing(client)
    for rule in rules:
        if rule.kind == "trigger":
            on = f" ON {rule.table}" if postgres(client) else ""
            await client.execute_query(f"DROP TRIGGER IF EXISTS {rule.name}{on}")
        await client.execute_query(rule.sql)
    return rules


async def present_indexes(client: BaseDBAsyncClient) -> set[tuple[str, tuple[str, ...], bool]]:
    """Every index without a condition: its table, its columns in order, and whether it is unique."""
    if postgres(client):
        rows = await fetch(client, _POSTGRES_INDEXES)
        return {(row["table"], tuple(row["columns"]), row["unique"]) for row in rows if not row["condition"]}
    rows = await client.execute_query_dict(
        'SELECT t.name AS "table", l.name AS "index", l."unique" AS "unique" FROM sqlite_master t'
        " JOIN pragma_index_list(t.name) l WHERE t.type = 'table' AND NOT l.partial"
    )
    return {(row["table"], await _sqlite_columns(client, row["index"]), bool(row["unique"])) for row in rows}


def declared_indexes() -> Iterator[tuple[type[Model], tuple[str, ...], bool]]:
    """Every index that the records declare: the record, its columns in order, and whether it is unique."""
    for record in records():
        meta = record._meta
        for name, column in meta.fields_db_projection.items():
            field = meta.fields_map[name]
            one_to_one = isinstance(field.reference, OneToOneFieldInstance)
            if (field.unique or one_to_one) and not field.pk:
                yield record, (column,), True
            elif field.index and not field.pk:
                yield record, (column,), False
        for group in meta.unique_together or ():
            yield record, _columns(record, group), True
        for index in meta.indexes or ():
            names = index.fields if isinstance(index, Index) else index
            yield record, _columns(record, tuple(names)), False


def _columns(record: type[Model], names: tuple[str, ...]) -> tuple[str, ...]:
    fields = record._meta.fields_map
    return tuple(fields[name].source_field or name for name in names)


async def _missing_indexes(client: BaseDBAsyncClient) -> list[Rule]:
    present = await present_indexes(client)
    editor = _editor(client)
    return [
        _index(editor, record, columns, unique)
        for record, columns, unique in declared_indexes()
        if (record._meta.db_table, columns, unique) not in present
    ]


def _index(editor: BaseSchemaEditor, record: type[Model], columns: tuple[str, ...], unique: bool) -> Rule:
    table = record._meta.db_table
    name = editor._generate_index_name("uidx" if unique else "idx", record, list(columns))
    listed = ", ".join(f'"{column}"' for column in columns)
    sql = f'CREATE {"UNIQUE " if unique else ""}INDEX "{name}" ON "{table}" ({listed})'
    return Rule("index", name, table, sql)


def _editor(client: BaseDBAsyncClient) -> BaseSchemaEditor:
    return AsyncpgSchemaEditor(client) if postgres(client) else SqliteSchemaEditor(client)


async def _sqlite_columns(client: BaseDBAsyncClient, index: str) -> tuple[str, ...]:
    rows = await client.execute_query_dict("SELECT name FROM pragma_index_info(?) ORDER BY seqno", [index])
    return tuple(row["name"] for row in rows)


async def _sqlite_present(client: BaseDBAsyncClient) -> dict[str, str]:
    rows = await client.execute_query_dict("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    return {row["name"]: row["sql"] for row in rows}


async def _postgres_present(client: BaseDBAsyncClient) -> dict[str, str]:
    rows = await client.execute_query_dict(_POSTGRES_RULES)
    return {row["name"]: row["body"] for row in rows}


def _body(rule: Rule) -> str:
    return rule.sql.split("$body$")[1] if rule.kind == "function" else ""
