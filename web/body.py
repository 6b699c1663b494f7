"""A request's body as a GraphQL-over-HTTP request, or a clear refusal.

What JSON leaves open is closed here, because each of these once reached code that did not expect it:
size, UTF-8, depth, long numbers, duplicate keys, NaN, lone surrogates, NUL, and anything but an object on top.

A body that is no such JSON is 400; JSON that is no GraphQL request is 422. Unknown properties are dropped, as
the September 2026 edition of GraphQL over HTTP requires, so only the four known ones go on.

    BODY_TOO_LARGE      the body is larger than 256 KiB; send less at a time
    BODY_MALFORMED      the body is no strict JSON in UTF-8: not nested too deeply, no key twice, no number too long, no NUL
    REQUEST_MALFORMED   the JSON is no GraphQL request: `query` is a text, `variables` an object, `operationName` a text
"""

import json
import re
from collections.abc import AsyncIterator
from typing import Any, NoReturn, TypedDict, cast

from web.errors import HTTPProblem

#: Bytes of a body.
LIMIT = 256 * 1024
#: Objects and lists within each other, the outermost included.
DEPTH = 32
_INT64 = range(-(2**63), 2**63)
_NUMBER_LENGTH = 64
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class Operation(TypedDict):
    """A well-formed GraphQL request."""

    query: str
    variables: dict[str, Any] | None
    operationName: str | None
    extensions: dict[str, Any] | None


async def read(chunks: AsyncIterator[bytes], declared: str | None = None, limit: int = LIMIT) -> bytes:
    """The whole body.

    Args:
        chunks: the body as it comes.
        declared: the header Content-Length, so that a body known to be too large is not read at all.
        limit: its greatest size in bytes.

    Raises:
        HTTPProblem: 413 `BODY_TOO_LARGE`.
    """
    if declared is not None and declared.isdecimal() and (len(declared) > 15 or int(declared) > limit):
        raise too_large(limit)
    body = bytearray()
    async for chunk in chunks:
        body += chunk
        if len(body) > limit:
            raise too_large(limit)
    return bytes(body)


def too_large(limit: int) -> HTTPProblem:
    """The answer to a body over the limit."""
    return HTTPProblem(
        413, "BODY_TOO_LARGE", f"The body is larger than {limit} bytes.", "Send less at a time."
    )


def parse(body: bytes) -> Operation:
    """The GraphQL request in a body.

    Raises:
        HTTPProblem: 400 `BODY_MALFORMED` or `BATCH_NOT_SUPPORTED`, 413 `BODY_TOO_LARGE`, 422 `REQUEST_MALFORMED`.
    """
    if len(body) > LIMIT:
        raise too_large(LIMIT)
    content = _json(body)
    if isinstance(content, list):
        raise HTTPProblem(
            400,
            "BATCH_NOT_SUPPORTED",
            "Batches are not supported.",
            "Send each operation as a request of its own.",
        )
    if not isinstance(content, dict):
        _misshapen("The body is JSON but not an object.")
    return _operation(content)


def _operation(content: dict[str, Any]) -> Operation:
    query, name = content.get("query"), content.get("operationName")
    if not isinstance(query, str) or not query.strip():
        _misshapen("`query` must be a string that holds a GraphQL document.")
    if name is not None and not isinstance(name, str):
        _misshapen("`operationName` must be a string or null.")
    maps = {key: content.get(key) for key in ("variables", "extensions")}
    for key, value in maps.items():
        if value is not None and not isinstance(value, dict):
            _misshapen(f"`{key}` must be an object or null.")
    return cast("Operation", {"query": query, "operationName": name or None, **maps})


def _json(body: bytes) -> Any:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        _malformed("The body is not UTF-8.")
    try:
        content = json.loads(
            text,
            parse_int=_integer,
            parse_float=_float,
            parse_constant=_constant,
            object_pairs_hook=_object,
        )
    except RecursionError:
        _malformed(_TOO_DEEP)
    except ValueError:
        _malformed("The body is not JSON.")
    _walk(content)
    return content


def _walk(content: Any) -> None:
    """Refuse what is too deep, and text that no database of ours could keep."""
    level: list[Any] = [content]
    for _ in range(DEPTH):
        level = [inner for value in level for inner in _inside(value)]
    for value in level:
        _inside(value)
        if isinstance(value, dict | list):
            _malformed(_TOO_DEEP)


def _inside(value: Any) -> list[Any]:
    if isinstance(value, str) and _UNSTORABLE.search(value):
        _malformed("A text in the body holds a NUL or half of a surrogate pair.")
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    return value if isinstance(value, list) else []


def _integer(digits: str) -> int:
    if len(digits) > 20 or int(digits) not in _INT64:
        _malformed("A whole number in the body needs more than 64 bits. Send it as a string.")
    return int(digits)


def _float(digits: str) -> float:
    number = float(digits) if len(digits) <= _NUMBER_LENGTH else float("inf")
    if number in (float("inf"), float("-inf")):
        _malformed("A number in the body is too large or too long. Send it as a string.")
    return number


def _constant(_: str) -> NoReturn:
    _malformed("NaN and Infinity are not JSON.")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) != len(pairs):
        _malformed("An object in the body has the same key twice.")
    return content


_TOO_DEEP = f"The body is nested more than {DEPTH} levels deep."


def _malformed(message: str) -> NoReturn:
    raise HTTPProblem(400, "BODY_MALFORMED", message) from None


def _misshapen(message: str) -> NoReturn:
    raise HTTPProblem(
        422, "REQUEST_MALFORMED", message, 'Send {"query": "…", "variables": {…}, "operationName": "…"}.'
    )
