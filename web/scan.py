"""The endpoint `/scan/<id>`: the scan of a letter, streamed to who may read it.

It answers as `web.download` says; 404 also for one that is not whole, and 422 `STEP_UP_REQUIRED` before the session is confirmed.
It is attached, and no browser shows it within a page of ours or guesses what it is.
"""

from starlette.requests import Request
from starlette.responses import Response

from policies.actor import Actor
from policies.errors import Refused
from procedures import scan as scans
from procedures.errors import NotFound
from schema.reading import ForeignId, MalformedId, key_of
from web import download

PATH = "/scan/{id}"


async def fetch(request: Request, actor: Actor) -> Response:
    """The scan; raises NotFound, also for one of somebody else, and what else `scans.open_` does."""
    try:
        scan = await scans.open_(key_of(request.path_params["id"], "Scan"), by=actor)
    except (Refused, MalformedId, ForeignId):
        raise NotFound("scan") from None
    return download.attached(scan.file, scan.name, scan.media_type, download.FILE_HEADERS)
