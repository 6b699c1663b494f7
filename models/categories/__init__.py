"""The categories of personal data: each file declares one, and is the only place that does.

`models.PERSONAL` has every category's table; by name, here, is what the code speaks of.
"""

import importlib

from models.base import Category
from models.categories.contact_point import ContactKind, ContactPoint, reachable
from models.categories.health_record import HealthKind, HealthRecord
from models.categories.identity import Identity
from models.categories.identity_evidence import EvidenceKind, IdentityEvidence, Strength
from models.categories.interaction import Interaction, InteractionChannel
from models.categories.order import Order, OrderLine, check_total, entered_lines, order_total
from models.categories.payment_card import PaymentCard, exact
from models.categories.personal_code import CountryDigest, PersonalCode
from models.categories.postal_address import AddressKind, PostalAddress
from models.categories.preference import ContactChannel, Preference
from models.values import compact

for _category in Category:
    importlib.import_module(f"models.categories.{_category}")
