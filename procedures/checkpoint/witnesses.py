"""Who is handed the ledger's checkpoints: the witness directory, people by mail, and partners' endpoints by HTTPS.

Whoever forges the ledger cannot change what a witness outside of the installation has. Each gets every checkpoint in
order. One that cannot be reached raises an error with a stable code:

- `WITNESS_UNUSABLE`: the directory cannot be written
- `MAIL_…`: as `procedures.sending.smtp` has them
- `HTTPS_UNREACHABLE`: nobody answers there, or not in time
- `HTTPS_UNTRUSTED`: the certificate is not trusted
- `HTTPS_REFUSED`: the endpoint answers, and does not take it

And of addresses: `WITNESS_INVALID`. No message repeats one, for a secret may be a part of it.
"""

import asyncio
import logging
import ssl
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import timedelta
from hashlib import sha256
from ipaddress import ip_address
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from models.errors import ProcedureError, Unfit
from models.ledger import Checkpoint
from procedures.audit import evidence
from procedures.current import Addresses
from procedures.ledger import witness
from procedures.sending import SMTP, Mail, MailError, smtp
from vault.merkle import HASH_SIZE

if TYPE_CHECKING:
    import httpx

#: Seconds that an endpoint may take to answer.
PATIENCE = 15.0

# It logs whole addresses.
logging.getLogger("httpx").setLevel(logging.WARNING)

#: The leaf hashes of the entries from one number up to another, in parts: each with the number of its first.
Leaves = Callable[[int, int], AsyncIterator[tuple[int, list[bytes]]]]


class WitnessInvalid(Unfit):
    """The address of a witness cannot be used: --witness-mail, --witness-url."""

    def __init__(self, why: str) -> None:
        super().__init__(f"That cannot be a witness: {why}.", code="WITNESS_INVALID")


class HttpsError(ProcedureError):
    """An endpoint did not take a checkpoint."""


class Witness(Protocol):
    """A person, directory or endpoint that stores checkpoints.

    Attributes:
        kind: `directory`, `mail` or `https`, as the ledger calls it.
        key: 16 hexadecimal digits that stand for its address.
        pace: how long to wait after one handing over before the next.
        parcel: how many checkpoints are handed over at once.
    """

    kind: str
    key: str
    pace: timedelta
    parcel: int

    def has(self, checkpoint: Checkpoint) -> bool:
        """Whether it was handed this one."""

    async def hand(self, checkpoints: Sequence[Checkpoint]) -> None:
        """Hand over some, the oldest first; when this returns, it has them.

        Raises:
            WitnessError, MailError, HttpsError: it may have none of them.
        """


class Directory:
    """Append-only files in the witness directory, which show themselves what they have."""

    kind, pace, parcel = "directory", timedelta(0), 1_000

    def __init__(self, place: Addresses, public: bytes, leaves: Leaves) -> None:
        self.key = _key(self.kind, str(place.witness))
        self._where, self._public, self._leaves = place.witness, public, leaves
        self._notes = set(evidence.notes(place))

    def has(self, checkpoint: Checkpoint) -> bool:
        """Whether its note is among the last ones there."""
        return checkpoint.note in self._notes

    async def hand(self, checkpoints: Sequence[Checkpoint]) -> None:
        """Write the key, the hashes of the entries, and then the notes that are made of them."""
        await asyncio.to_thread(witness.publish_key, self._where, self._public)
        await self._append_leaves(checkpoints[-1].size)
        for checkpoint in checkpoints:
            await asyncio.to_thread(witness.append_note, self._where, checkpoint.note)

    async def _append_leaves(self, size: int) -> None:
        start = witness.length(self._where, "leaves") // HASH_SIZE
        # The last one there shows whether they are this ledger's: those of a lost branch are left as they are.
        async for first, leaves in self._leaves(max(start - 1, 0), size):
            if first < start and witness.leaf(self._where, first) != leaves[0]:
                return
            await asyncio.to_thread(witness.append_leaves, self._where, first, leaves)


