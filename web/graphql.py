"""The endpoint `/graphql`: GraphQL over HTTP, September 2026 edition, in its strictest reading.

A request passes these gates in order; each can be the last:

    method        only POST: 405 with Allow; OPTIONS is answered with 204
    origin        of the same host or one of the configured: 403
    Accept        application/graphql-response+json or application/json: 406
    Content-Type  application/json in UTF-8, uncompressed: 415. No simple content type, hence no CSRF
    body          413; 400 when it is not strict JSON; 422 when it is no GraphQL request
    context       who asks and why: whatever the context getter raises
    document      400 when it cannot be parsed; 422 when it is invalid, too complex, of several operations, or
                  its variables do not fit

As the edition asks, an answer with data and errors is 294 (Partial Success) as
application/graphql-response+json and 200 as application/json, and an answer that was not executed is
application/graphql-response+json even to callers that named application/json only. No GET, no batches, no
multipart, no subscriptions.

One line per request goes to the log `savas.web`: status, codes, the first 16 hexadecimal digits of what stands for
the document in the ledger, correlation id; never the document, the variables or any text of an error.

    NOT_ACCEPTABLE       the header Accept names neither application/graphql-response+json nor application/json
"""

import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from graphql import GraphQLError
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from strawberry.schema import BaseSchema
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types.execution import ExecutionResult
from strawberry.types.graphql import OperationType

from procedures.ledger import reading
from web import abandoned, body, errors
from web.errors import HTTPProblem

log = logging.getLogger("savas.web")

GRAPHQL = "application/graphql-response+json"
JSON = "application/json"
#: The edition's own status for data beside errors; meant for GRAPHQL only.
PARTIAL = 294

_OPERATIONS = frozenset({OperationType.QUERY, OperationType.MUTATION})
_ALWAYS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Vary": "Origin, Accept"}
_CORS_REQUEST = "content-type, authorization, purpose"

ContextGetter = Callable[[Request], Awaitable[Any]]


@dataclass(frozen=True)
class Answer:
    """What goes back: a status, a GraphQL result, further headers, and what the log may know."""

    status: int
    content: dict[str, Any] | None
    headers: dict[str, str]
    operation: str = "-"

    @property
    def codes(self) -> str:
        """The distinct error codes for the log, in the order of the alphabet."""
        listed = (self.content or {}).get("errors", ())
        return ",".join(sorted({error["extensions"]["code"] for error in listed})) or "-"


@dataclass(frozen=True)
class Endpoint:
    """The ASGI application; an object, because Starlette takes a bare function for a view of GET requests.

    Attributes:
        schema: what may be asked.
        context: makes the resolvers' context of a request, of which `only_reads` says whether the operation changes
            nothing. It may raise `HTTPProblem`, or an exception with `code` and `message`; the answer has that code.
        origins: foreign origins, as `https://host[:port]`, whose pages may ask.
    """

    schema: BaseSchema
    context: ContextGetter
    origins: frozenset[str] = frozenset()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, and log it."""
        request = Request(scope, receive)
        request_id = errors.begin(scope)
        try:
            answer = await self._answered(request)
        except ClientDisconnect:
            return
        log.info(
            "status=%d code=%s operation=%s request=%s",
            answer.status,
            answer.codes,
            answer.operation,
            request_id,
        )
        await _response(request, answer, self.origins)(scope, receive, send)

    async def _answered(self, request: Request) -> Answer:
        operation = "-"
        try:
            if (early := _gate(request, self.origins)) is not None:
                return early
            raw = await body.read(request.stream(), request.headers.get("content-length"))
            asked = body.parse(raw)
            operation = (reading.mark(asked["query"]) or "-")[:16]
            context = await self.context(request)
            executed = _executed(self.schema, asked, context)
            only_reads = partial(getattr, context, "only_reads", False)
            result = await abandoned.unless(executed, request.receive, only_reads)
            return _answer_of(result, operation)
        except ClientDisconnect:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, its text must not leave
            return Answer(*errors.answered(error), operation)


def _gate(request: Request, origins: frozenset[str]) -> Answer | None:
    """Everything that can be refused by the headers alone; an answer of its own for OPTIONS."""
    if request.method == "OPTIONS":
        return Answer(204, None, {"Allow": "POST"})
    errors.only("POST", request.method)
    if not _may_ask(request.headers, origins):
        raise HTTPProblem(
            403,
            "ORIGIN_FORBIDDEN",
            "Pages of this origin may not use this server.",
            "Have the operator allow it by --origin.",
        )
    accepted(request.headers)
    if not _is_json(request.headers):
        raise HTTPProblem(
            415,
            "CONTENT_TYPE_UNSUPPORTED",
            "The body must be JSON.",
            "Send `Content-Type: application/json`, in UTF-8 and uncompressed.",
            headers={"Accept-Post": JSON},
        )
    return None


async def _executed(schema: BaseSchema, asked: body.Operation, context: Any) -> ExecutionResult:
    try:
        result = await schema.execute(
            asked["query"],
            variable_values=asked["variables"],
            context_value=context,
            operation_name=asked["operationName"],
            allowed_operation_types=_OPERATIONS,
            operation_extensions=asked["extensions"],
        )
    except (CannotGetOperationTypeError, InvalidOperationTypeError):
        raise HTTPProblem(
            422,
            errors.BAD_INPUT,
            "It is not clear which query or mutation to run.",
            "Send one operation, or name one that the document holds in `operationName`.",
        ) from None
    assert isinstance(result, ExecutionResult)  # noqa: S101 - others come with incremental delivery, which is off
    return result


def _answer_of(result: ExecutionResult, operation: str) -> Answer:
    """The result as an answer: not executed, complete, or partial; nothing of it when the server cannot answer at all."""
    content: dict[str, Any] = {}
    listed = [_formatted(error) for error in result.errors or ()]
    codes = [error["extensions"]["code"] for error in listed]
    if not errors.UNAVAILABLE.isdisjoint(codes):
        return Answer(503, {"errors": listed}, errors.waiting(listed), operation)
    executed = result.data is not None or any(error.path for error in result.errors or ())
    if listed:
        content["errors"] = listed
    if executed:
        content["data"] = result.data
    if result.extensions:
        content["extensions"] = result.extensions
    status = 200
    if listed:
        status = PARTIAL if executed else max(map(errors.status_of, codes))
    return Answer(status, content, errors.waiting(listed), operation)


def _formatted(error: GraphQLError) -> dict[str, Any]:
    formatted = errors.formatted(error)
    if formatted["extensions"]["code"] == errors.INTERNAL:
        errors.report(errors.source(error))
    return formatted


def _response(request: Request, answer: Answer, origins: frozenset[str]) -> Response:
    status, kind = answer.status, GRAPHQL
    if status in (200, PARTIAL) and accepted(request.headers) == JSON:
        status, kind = 200, JSON
    headers = {**_ALWAYS, **answer.headers, "Request-Id": errors.correlation(), **_cors(request, origins)}
    if answer.content is None:
        return Response(status_code=status, headers=headers)
    encoded = json.dumps(answer.content, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    return Response(encoded, status, {**headers, "Content-Type": f"{kind}; charset=utf-8"})


def _cors(request: Request, origins: frozenset[str]) -> dict[str, str]:
    """Lets a configured origin read the answer; every other page is left to the browser's own refusal."""
    origin = request.headers.get("origin")
    if origin not in origins:
        return {}
    allowed = {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Expose-Headers": "Request-Id, Retry-After",
    }
    if request.method == "OPTIONS":
        allowed |= {"Access-Control-Allow-Methods": "POST", "Access-Control-Allow-Headers": _CORS_REQUEST}
    return allowed


