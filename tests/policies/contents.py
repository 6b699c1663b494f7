"""What a row of each category holds in a generated world, and which of its fields an agreement may name."""

from datetime import UTC, datetime
from typing import Any

import models
from models import Category

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)

CONTENTS: dict[Category, Any] = {
    Category.IDENTITY: models.Identity.Content(family_name="Petraitis"),
    Category.IDENTITY_EVIDENCE: models.IdentityEvidence.Content("Migracijos departamentas", "0007"),
    Category.PERSONAL_CODE: models.PersonalCode.Content("38001010001", "LT"),
    Category.CONTACT_POINT: models.ContactPoint.Content("+370 600 00000"),
    Category.POSTAL_ADDRESS: models.PostalAddress.Content(city="Vilnius"),
    Category.PREFERENCE: models.Preference.Content("books", 2),
    Category.INTERACTION: models.Interaction.Content(subject="A question"),
    Category.ORDER: models.Order.Content(number="1", total="10.00", currency="EUR"),
    Category.PAYMENT_CARD: models.PaymentCard.Content("local-1:5e", "VISA", "1111", "2029-07"),
    Category.HEALTH_RECORD: models.HealthRecord.Content("ALLERGY", "Latex allergy", onset_on="1982-10-25"),
}
EVIDENCE = {"kind": "PASSPORT", "strength": "STRONG", "supervised": True, "expires_on": NOW.date()}
FIELDS: dict[Category, tuple[str, ...]] = {
    Category.IDENTITY: ("givenName", "familyName", "provenance"),
    Category.IDENTITY_EVIDENCE: ("kind", "issuer"),
    Category.PERSONAL_CODE: ("code", "country"),
    Category.CONTACT_POINT: ("kind", "value"),
    Category.POSTAL_ADDRESS: ("street", "city"),
    Category.PREFERENCE: ("channel", "topic"),
    Category.INTERACTION: ("subject", "body"),
    Category.ORDER: ("number", "total", "lines"),
    Category.PAYMENT_CARD: ("brand", "lastFour", "expiry"),
    Category.HEALTH_RECORD: ("kind", "description"),
}
