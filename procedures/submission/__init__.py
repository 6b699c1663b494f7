"""Data that the browser seals to the installation: payment cards and health records."""

from procedures.submission import health_record, key, payment_card
from procedures.submission.submission import Envelope, Kind, received, refusals
