"""Messages by e-mail."""

from dataclasses import dataclass

from procedures.sending import smtp
from procedures.sending.channel import Letter, Undelivered
from procedures.sending.smtp import SMTP, Mail, MailError


@dataclass(frozen=True)
class Mailbox:
    """The channel of messages to customers by mail."""

    server: SMTP

    async def send(self, letter: Letter) -> None:
        """Hand a message over; raises Undelivered."""
        try:
            await smtp.send(self.server, Mail(letter.address, letter.subject, letter.text, id=str(letter.id)))
        except MailError as error:
            raise Undelivered(error.code, final=error.final) from None
