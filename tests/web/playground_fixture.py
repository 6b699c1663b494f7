"""A small server with the real endpoint and the real playground, and four people's worth of schema."""

import strawberry
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Mount

from web import graphql, playground

TOKEN = "a-token-that-must-stay-in-this-tab-of-the-browser"


@strawberry.type
class Employee:
    name: str
    roles: list[str]


@strawberry.type
class UserError:
    code: str
    message: str


@strawberry.input
class SignInInput:
    login: str
    password: str


@strawberry.type
class SignInPayload:
    token: str | None
    user_errors: list[UserError]


@strawberry.type
class SignOutPayload:
    user_errors: list[UserError]


@strawberry.type
class Query:
    @strawberry.field
    def me(self, info: strawberry.Info) -> Employee | None:
        return Employee(name="Ruta", roles=["agent"]) if info.context["token"] else None

    @strawberry.field
    def purpose(self, info: strawberry.Info) -> str:
        return str(info.context["purpose"])


@strawberry.type
class Mutation:
    @strawberry.mutation
    def sign_in(self, input: SignInInput) -> SignInPayload:
        if input.password != "correct horse":
            error = UserError(code="WRONG_CREDENTIALS", message="Login or password is wrong.")
            return SignInPayload(token=None, user_errors=[error])
        return SignInPayload(token=TOKEN, user_errors=[])

    @strawberry.mutation
    def sign_out(self) -> SignOutPayload:
        return SignOutPayload(user_errors=[])


async def context(request: Request) -> dict[str, str | bool]:
    return {
        "token": request.headers.get("authorization") == f"Bearer {TOKEN}",
        "purpose": request.headers.get("purpose", "none"),
    }


def people() -> list[dict[str, object]]:
    query = "query Mine {\n  purpose\n  me {\n    name\n  }\n}\n"
    return [
        {
            "title": "Ruta, support agent",
            "login": "ruta",
            "password": "correct horse",
            "purpose": "support",
            "queries": [{"title": "Mine", "query": query}],
        }
    ]


def app() -> Starlette:
    answered = graphql.endpoint(strawberry.Schema(Query, Mutation), context)
    site = playground.routes(people)
    return Starlette(routes=[*site, Mount("/", answered)])
