"""Ways out for messages: mail through SMTP, text messages through a gateway."""

from procedures.sending import smtp
from procedures.sending.channel import Letter, Outlet, Outlets, Undelivered
from procedures.sending.mail import Mailbox
from procedures.sending.sms import Gateway
from procedures.sending.smtp import SMTP, Mail, MailError

__all__ = [
    "SMTP",
    "Gateway",
    "Letter",
    "Mail",
    "MailError",
    "Mailbox",
    "Outlet",
    "Outlets",
    "Undelivered",
    "smtp",
]
