"""One row of every category, for a customer of the tests: its record, and what it holds."""

from datetime import UTC, datetime
from typing import Any

import models
from models import Category

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)

CONTENTS: dict[Category, tuple[type[models.Personal], dict[str, Any]]] = {
    Category.IDENTITY: (
        models.Identity,
        {
            "content": models.Identity.Content("Jonė", "Kazlauskaitė", "Baltija"),
            "given_name_index": "Jonė",
            "family_name_index": "Kazlauskaitė",
        },
    ),
    Category.IDENTITY_EVIDENCE: (
        models.IdentityEvidence,
        {
            "kind": "PASSPORT",
            "strength": "STRONG",
            "supervised": True,
            "expires_on": NOON.date(),
            "content": models.IdentityEvidence.Content("Migracijos departamentas", "0007"),
        },
    ),
    Category.PERSONAL_CODE: (
        models.PersonalCode,
        {
            "content": models.PersonalCode.Content("49001010001", "LT"),
            "code_index": "49001010001",
            "country_digest": "LT",
        },
    ),
    Category.CONTACT_POINT: (
        models.ContactPoint,
        {
            "kind": "EMAIL",
            "content": models.ContactPoint.Content("jone@example.org"),
            "value_index": "jone@example.org",
        },
    ),
    Category.POSTAL_ADDRESS: (
        models.PostalAddress,
        {
            "kind": "HOME",
            "content": models.PostalAddress.Content("Pilies g. 1", "Vilnius", None, "01123", "LT"),
        },
    ),
    Category.PREFERENCE: (
        models.Preference,
        {"channel": "EMAIL", "content": models.Preference.Content("books", 2)},
    ),
    Category.INTERACTION: (
        models.Interaction,
        {
            "channel": "CALL",
            "occurred_at": NOON,
            "content": models.Interaction.Content("A question", "About lamps."),
        },
    ),
    Category.ORDER: (
        models.Order,
        {
            "placed_at": NOON,
            "content": models.Order.Content(
                "N-1", "12.50", "EUR", None, (models.OrderLine("Lamp", 1, "12.50"),)
            ),
        },
    ),
    Category.PAYMENT_CARD: (
        models.PaymentCard,
        {
            "content": models.PaymentCard.Content("local-1:5e", "VISA", "1111", "2029-07", "Jonė K."),
            "token_index": "local-1:5e",
        },
    ),
    Category.HEALTH_RECORD: (
        models.HealthRecord,
        {
            "content": models.HealthRecord.Content(
                "ALLERGY", "Latex allergy", "http://snomed.info/sct", "300916003", "1982-10-25", "2001-05-01"
            )
        },
    ),
}
