"""Messages to customers: queued with the change that causes them, sent afterwards."""

from procedures.message import contact_change, delivery, outbox
from procedures.message.outbox import Destination
