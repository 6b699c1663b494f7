"""Channels for messages: mail through SMTP, text messages through a gateway."""

from procedures.sending import smtp
from procedures.sending.channel import Channel, Channels, Letter, Undelivered
from procedures.sending.mail import Mailbox
from procedures.sending.sms import Gateway
from procedures.sending.smtp import SMTP, Mail, MailError
