"""Checks of values before they are stored: one line of text, an address, no card number."""

from models.errors import RowEmpty
from models.values import checks
from models.values.card_number import brand_of
from models.values.card_scan import SECURITY_CODE_NAMES, CardRefused, masked, refuse_cards
from models.values.checks import compact
from models.values.plain import impersonal, later, line, storable
from models.values.reading import (
    amount,
    as_it_stands,
    currency,
    currency_letters,
    named,
    one_line,
    read_date,
    read_decimal,
    read_instant,
    read_truth,
    read_whole,
    whole,
)
