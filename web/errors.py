"""What a caller is told when something is wrong: a code, what happened, what to do; never a value.

    HTTPProblem     a request refused before GraphQL began; carries its HTTP status
    formatted       any GraphQLError as the caller may see it
    report          the log line of a fault: class, place and correlation id, never its text
    answered        an exception outside of the execution, as status, body and headers

Texts made by libraries may hold what was sent or what was stored, so no such text goes out unless it is one
that is made of names alone; everything else is replaced.

The codes that are given here:

    INTERNAL_SERVER_ERROR       a fault of the server; give the operator `extensions.requestId`, which is in the log, too
    GRAPHQL_PARSE_FAILED        the document is not valid GraphQL; `locations` says where
    GRAPHQL_VALIDATION_FAILED   the document does not fit the schema
    BAD_USER_INPUT              a variable or an argument has a value that cannot be used; in `userErrors`, `field` says which
    QUERY_TOO_COMPLEX           the query is too deep, or asks for too many fields or records at once; ask for less at a time
    METHOD_NOT_ALLOWED          GraphQL is asked by POST, and an archive is fetched by GET; the header Allow says which
"""

import logging
import re
from collections.abc import Iterable, Mapping, MutableMapping
from contextvars import ContextVar
from types import TracebackType
from typing import Any
from uuid import uuid4

from graphql import GraphQLError, GraphQLSyntaxError
from graphql.language import Node, ObjectFieldNode, ValueNode, VariableDefinitionNode, VariableNode

log = logging.getLogger("savas.web")

INTERNAL = "INTERNAL_SERVER_ERROR"
PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
INVALID = "GRAPHQL_VALIDATION_FAILED"
BAD_INPUT = "BAD_USER_INPUT"
TOO_COMPLEX = "QUERY_TOO_COMPLEX"

#: The HTTP status of a request that was not executed, by code; any other code is the caller's: 422.
STATUS: Mapping[str, int] = {
    PARSE_FAILED: 400,
    "UNAUTHENTICATED": 401,
    "WRONG_CREDENTIALS": 401,
    "FORBIDDEN": 403,
    "RATE_LIMITED": 429,
    INTERNAL: 500,
    "SEALED": 503,
    "LEDGER_UNAVAILABLE": 503,
}

#: What takes the place of the whole answer, also where part of it was executed.
UNAVAILABLE = frozenset(code for code, status in STATUS.items() if status == 503)

#: What an answer of status 401 has to say beside it.
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="savas"'}

_CODE = re.compile(r"[A-Z][A-Z0-9_]{2,60}")
_FAULT = "The server failed. Give the request id to the operator, who finds the cause in the log."
_SYNTAX = "The document is not valid GraphQL. Correct it at the place that `locations` names."
_SCOPE_KEY = "savas.request_id"
_request_id: ContextVar[str] = ContextVar("savas_request_id", default="-")


class HTTPProblem(Exception):
    """A request that is refused before GraphQL begins.

    Args:
        status: the HTTP status of the answer.
        code: UPPER_SNAKE and stable.
        message: what happened, without any value.
        hint: what to do about it.
        headers: further headers that the status calls for, such as `Allow`.
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        hint: str | None = None,
        *,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.status = status
        self.code = code
        self.message = f"{message} {hint}" if hint else message
        self.headers = dict(headers or {})
        super().__init__(code)

    def body(self) -> dict[str, Any]:
        """The answer in the shape of a GraphQL request error."""
        error = error_of(self.code, self.message)
        if seconds := self.headers.get("Retry-After"):
            error["extensions"]["retryAfter"] = int(seconds)
        return {"errors": [error]}


def only(method: str, asked: str) -> None:
    """Refuse a request by any other method.

    Raises:
        HTTPProblem: 405 `METHOD_NOT_ALLOWED`.
    """
    if asked != method:
        raise HTTPProblem(
            405,
            "METHOD_NOT_ALLOWED",
            f"Only {method} is answered here.",
            f"Send a {method}.",
            headers={"Allow": method},
        )


def begin(scope: MutableMapping[str, Any]) -> str:
    """Give the request of this ASGI scope its correlation id, once; further calls return the same.

    It is always ours: an id taken from the caller could carry anything into the log.
    """
    request_id: str = scope.setdefault(_SCOPE_KEY, uuid4().hex)
    _request_id.set(request_id)
    return request_id


def correlation() -> str:
    """The correlation id of the request in hand, or `-` outside of one."""
    return _request_id.get()


def status_of(code: str) -> int:
    """The HTTP status of a request that ended with this code before anything was executed."""
    return STATUS.get(code, 422)


def is_own(error: BaseException | None) -> bool:
    """Whether an exception is one of ours: it has a stable `code` and a `message` meant for the caller."""
    code, message = getattr(error, "code", None), getattr(error, "message", None)
    return isinstance(code, str) and isinstance(message, str) and _CODE.fullmatch(code) is not None


def report(error: BaseException) -> None:
    """Log a fault by class, place and correlation id. Its text may hold a value and is never logged."""
    log.error("fault=%s at=%s request=%s", type(error).__name__, _place(error.__traceback__), correlation())


def fault() -> dict[str, Any]:
    """The error that a caller sees for any fault of ours."""
    return {"message": _FAULT, "extensions": {"code": INTERNAL, "requestId": correlation()}}


def formatted(error: GraphQLError) -> dict[str, Any]:
    """The error as the caller may see it: message, code, path and locations.

    An error of ours (an exception with `code` and `message`, or a GraphQLError with `extensions.code`) keeps
    its own words. Syntax, validation and coercion errors keep the names they speak of and lose the values.
    Everything else is a fault, of which the caller learns only the correlation id.
    """
    answer = _from_ours(error) or _from_library(error) or fault()
    if error.locations:
        answer["locations"] = [{"line": at.line, "column": at.column} for at in error.locations]
    if error.path is not None:
        answer["path"] = list(error.path)
    return answer


def source(error: GraphQLError) -> BaseException:
    """The exception at the bottom of a GraphQLError."""
    cause: BaseException = error
    while isinstance(cause, GraphQLError) and cause.original_error is not None:
        cause = cause.original_error
    return cause


def error_of(code: str, message: str) -> dict[str, Any]:
    """An error of a response, with a code and a message."""
    return {"message": message, "extensions": {"code": code}}


def own_error(error: Exception) -> dict[str, Any]:
    """The error of a response for an exception of ours, one for which `is_own` holds; with field and seconds, if it has them."""
    answer = error_of(getattr(error, "code", INTERNAL), getattr(error, "message", _FAULT))
    if isinstance(field := getattr(error, "field", None), str):
        answer["extensions"]["field"] = field
    if isinstance(seconds := getattr(error, "retry_after", None), int):
        answer["extensions"]["retryAfter"] = seconds
    return answer


def waiting(listed: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The header that says after how many seconds to try again, where one of the errors does."""
    seconds = [each["extensions"]["retryAfter"] for each in listed if "retryAfter" in each["extensions"]]
    return {"Retry-After": str(max(seconds))} if seconds else {}


