"""The endpoint `/export/<token>`: an archive, streamed to the customer it is about.

It answers as `web.download` says; 404 also for a token that is too early or too late. The token is worth nothing without the
session; it may stand in a proxy's log.
"""

from starlette.requests import Request
from starlette.responses import Response

from policies.actor import Actor
from procedures import export
from web import download

PATH = "/export/{token}"


async def fetch(request: Request, actor: Actor) -> Response:
    """The archive that the token stands for; raises what `export.download` does."""
    archive = await export.download(request.path_params["token"], by=actor)
    return download.attached(archive, download.ARCHIVE, "application/zip", download.FILE_HEADERS)
