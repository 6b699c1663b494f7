"""What the headers of a request say: its purposes and its bearer token.

PURPOSE_UNKNOWN   the header Purpose names a purpose that does not exist; the text lists those that do
HEADER_REPEATED   a header that may stand once was sent more than once
"""

import re

from starlette.datastructures import Headers

from models import Purpose, UserAgent
from policies.policy import in_force
from web.errors import CHALLENGE, HTTPProblem

#: A token of ours has 43 characters; the bounds leave room without letting a header become a load.
TOKEN_LENGTH = range(16, 513)
#: What stands in `User-Agent`, in the order in which it tells browsers apart: each imitates those after it.
_AGENTS = (
    ("Edg/", UserAgent.EDGE),
    ("Firefox/", UserAgent.FIREFOX),
    ("Chrome/", UserAgent.CHROME),
    ("Safari/", UserAgent.SAFARI),
)
_TOKEN = re.compile(r"[A-Za-z0-9\-._~+/]+=*")


def purposes(headers: Headers) -> frozenset[Purpose]:
    """The purposes that the header `Purpose` states, comma-separated; none without the header.

    Upper and lower case are the same: the schema's enum has `SUPPORT` where the policies have `support`.

    Raises:
        HTTPProblem: 400 `PURPOSE_UNKNOWN` or `HEADER_REPEATED`.
    """
    names = {name.strip().lower() for name in (_single(headers, "Purpose") or "").split(",")} - {""}
    declared = in_force().purposes
    if names - declared.keys():
        raise HTTPProblem(
            400,
            "PURPOSE_UNKNOWN",
            "The header Purpose names a purpose that does not exist.",
            f"Known purposes: {', '.join(declared)}.",
        )
    return frozenset(map(Purpose, names))


def agent(headers: Headers) -> UserAgent:
    """What the request comes from, as the header `User-Agent` says."""
    said = headers.get("User-Agent", "")
    found = (kind for mark, kind in _AGENTS if mark in said)
    return next(found, UserAgent.OTHER_BROWSER if said.startswith("Mozilla/") else UserAgent.PROGRAM)


def bearer(headers: Headers) -> str | None:
    """The token of `Authorization: Bearer …`; None without the header.

    Raises:
        HTTPProblem: 401 `UNAUTHENTICATED` when it is another scheme or not shaped like a token,
            400 `HEADER_REPEATED` when it is sent twice.
    """
    authorization = _single(headers, "Authorization")
    if authorization is None:
        return None
    scheme, _, token = authorization.strip().partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or len(token) not in TOKEN_LENGTH or not _TOKEN.fullmatch(token):
        raise HTTPProblem(
            401,
            "UNAUTHENTICATED",
            "The header Authorization holds no usable token.",
            "Sign in and send `Authorization: Bearer` followed by the token, or leave the header out.",
            headers=CHALLENGE,
        )
    return token


def _single(headers: Headers, name: str) -> str | None:
    """The header's value. Sent twice, two readers could each believe another one, so it is refused."""
    values = headers.getlist(name)
    if len(values) > 1:
        raise HTTPProblem(
            400, "HEADER_REPEATED", f"The header {name} was sent more than once.", "Send it once."
        )
    return values[0] if values else None
