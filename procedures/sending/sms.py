"""Text messages by way of a gateway that takes JSON over HTTP.

    POST <url>
    Authorization: Bearer <secret>
    Idempotency-Key: <the message's id>
    {"id": "<the message's id>", "to": "+37060012345", "text": "…"}

Any 2xx means that the gateway has taken the message over.

    SMS_INVALID           the address of the gateway does not begin with https://, or its secret is missing: --sms-secret-file
    SMS_UNREACHABLE       nobody answers at the gateway, or not in time; it is tried again
    SMS_REFUSED           the gateway does not take the message
    SMS_SECRET_UNUSABLE   the file of the secret is missing, or open to others
"""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from models.errors import Unfit
from procedures.sending.channel import Letter, Undelivered
from vault import private
from vault.errors import ProviderError

#: How many seconds a gateway may take.
TIMEOUT = 30.0
#: Answers of 4xx after which another try may succeed: a time-out, too early, too many at a time.
_PASSING = frozenset({408, 425, 429})
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True)
class Gateway:
    """One gateway: its address, and the file of mode 0600 that holds the secret that goes with every request."""

    url: str
    secret_file: Path

    @classmethod
    def parse(cls, url: str, secret_file: Path | None) -> "Gateway":
        """The gateway at an address.

        Raises:
            Unfit: SMS_INVALID, the secret would travel in plain, or there is none.
        """
        parts = urlsplit(url)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
            raise Unfit("The address of the SMS gateway must begin with https://.", code="SMS_INVALID")
        if secret_file is None:
            raise Unfit(
                "The SMS gateway needs a secret. Name its file before the command: --sms-secret-file.",
                code="SMS_INVALID",
            )
        return cls(url, secret_file)

    async def send(self, letter: Letter) -> None:
        """Hand a message over; raises Undelivered."""
        import httpx  # noqa: PLC0415 a start sends nothing

        body = {"id": str(letter.id), "to": letter.address, "text": letter.text}
        head = {"Authorization": f"Bearer {self._secret()}", "Idempotency-Key": str(letter.id)}
        try:
            async with httpx.AsyncClient(timeout=TIMEOUT, trust_env=False) as client:
                status = (await client.post(self.url, json=body, headers=head)).status_code
        except httpx.HTTPError:
            raise Undelivered("SMS_UNREACHABLE", final=False) from None
        if not 200 <= status < 300:
            raise Undelivered("SMS_REFUSED", final=400 <= status < 500 and status not in _PASSING)

    def _secret(self) -> str:
        try:
            return private.read(self.secret_file, "file of the SMS gateway's secret").decode("ascii").strip()
        except (ProviderError, UnicodeDecodeError):
            raise Undelivered("SMS_SECRET_UNUSABLE", final=False) from None
