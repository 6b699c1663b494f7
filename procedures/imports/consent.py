"""The consent that imported rows rest on: stated by the operator, never assumed.

CONSENT_REQUIRED    the customer's consent to the category has ended; an import brings none back
NOTICE_DIFFERS      another text has this purpose, language and version; give this one another --notice-version
EVIDENCE_TOO_LONG   the reference to the evidence is longer than 200 characters
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from models import Category, CollectionMethod, Consent, ConsentState, Notice, Purpose
from models.database import transaction
from models.event import Event
from procedures import consent as consents
from procedures.imports.batch import Batch
from procedures.ledger import record
from procedures.tables import ImportRefused, RowFault, check_cards

LONGEST_EVIDENCE = 200


@dataclass(frozen=True, slots=True)
class NoticeText:
    """What the customers were told before they consented, in one language and version."""

    text: str
    language: str = "en"
    version: str = "1"


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """Under which consents rows are stored.

    Args:
        notices: the registered notice of each purpose, the purpose that rows rest on first.
        evidence: how every customer's consent can be demonstrated; None when each row says so itself.
        until: when the consents end.
    """

    notices: dict[Purpose, UUID]
    evidence: str | None
    until: datetime

    def check(self, now: datetime) -> None:
        """Refuse consents that nothing can rest on.

        Raises:
            ImportRefused: they name no purpose, have ended already, or their evidence is no reference.
        """
        if not self.notices:
            raise ImportRefused(
                "PURPOSE_MISSING", "Consent is given for a purpose: name one with --consent-purpose."
            )
        if self.until <= now:
            raise ImportRefused("CONSENT_ENDED", "These consents have ended already: see --consent-until.")
        if self.evidence is not None:
            try:
                checked_evidence(self.evidence)
            except RowFault as fault:
                raise ImportRefused(fault.code, f"See --consent-evidence: {fault.reason}.") from None


@dataclass(slots=True)
class ExistingConsents:
    """The consents of some customers as they are, and as the batch will have added to them."""

    consents: dict[tuple[UUID, Category], list[Consent]] = field(default_factory=dict)

    @classmethod
    async def of(cls, customers: Iterable[UUID]) -> "ExistingConsents":
        """The consents of these customers."""
        standing = cls()
        for consent in await Consent.filter(customer_id__in=list(customers)):
            standing.consents.setdefault((consent.customer_id, consent.category), []).append(consent)
        return standing

    def ground(
        self, customer_id: UUID, category: Category, basis: LegalBasis, evidence: str, batch: Batch
    ) -> UUID:
        """The consent that a row of this category rests on; a purpose never spoken of before is consented to now.

        Raises:
            RowFault: the customer has refused or withdrawn. An import brings no consent back.
        """
        held = self.consents.setdefault((customer_id, category), [])
        spoken = {consent.purpose for consent in held}
        for purpose, notice_id in basis.notices.items():
            if purpose not in spoken:
                consent = consents.new(
                    customer_id, category, purpose, ConsentState.GIVEN, batch.now, notice_id=notice_id,
                    evidence=evidence, collection_method=CollectionMethod.IMPORT, expires_at=basis.until,
                )  # fmt: skip
                batch.add(consent)
                held.append(consent)
        for purpose in basis.notices:
            for consent in held:
                if consent.purpose == purpose and consent.permits and consent.expires_at > batch.now:
                    return consent.id
        raise RowFault(
            "CONSENT_REQUIRED", f"the customer's consent to the category {category.value} has ended"
        )


def checked_evidence(evidence: str | None) -> str:
    """A reference to the proof of consent.

    Raises:
        RowFault: there is none, or it is no reference.
    """
    if not evidence or not evidence.strip():
        raise RowFault("EVIDENCE_MISSING", "nothing says how this customer's consent can be demonstrated")
    if len(evidence) > LONGEST_EVIDENCE:
        raise RowFault("EVIDENCE_TOO_LONG", f"the evidence is longer than {LONGEST_EVIDENCE} characters")
    check_cards({"consent.evidence": [evidence]})
    return evidence.strip()


async def registered(
    notice: NoticeText, purposes: Sequence[Purpose], now: datetime, *, dry_run: bool = False
) -> dict[Purpose, UUID]:
    """The notice of each purpose by its id; registered unless it is there already.

    Raises:
        ImportRefused: the notice is empty, or another text has its language and version.
    """
    if not notice.text.strip():
        raise ImportRefused("NOTICE_EMPTY", "The notice is empty: customers must have been told something.")
    if len(notice.language) > 10 or len(notice.version) > 20:
        raise ImportRefused("NOTICE_NAME_TOO_LONG", "A language has at most 10 characters and a version 20.")
    proof = hashlib.sha256(notice.text.encode()).hexdigest()
    found: dict[Purpose, UUID] = {}
    for purpose in dict.fromkeys(purposes):
        known = await Notice.get_or_none(purpose=purpose, language=notice.language, version=notice.version)
        if known and known.digest != proof:
            raise ImportRefused(
                "NOTICE_DIFFERS",
                f"Another text is registered for {purpose.value}, {notice.language}, version {notice.version}. "
                "Notices are never edited: give this one another --notice-version.",
            )
        if known is None:
            known = Notice(id=uuid4(), purpose=purpose, text=notice.text, digest=proof, created_at=now)
            known.language, known.version = notice.language, notice.version
            if not dry_run:
                await _add(known)
        found[purpose] = known.id
    return found


async def _add(notice: Notice) -> None:
    async with transaction():
        await notice.save()
        record(Event.NOTICE_ADDED, None, notice=notice.id, purpose=notice.purpose)
