"""The schema put together, and refused when a field of it is open that nobody classified."""

from collections.abc import Collection
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import strawberry
from graphql import GraphQLObjectType, build_schema, lexicographic_sort_schema, print_schema
from strawberry.schema.config import StrawberryConfig

from models import Purpose, Role, Word
from policies import SHIPPED
from policies.errors import PolicyError
from policies.language import Declared, categories
from policies.policy import Policy
from schema import enums, own
from schema.budget import Counting
from schema.category import VIEWS
from schema.extensions import EXTENSIONS
from schema.partner import Partner
from schema.reading import Plain, Released, Root, Withheld, shape
from schema.scalars import SCALARS
from schema.types import Schema, types_of

HERE = Path(__file__).parent
#: Where queries and mutations are declared: a module for each noun.
MODULES = [
    import_module(f"schema.{found.name}") for found in iter_modules([str(HERE)]) if found.name != "build"
]


def _root(name: str, description: str) -> Any:
    """The type `Query` or `Mutation` with the fields that the modules declare."""
    declared = [each for module in MODULES for each in vars(module).values()] + own.MUTATIONS
    roots = [each for each in declared if isinstance(each, Root) and each.of == name]
    fields = {each.name: each.field for each in roots}
    return strawberry.type(type(name, (), fields), description=description)


Query = _root(
    "Query",
    "What can be read. The policies decide which fields of which records you get; the others are null.",
)
Mutation = _root(
    "Mutation",
    "What can be changed. Each mutation does all of its work or, if it has `userErrors`, none of it.",
)


def build(declared: Declared = SHIPPED) -> Schema:
    """The schema.

    Args:
        declared: the purposes and roles that it has; those of the policies that come with Savas unless given.
    """
    enums.of_policies(declared)
    return Schema(
        query=Query,
        mutation=Mutation,
        types=[*VIEWS.values(), Partner],
        extensions=EXTENSIONS,
        execution_context_class=Counting,
        config=StrawberryConfig(scalar_map=SCALARS),
    )


def published(schema: Schema) -> str:
    """The schema in GraphQL's own language, sorted, so that a change of it is a readable difference."""
    return print_schema(lexicographic_sort_schema(build_schema(schema.as_str()))) + "\n"


def check(schema: Schema, policy: Policy) -> None:
    """Refuse policies that do not fit a schema.

    Raises:
        PolicyError: names the types and fields that they do not classify, the purposes and roles that the schema has
            not, or those that the program cannot do without.
    """
    if missing := categories.missing(policy.rules):
        raise PolicyError(f"{'; '.join(missing)}")
    _check_vocabulary(schema, Purpose, policy.purposes)
    _check_vocabulary(schema, Role, policy.roles)
    unknown = [name for kind in types_of(schema) for name in _unclassified(kind, policy)]
    if unknown:
        raise PolicyError(
            f"nobody classified {', '.join(sorted(unknown))}; open them in a rule or take them out"
        )


def _check_vocabulary(schema: Schema, vocabulary: type[Word], declared: Collection[Word]) -> None:
    kind = vocabulary.__name__.lower()
    for term, reason in vocabulary.all_needed().items():
        if term not in declared:
            raise PolicyError(f"no {kind} `{term}` is declared, and Savas cannot do without: {reason}")
    published: Any = next(each for each in types_of(schema) if each.name == vocabulary.__name__)
    if new := [term.value for term in declared if term.name not in published.values]:
        raise PolicyError(
            f"the {kind} {', '.join(new)} is new, and the API has only those that were declared when the server started; "
            "start it again"
        )


def _unclassified(kind: Any, policy: Policy) -> list[str]:
    if (
        not isinstance(kind, GraphQLObjectType)
        or kind.name.startswith("__")
        or kind.name in ("Query", "Mutation")
    ):
        return []
    definition = (kind.extensions or {}).get("strawberry-definition")
    origin = getattr(definition, "origin", None)
    if origin is not None and issubclass(origin, Released):
        return [f"{kind.name}.{name}" for name in shape(kind.name).fields - policy.classified(kind.name)]
    plain = origin is not None and issubclass(origin, Plain | Withheld)
    return [] if plain else [kind.name]