class Mailed:
    """A person who gets mails: at most one an hour, with every checkpoint since the last one."""

    kind, pace, parcel = "mail", timedelta(hours=1), 100

    def __init__(self, server: SMTP, address: str, public: bytes) -> None:
        self.key = _key(self.kind, address)
        self._server, self._address, self._public = server, address, public

    def has(self, checkpoint: Checkpoint) -> bool:
        """Whether the mail server took it."""
        return self.key in checkpoint.delivered.split()

    async def hand(self, checkpoints: Sequence[Checkpoint]) -> None:
        """Send them in one mail, each as a file that docs/verify_ledger.py takes."""
        last = checkpoints[-1]
        files = {f"checkpoint-{one.size}.txt": one.note for one in checkpoints}
        mail = Mail(
            self._address,
            f"Savas: the ledger has {last.size} entries",
            "Please keep this mail. The files say what the ledger was, signed; whoever has them can show that\n"
            "nothing was changed since. To check a copy of the ledger against one, with verify_ledger.py:\n\n"
            f"    python3 verify_ledger.py ledger COPY --checkpoint checkpoint-{last.size}.txt --key signing.pub\n\n"
            "The key is the same in every mail; if it ever changes, ask why.\n",
            {**files, "signing.pub": f"{self._public.hex()}\n"},
            id=f"checkpoint-{last.size}-{sha256(last.note.encode()).hexdigest()[:16]}",
        )
        await smtp.send(self._server, mail)


class Endpoint:
    """A partner's endpoint: each note is sent as text by POST, and any answer of 2xx says that it is kept."""

    kind, pace, parcel = "https", timedelta(0), 1

    def __init__(self, url: str) -> None:
        self.key = _key(self.kind, url)
        self._url = url

    def has(self, checkpoint: Checkpoint) -> bool:
        """Whether the endpoint took it."""
        return self.key in checkpoint.delivered.split()

    async def hand(self, checkpoints: Sequence[Checkpoint]) -> None:
        """Send them one by one."""
        import httpx  # noqa: PLC0415 where no endpoint is named, nothing is sent

        try:
            async with (
                asyncio.timeout(PATIENCE),
                httpx.AsyncClient(verify=ssl.create_default_context(), trust_env=False) as client,
            ):
                for checkpoint in checkpoints:
                    await self._post(client, checkpoint.note)
        except (httpx.HTTPError, OSError) as error:
            raise _https_error(error) from None

    async def _post(self, client: "httpx.AsyncClient", note: str) -> None:
        headers = {"Content-Type": "text/plain; charset=utf-8"}
        # What it says beyond the status is of no interest, and may have no end.
        async with client.stream("POST", self._url, content=note.encode(), headers=headers) as answer:
            if not answer.is_success:
                raise HttpsError("HTTPS_REFUSED", "The endpoint answers, and does not take the checkpoint.")


def of(place: Addresses, public: bytes, leaves: Leaves) -> list[Witness]:
    """The witnesses of an installation, the directory first.

    Raises:
        WitnessError: the directory cannot be read.
    """
    server = place.smtp
    return [
        Directory(place, public, leaves),
        *(Mailed(server, address, public) for address in place.witness_mails if server),
        *(Endpoint(url) for url in place.witness_urls),
    ]


def mail_address(text: str, server: SMTP | None) -> str:
    """An address that checkpoints can be mailed to.

    Raises:
        WitnessInvalid: it is none, or there is no mail server.
    """
    if server is None:
        raise WitnessInvalid("mails need a server; name it with --smtp, before the command")
    try:
        return smtp.valid_address(text)
    except MailError:
        raise WitnessInvalid("--witness-mail needs an e-mail address") from None


def url(text: str) -> str:
    """An address that checkpoints can be sent to: https, or http on this machine.

    Raises:
        WitnessInvalid: it is none.
    """
    import httpx  # noqa: PLC0415 as above

    try:
        parsed, parts = httpx.URL(text), urlsplit(text)
        fit = parts.scheme == "https" or (parts.scheme == "http" and ip_address(parsed.host).is_loopback)
    except (httpx.InvalidURL, ValueError):
        fit = False
    if not fit or not parts.hostname or "@" in parts.netloc or parts.fragment:
        raise WitnessInvalid(
            "--witness-url needs https://HOST/PATH without a user; http:// is for 127.0.0.1 only"
        )
    return text


def _key(kind: str, address: str) -> str:
    return sha256(f"{kind} {address}".encode()).hexdigest()[:16]


def _https_error(error: BaseException) -> HttpsError:
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ssl.SSLError):
        cause = cause.__cause__ or cause.__context__
    if cause is not None:
        return HttpsError("HTTPS_UNTRUSTED", "The endpoint's certificate is not trusted.")
    return HttpsError("HTTPS_UNREACHABLE", "The endpoint does not answer.")
