"""What a value must be to be kept: one line of text, an address, no card number; and files for one pair of eyes."""

from procedures.values import checks, private_file
from procedures.values.card_number import brand_of
from procedures.values.card_scan import SECURITY_CODE_NAMES, CardRefused, masked, refuse_cards
from procedures.values.plain import later, line, storable

__all__ = [
    "SECURITY_CODE_NAMES",
    "CardRefused",
    "brand_of",
    "checks",
    "later",
    "line",
    "masked",
    "private_file",
    "refuse_cards",
    "storable",
]
