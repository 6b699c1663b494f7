"""The schema put together, and refused when a field of it is open that nobody classified."""

from collections.abc import Collection
from typing import Any

import strawberry
from graphql import GraphQLObjectType, build_schema, lexicographic_sort_schema, print_schema
from strawberry.schema.config import StrawberryConfig

from models import Purpose, Role, Word
from policies import SHIPPED, categories
from policies.declared import Declared
from policies.errors import PolicyError
from policies.policy import Policy
from schema import enums
from schema.access import AccessQueries
from schema.break_glass import BreakGlassMutations, BreakGlassQueries
from schema.category import VIEWS
from schema.company import CompanyQueries
from schema.consent import ConsentMutations
from schema.consent_transitions import ConsentTransitionMutations
from schema.consents import ConsentsMutations, ConsentsQueries
from schema.contact_point import ContactPointMutations
from schema.customer import CustomerQueries
from schema.double_opt_in import DoubleOptInMutations
from schema.export import ExportMutations, ExportQueries
from schema.extensions import EXTENSIONS
from schema.health_record import HealthRecordMutations
from schema.identity_evidence import IdentityEvidenceMutations
from schema.intake import IntakeMutations
from schema.legal_hold import LegalHoldMutations
from schema.me import MeQueries
from schema.nodes import NodeQueries
from schema.notice import NoticeMutations, NoticeQueries
from schema.obligation import ObligationMutations, ObligationQueries
from schema.own import OwnMutations
from schema.partner import Partner
from schema.password import PasswordMutations
from schema.payment_card import PaymentCardMutations
from schema.reading import Plain, Released, Withheld, shape
from schema.recipient import RecipientQueries
from schema.request import RequestMutations, RequestQueries
from schema.restriction import RestrictionMutations
from schema.scalars import SCALARS
from schema.session import SessionMutations
from schema.submission import SubmissionQueries
from schema.task import TaskMutations, TaskQueries
from schema.totp import TotpMutations
from schema.withdrawal import WithdrawalMutations, WithdrawalQueries


@strawberry.type(
    description="What can be read. The policies decide which fields of which records you get; the "
    "others are null."
)
class Query(
    MeQueries,
    CustomerQueries,
    TaskQueries,
    BreakGlassQueries,
    CompanyQueries,
    NoticeQueries,
    AccessQueries,
    RecipientQueries,
    NodeQueries,
    ConsentsQueries,
    ObligationQueries,
    RequestQueries,
    WithdrawalQueries,
    ExportQueries,
    SubmissionQueries,
):
    """The root of all queries."""


@strawberry.type(
    description="What can be changed. Each mutation does all of its work or, if it has `userErrors`, "
    "none of it."
)
class Mutation(
    SessionMutations,
    PasswordMutations,
    TotpMutations,
    TaskMutations,
    BreakGlassMutations,
    ConsentMutations,
    ContactPointMutations,
    OwnMutations,  # type: ignore[misc]  # made of the declarations
    ConsentTransitionMutations,
    ConsentsMutations,
    DoubleOptInMutations,
    NoticeMutations,
    WithdrawalMutations,
    ExportMutations,
    LegalHoldMutations,
    RestrictionMutations,
    ObligationMutations,
    RequestMutations,
    PaymentCardMutations,
    HealthRecordMutations,
    IntakeMutations,
    IdentityEvidenceMutations,
):
    """The root of all mutations."""


class Schema(strawberry.Schema):
    """Our schema; faults are reported where the request is answered, and never with their text."""

    def process_errors(self, errors: Any, execution_context: Any = None) -> None:
        """Strawberry would log each error with the query's text, which may hold values."""


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
        config=StrawberryConfig(scalar_map=SCALARS),
    )


def published(schema: Schema) -> str:
    """The schema in GraphQL's own language, sorted, so that a change of it is a readable difference."""
    return print_schema(lexicographic_sort_schema(build_schema(schema.as_str()))) + "\n"


def types_of(schema: Schema) -> list[Any]:
    """The named types of the schema, as graphql-core has them."""
    return list(schema._schema.type_map.values())  # noqa: SLF001 Strawberry's own printer reads it there


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