def _may_ask(headers: Headers, origins: frozenset[str]) -> bool:
    """Whether the page that asks, if it is a page, is served by this host or configured.

    The scheme is not compared: behind a proxy that ends TLS it is not known here.
    """
    named = headers.getlist("origin")
    if len(named) != 1:
        return not named
    return named[0] in origins or _same_host(named[0], headers.get("host", ""))


def _same_host(origin: str, host: str) -> bool:
    scheme, _, authority = origin.lower().partition("://")
    if scheme not in ("http", "https") or not authority:
        return False
    default = ":443" if scheme == "https" else ":80"
    return authority.removesuffix(default) == host.lower().removesuffix(default)


def accepted(headers: Headers) -> str:
    """The media type to answer in: the caller's favourite; of equals the one named first, else GraphQL's own.

    Raises:
        HTTPProblem: 406 `NOT_ACCEPTABLE`.
    """
    accept = ",".join(headers.getlist("accept"))
    if not accept.strip():
        return GRAPHQL
    best = max((_preference(accept, kind), kind == GRAPHQL, kind) for kind in (GRAPHQL, JSON))
    if best[0][0] <= 0:
        raise HTTPProblem(
            406,
            "NOT_ACCEPTABLE",
            "The header Accept names no media type that can be answered.",
            f"Accept {GRAPHQL}.",
        )
    return best[2]


def _preference(accept: str, kind: str) -> tuple[float, int]:
    """How much the caller prefers a media type: the q-value of the most specific range, and minus its place."""
    matches: list[tuple[int, float, int]] = []
    for position, entry in enumerate(accept.split(",")):
        media, *parameters = (part.strip().lower() for part in entry.split(";"))
        options = dict(parameter.partition("=")[::2] for parameter in parameters)
        if media in (kind, "application/*", "*/*") and options.get("charset", "utf-8").strip('"') in (
            "utf-8",
            "utf8",
        ):
            matches.append((-media.count("*"), _quality(options.get("q", "1")), -position))
    return max(matches, default=(0, 0.0, 0))[1:]


def _quality(text: str) -> float:
    """A q-value between 0 and 1; 0 for a text that is not one."""
    try:
        return max(0.0, min(1.0, float(text[:6])))
    except ValueError:
        return 0.0


def _is_json(headers: Headers) -> bool:
    kinds = headers.getlist("content-type")
    if len(kinds) != 1 or headers.get("content-encoding", "identity").lower() != "identity":
        return False
    media, *parameters = (part.strip().lower() for part in kinds[0].split(";"))
    charsets = [part.partition("=")[2].strip('"') for part in parameters if part.startswith("charset=")]
    return media == JSON and all(charset in ("utf-8", "utf8") for charset in charsets)
