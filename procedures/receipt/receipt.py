"""Receipts: the record of each transition of a consent that the customer can keep.

The document holds the fields of ISO/IEC TS 27560:2023 that are mandatory there or made so by the GDPR, under the
names that the standard gives them. Its context, which is part of it, maps each to a term of the Data Privacy
Vocabulary, so that it is JSON-LD and nothing has to be fetched. `receipt.schema.json` beside this file describes it.

The customer is named by number, and the evidence of the consent is left out.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, TypeVar
from uuid import UUID, uuid4

from models import (
    PERMITTING,
    PERSONAL,
    CollectionMethod,
    Consent,
    ConsentState,
    Customer,
    Notice,
    Receipt,
)
from models.event import Event
from policies.actor import Actor
from policies.policy import in_force
from procedures.ledger import record
from procedures.notice import Authority, Controller
from procedures.notice import controller as controllers

R = TypeVar("R", Customer, Notice)

PROFILE: Final = "dpv-27560:receipt-eu-gdpr"

CONTEXT: Final[dict[str, Any]] = json.loads(
    Path(__file__).with_name("receipt.context.json").read_text("utf-8")
)
#: What a receipt says, beyond the standard, of a consent that a code confirmed.
CONFIRMED: Final = "double opt-in: a code that was sent to the customer came back"

STATES: Final = {
    ConsentState.REQUESTED: "dpv:ConsentRequested",
    ConsentState.REQUEST_DEFERRED: "dpv:ConsentRequestDeferred",
    ConsentState.REFUSED: "dpv:ConsentRefused",
    ConsentState.GIVEN: "dpv:ConsentGiven",
    ConsentState.RENEWED_CONSENT_GIVEN: "dpv:RenewedConsentGiven",
    ConsentState.EXPIRED: "dpv:ConsentExpired",
    ConsentState.INVALIDATED: "dpv:ConsentInvalidated",
    ConsentState.REVOKED: "dpv:ConsentRevoked",
    ConsentState.WITHDRAWN: "dpv:ConsentWithdrawn",
    ConsentState.UNKNOWN: "dpv:ConsentUnknown",
}


async def make(consents: Sequence[Consent], by: Actor | None, now: datetime) -> None:
    """Make the receipts for consents that have just come to their state, in the transaction under way.

    None is made while the controller is not configured; the transition itself must not depend on that.
    """
    responsible = controllers.current()
    if responsible is None:
        return
    numbers = await _by_id(Customer, {each.customer_id for each in consents})
    notices = await _by_id(Notice, {each.notice_id for each in consents})
    receipts = []
    for consent in consents:
        number = numbers[consent.customer_id].number
        entity = number if by is not None and by.kind == "Customer" else responsible.id
        id = uuid4()
        content = document(id, consent, number, notices[consent.notice_id], responsible, entity, now)
        receipts.append(_receipt(id, consent, content, now))
    await Receipt.bulk_create(receipts)
    for receipt in receipts:
        record(
            Event.RECEIPT_MADE, by, receipt=receipt.id, consent=receipt.consent_id, customer=receipt.customer_id,
            digest=receipt.digest,
        )  # fmt: skip


def _receipt(id: UUID, consent: Consent, content: dict[str, Any], now: datetime) -> Receipt:
    text = json.dumps(content, ensure_ascii=False, indent=1)
    return Receipt(
        id=id, consent_id=consent.id, customer_id=consent.customer_id, state=consent.state, made_at=now,
        document=text, digest=hashlib.sha256(text.encode()).hexdigest(),
    )  # fmt: skip


async def _by_id(record: type[R], ids: set[UUID]) -> dict[UUID, R]:
    return {row.id: row for row in await record.filter(id__in=list(ids))}


def document(
    id: UUID,
    consent: Consent,
    number: str,
    notice: Notice,
    responsible: Controller,
    entity: str,
    now: datetime,
) -> dict[str, Any]:
    """The content of a receipt, JSON-ready.

    Args:
        id: the receipt's own.
        consent: as it is now.
        number: the customer's.
        notice: the one that the customer was shown.
        responsible: the controller.
        entity: who brought the state about: the customer's number, or the controller's id.
        now: the instant of the transition.
    """
    return {
        "@context": CONTEXT,
        "@id": f"urn:uuid:{id}",
        "@type": "dpv:ConsentReceipt",
        "schema_version": PROFILE,
        "receipt_id": str(id),
        "record_id": f"urn:uuid:{consent.id}",
        "pii_principal_id": number,
        "pii_processing": [_processing(consent, notice, responsible)],
        "parties": [_controller(responsible), _authority(responsible)],
        "authority_party": _authority(responsible)["@id"],
        "events": [
            {
                "event_time": _instant(now),
                "validity_duration": _duration(
                    consent.expires_at - now if consent.state in PERMITTING else timedelta()
                ),
                "entity_id": entity,
                "event_type": "dpv:ExpressedConsent",
                "event_state": STATES[consent.state],
                **_indication(consent),
            }
        ],
    }


def _indication(consent: Consent) -> dict[str, str]:
    confirmed = consent.permits and consent.collection_method is CollectionMethod.DOUBLE_OPT_IN
    return {"indication_method": CONFIRMED} if confirmed else {}


def _processing(consent: Consent, notice: Notice, responsible: Controller) -> dict[str, Any]:
    # Whoever recorded it, it is the customer who consented; what an import brought came from somebody else's records.
    imported = consent.collection_method is CollectionMethod.IMPORT
    special = consent.category in in_force().special
    return {
        "privacy_notice": {
            "@id": f"urn:sha256:{notice.digest}",
            "title": f"{notice.purpose.value}, {notice.language}",
            "version": notice.version,
        },
        "language": notice.language,
        "purpose": in_force().declared.term(consent.purpose),
        "lawful_basis": "eu-gdpr:A9-2-a" if special else "eu-gdpr:A6-1-a",
        "pii_information": [
            {
                "pii_type": PERSONAL[consent.category].declared.term,
                "pii_optional": "dpv:Optional",
                "special_pii_category": special,
            }
        ],
        "pii_controllers": [responsible.id],
        "collection_method": "dpv:ThirdPartyDataSource" if imported else "dpv:DataSubjectDataSource",
        "processing_method": ["dpv:Collect", "dpv:Store", "dpv:Consult", "dpv:Use", "dpv:Erase"],
        "storage_locations": [f"loc:{code}" for code in responsible.storage_locations],
        "processing_locations": [f"loc:{code}" for code in responsible.processing_locations],
        "geographic_restrictions": f"only in {', '.join(responsible.processing_locations)}",
        "retention_period": responsible.retention,
        "jurisdiction": f"loc:{responsible.jurisdiction}",
        "recipient_third_parties": list(responsible.recipients),
        "withdrawal_method": f"consentWithdraw, or {responsible.contact}",
        "privacy_rights": responsible.rights,
    }


def _controller(responsible: Controller) -> dict[str, Any]:
    return _party(responsible.id, responsible, "dpv:Organisation", "dpv:DataController")


def _authority(responsible: Controller) -> dict[str, Any]:
    kind, role = "dpv:GovernmentalOrganisation", "dpv:DataProtectionAuthority"
    return _party(f"{responsible.id}#authority", responsible.authority, kind, role)


def _party(id: str, party: Controller | Authority, kind: str, role: str) -> dict[str, Any]:
    return {
        "@id": id,
        "party_id": id,
        "party_name": party.name,
        "party_address": party.address,
        "party_contact": party.contact,
        "party_type": kind,
        "party_role": role,
    }


def _instant(instant: datetime) -> str:
    return instant.isoformat().replace("+00:00", "Z")


def _duration(span: timedelta) -> str:
    """A span of time in ISO 8601, to the second: days never vary in length here."""
    days, seconds = max(span, timedelta()).days, max(span, timedelta()).seconds
    return f"P{days}D" + (f"T{seconds}S" if seconds else "")
