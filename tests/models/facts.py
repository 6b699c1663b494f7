"""The least records that a test of the database needs, each made in one line."""

from datetime import UTC, datetime, timedelta
from typing import Any

from models import (
    PERMITTING,
    PERSONAL,
    Account,
    AccountKind,
    AddressKind,
    Category,
    Consent,
    ConsentContent,
    ConsentEvent,
    ConsentState,
    ContactChannel,
    ContactKind,
    ContactPoint,
    Customer,
    EvidenceKind,
    HealthRecord,
    Identity,
    IdentityEvidence,
    Interaction,
    InteractionChannel,
    Notice,
    Order,
    PaymentCard,
    Personal,
    PersonalCode,
    PostalAddress,
    Preference,
    Purpose,
    Strength,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)

#: What a row of each category holds besides its provenance.
VALUES: dict[Category, dict[str, Any]] = {
    Category.IDENTITY: {"content": Identity.Content(given_name="Ona", family_name="Petraitė")},
    Category.IDENTITY_EVIDENCE: {
        "kind": EvidenceKind.PASSPORT,
        "strength": Strength.STRONG,
        "supervised": False,
        "expires_on": NOW.date(),
        "content": IdentityEvidence.Content(issuer="Migracijos departamentas", number_tail="0007"),
    },
    Category.PERSONAL_CODE: {
        "content": PersonalCode.Content(code="49001010001", country="LT"),
        "country_digest": "LT",
    },
    Category.CONTACT_POINT: {
        "kind": ContactKind.EMAIL,
        "content": ContactPoint.Content(value="ona@example.org"),
    },
    Category.POSTAL_ADDRESS: {"kind": AddressKind.HOME, "content": PostalAddress.Content(city="Vilnius")},
    Category.PREFERENCE: {"channel": ContactChannel.POST, "content": Preference.Content("news", 0)},
    Category.INTERACTION: {
        "channel": InteractionChannel.NOTE,
        "occurred_at": NOW,
        "content": Interaction.Content(subject="hello"),
    },
    Category.ORDER: {
        "placed_at": NOW,
        "content": Order.Content(number="1", total="9.99", currency="EUR"),
    },
    Category.PAYMENT_CARD: {"content": PaymentCard.Content("local-1:5e", "VISA", "1111", "2029-07")},
    Category.HEALTH_RECORD: {"content": HealthRecord.Content("CONDITION", "Sinusitis")},
}


async def customer() -> Customer:
    """A customer of whom nothing is known."""
    return await Customer.create(created_at=NOW)


async def actor(**values: Any) -> Account:
    """Somebody of the staff who can sign in."""
    return await Account.create(
        **{"kind": AccountKind.EMPLOYEE, "login": "rūta", "created_at": NOW, **values}
    )


async def consent(
    of: Customer,
    category: Category = Category.CONTACT_POINT,
    state: ConsentState = ConsentState.GIVEN,
    purpose: Purpose = Purpose.SUPPORT,
) -> Consent:
    """A consent of a customer, under the one notice of its purpose."""
    text = {"text": "…", "digest": "0" * 64, "created_at": NOW}
    notice, _ = await Notice.get_or_create(purpose=purpose, language="lt", version="1", defaults=text)
    return await Consent.create(
        customer=of,
        category=category,
        purpose=purpose,
        notice=notice,
        state=state,
        permits=state in PERMITTING,
        content=ConsentContent("form 7"),
        expires_at=NOW + timedelta(days=365),
        created_at=NOW,
    )


async def event(of: Consent) -> ConsentEvent:
    """What happened to a consent."""
    return await ConsentEvent.create(consent=of, state=of.state, at=NOW)


async def personal(category: Category, of: Customer, on: Consent, **values: Any) -> Personal:
    """A row of personal data resting on a consent."""
    shared = {"customer": of, "consent": on, "source": "form", "collected_at": NOW}
    return await PERSONAL[category].create(**{**shared, **VALUES[category], **values})