def answered(error: Exception) -> tuple[int, dict[str, Any], dict[str, str]]:
    """The status, body and headers for an exception: one of ours keeps its code, any other is a fault and is logged."""
    if isinstance(error, HTTPProblem):
        return error.status, error.body(), error.headers
    if not is_own(error):
        report(error)
        return 500, {"errors": [fault()]}, {}
    own = own_error(error)
    status = status_of(own["extensions"]["code"])
    return status, {"errors": [own]}, {**(CHALLENGE if status == 401 else {}), **waiting([own])}


def _from_ours(error: GraphQLError) -> dict[str, Any] | None:
    cause = source(error)
    if isinstance(cause, GraphQLError):
        code = (error.extensions or cause.extensions or {}).get("code")
        return error_of(code, cause.message) if isinstance(code, str) and _CODE.fullmatch(code) else None
    return own_error(cause) if isinstance(cause, Exception) and is_own(cause) else None


def _from_library(error: GraphQLError) -> dict[str, Any] | None:
    cause = source(error)
    if isinstance(cause, RecursionError) and error.path is None:
        return error_of(TOO_COMPLEX, "The document is nested too deeply. Nest fewer levels.")
    if not isinstance(cause, GraphQLError):
        return None
    if isinstance(error, GraphQLSyntaxError):
        return _syntax(error.message)
    if _is_coercion(cause):
        return error_of(BAD_INPUT, "An argument has an invalid value. Compare it with the schema.")
    if error.path is not None:
        return _argument(error.message)
    return _validation(error)


def _syntax(message: str) -> dict[str, Any]:
    limited = re.search(r": Document (contains more than \d+ tokens|is nested too deeply)\.", message)
    if limited and message.startswith("Syntax Error: Document "):
        return error_of(TOO_COMPLEX, f"The document {limited[1]}. Ask for less at a time.")
    return error_of(PARSE_FAILED, _SYNTAX)


def _is_coercion(cause: GraphQLError) -> bool:
    # By name: strawberry itself is known in schema/ and where the app is built, and nowhere else.
    return any(base.__name__ == "StrawberryInputCoercionError" for base in type(cause).__mro__)


def _argument(message: str) -> dict[str, Any] | None:
    """An argument that could not be coerced while executing; any other library text on a path is a fault."""
    named = re.match(r"Argument '(\w+)' (?:has invalid value|of required type)", message)
    return (
        error_of(BAD_INPUT, f"Argument '{named[1]}' has an invalid value. Compare it with the schema.")
        if named
        else None
    )


def _validation(error: GraphQLError) -> dict[str, Any] | None:
    variable = re.match(
        r"(Variable '\$\w+' has (?:an )?invalid value(?: at [\w.\[\]]{1,200})?): ", error.message
    )
    if variable:
        return error_of(BAD_INPUT, f"{variable[1]}. {_expectation(error.message[variable.end() :])}")
    if not error.nodes:
        return _aborted(error.message)
    if any(_holds_value(node) for node in error.nodes):
        return error_of(
            INVALID, f"A value in the document does not fit its place. {_expectation(error.message)}"
        )
    return error_of(INVALID, error.message[:500])


def _aborted(message: str) -> dict[str, Any] | None:
    if message.startswith("Too many validation errors"):
        return error_of(INVALID, "The document has too many errors to list them all. Correct the first ones.")
    if message == "Validation aborted.":
        return error_of(TOO_COMPLEX, "The document takes too long to validate. Ask for less at a time.")
    return None


def _holds_value(node: Node) -> bool:
    if isinstance(node, VariableDefinitionNode | VariableNode):
        return False
    return isinstance(node, ValueNode | ObjectFieldNode)


def _expectation(message: str) -> str:
    """The type that the schema expects, from the part of the text before the value."""
    expected = re.match(
        r"Expected (?:a )?value of (?:non-null )?type '[\w\[\]!]+'"
        r"(?: to be provided| to include required field '\w+'| to be an object)?",
        message,
    ) or re.match(r"(?:Int|Float|String|Boolean|ID)(?= cannot represent )", message)
    if expected is None:
        return "Compare it with the schema."
    return (
        f"{expected[0]}."
        if expected[0].startswith("Expected")
        else f"Expected value of type '{expected[0]}'."
    )


def _place(trace: TracebackType | None) -> str:
    """Module and line where the exception was raised."""
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}" if trace else "?"
