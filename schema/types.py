"""The class of the schema, and the types that one has."""

from typing import Any

import strawberry


class Schema(strawberry.Schema):
    """Our schema; faults are reported where the request is answered, and never with their text."""

    def process_errors(self, errors: Any, execution_context: Any = None) -> None:
        """Strawberry would log each error with the query's text, which may hold values."""


def types_of(schema: Schema) -> list[Any]:
    """The named types of the schema, as graphql-core has them."""
    return list(schema._schema.type_map.values())  # noqa: SLF001 Strawberry's own printer reads it there
