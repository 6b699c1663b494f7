"""A small schema and how to ask it, for what concerns HTTP alone."""

from collections.abc import Callable
from enum import Enum

import httpx
import strawberry
from graphql import GraphQLError
from starlette.requests import Request
from strawberry.types import ExecutionContext

from models.errors import Unfit
from policies.errors import Refused
from procedures.errors import RateLimited, Unauthenticated
from schema.extensions import EXTENSIONS
from web.graphql import JSON
from web.headers import bearer, purposes

SECRET = "Jonas"
ALLOWED = "https://office.example"


@strawberry.enum
class Colour(Enum):
    RED = "red"


@strawberry.input
class Wish:
    stars: int
    tags: list[int] = strawberry.field(default_factory=list)


@strawberry.type
class Query:
    @strawberry.field
    def hello(self, info: strawberry.Info) -> str:
        return f"hello {info.context}"

    @strawberry.field
    def wish(self, wish: Wish, colour: Colour | None = None) -> int:
        return wish.stars

    @strawberry.field
    def unfit(self) -> str | None:
        raise Unfit("The day is over.", "day")

    @strawberry.field
    def refused(self) -> str | None:
        action = "read"
        raise Refused(action)

    @strawberry.field
    def fault(self) -> str | None:
        raise ValueError(SECRET)

    @strawberry.field
    def said(self) -> str | None:
        raise GraphQLError(SECRET)

    @strawberry.field
    def wrong(self) -> int | None:
        return SECRET  # type: ignore[return-value] # a resolver that breaks its word

    @strawberry.field
    def missing(self) -> str:
        return None  # type: ignore[return-value] # a resolver that breaks its word


@strawberry.type
class Mutation:
    @strawberry.mutation
    def sign_in(self, login: str) -> str:
        return login


class QuietSchema(strawberry.Schema):
    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Strawberry would log the document and the exception."""


SCHEMA = QuietSchema(Query, Mutation, extensions=EXTENSIONS)


async def context(request: Request) -> str:
    stated = purposes(request.headers)
    token = bearer(request.headers)
    troubles: dict[str, Exception] = {
        "unauthenticated-token": Unauthenticated(),
        "rate-limited-token": RateLimited(7),
        "troublesome-token": ValueError(SECRET),
    }
    if token in troubles:
        raise troubles[token]
    return ",".join(sorted(stated))


Ask = Callable[..., httpx.Response]


def send(client: httpx.Client, content: bytes = b'{"query": "{hello}"}', **headers: str) -> httpx.Response:
    given = {"Content-Type": JSON} | {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post("/graphql", content=content, headers=given)


def code(answer: httpx.Response) -> str:
    return str(answer.json()["errors"][0]["extensions"]["code"])


def message(answer: httpx.Response) -> str:
    return str(answer.json()["errors"][0]["message"])
