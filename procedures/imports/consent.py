"""The consent that imported rows rest on: stated by the operator, never assumed.

CONSENT_REQUIRED    the customer, or somebody with the same address, has said no to the category, or the consent is
                    suspended; an import brings no consent back
NOTICE_DIFFERS      another text has this purpose, language and version; give this one another --notice-version
EVIDENCE_TOO_LONG   the reference to the evidence is longer than 200 characters
"""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from uuid import UUID, uuid4

from models import Category, CollectionMethod, Consent, ConsentContent, ConsentState, Notice, Purpose
from models.database import transaction
from models.event import Event
from procedures import consent as consents
from procedures.imports.batch import Batch
from procedures.ledger import record
from procedures.tables import ImportRefused, RowFault, check_cards

LONGEST_EVIDENCE = 200

#: A request that was not answered is neither a yes nor a no.
_WAITING = frozenset({ConsentState.REQUESTED, ConsentState.REQUEST_DEFERRED})


@dataclass(frozen=True, slots=True)
class NoticeText:
    """The text of a notice that customers read before they consented, in one language and version."""

    text: str
    language: str = "en"
    version: str = "1"


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """The consents that imported rows rest on, as the operator states them.

    Args:
        notices: the registered notice of each purpose, the purpose that rows rest on first.
        evidence: how every customer's consent can be demonstrated; None when each row states it.
        until: when the consents end.
    """

    notices: dict[Purpose, UUID]
    evidence: str | None
    until: datetime

    def check(self, now: datetime, *, evidence_in_rows: bool = True) -> None:
        """Refuse consents that no row can rest on.

        Args:
            now: the present instant.
            evidence_in_rows: whether each row may state its own evidence.

        Raises:
            ImportRefused: they name no purpose, have ended already, or have no usable evidence.
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
        elif not evidence_in_rows:
            raise ImportRefused(
                "EVIDENCE_MISSING",
                "Say how the consents can be demonstrated: --consent-evidence, or a column of the file mapped to it.",
            )


@dataclass(slots=True)
class ExistingConsents:
    """The consents of some customers, with those that the batch adds."""

    consents: dict[tuple[UUID, Category], list[Consent]] = field(default_factory=dict)

    @classmethod
    async def of(cls, customers: Iterable[UUID]) -> "ExistingConsents":
        """The stored consents of these customers."""
        existing = cls()
        for consent in await Consent.filter(customer_id__in=list(customers)):
            existing.consents.setdefault((consent.customer_id, consent.category), []).append(consent)
        return existing

    def consent_for(
        self,
        customer_id: UUID,
        category: Category,
        basis: LegalBasis,
        evidence: str,
        batch: Batch,
        others: Collection[UUID] = (),
    ) -> UUID:
        """The id of the consent that a row of this category rests on; planned where the customer was never asked.

        Args:
            customer_id: whose row.
            category: of the row.
            basis: the consents that the operator states.
            evidence: how they can be demonstrated.
            batch: where a new consent is planned.
            others: customers who share an address with this one, and whose refusals hold for the row as well.

        Raises:
            RowFault: one of them has refused or withdrawn. An import brings no consent back.
        """
        existing = self.consents.setdefault((customer_id, category), [])
        asked = {consent.purpose for consent in existing}
        for purpose, notice_id in basis.notices.items():
            refused = any(
                self._refused(each, category, purpose, batch.now) for each in (customer_id, *others)
            )
            if purpose not in asked and not refused:
                consent = consents.new(
                    customer_id, category, purpose, ConsentState.GIVEN, batch.now, notice_id=notice_id,
                    content=ConsentContent(evidence), collection_method=CollectionMethod.IMPORT, expires_at=basis.until,
                )  # fmt: skip
                batch.add(consent)
                existing.append(consent)
                batch.when_dropped(partial(existing.remove, consent))
        for purpose in basis.notices:
            for consent in existing:
                if consent.purpose == purpose and consent.usable_at(batch.now):
                    return consent.id
        raise RowFault(
            "CONSENT_REQUIRED",
            f"the customer's consent to the category {category.value} has ended or is suspended",
        )

    def _refused(self, customer_id: UUID, category: Category, purpose: Purpose, now: datetime) -> bool:
        """Whether a customer has said no to a category for a purpose, or to the category as a whole."""
        consents = [
            consent
            for consent in self.consents.get((customer_id, category), ())
            if consent.state not in _WAITING and not _stands(consent, now)
        ]
        if any(consent.purpose == purpose for consent in consents):
            return True
        ended = any(consent.state is not ConsentState.REFUSED for consent in consents)
        return ended and not any(_stands(each, now) for each in self.consents[customer_id, category])


def _stands(consent: Consent, now: datetime) -> bool:
    return consent.permits and consent.expires_at > now


def checked_evidence(evidence: str | None) -> str:
    """The reference to the proof of a consent, without blanks around it.

    Raises:
        RowFault: it is empty, too long, or holds what belongs to a payment card.
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
    """The id of the notice for each purpose; it is registered unless it is already.

    Raises:
        ImportRefused: the notice is empty, or another text has its language and version.
    """
    if not notice.text.strip():
        raise ImportRefused("NOTICE_EMPTY", "The notice is empty: customers must have been told something.")
    if len(notice.language) > 10 or len(notice.version) > 20:
        raise ImportRefused("NOTICE_NAME_TOO_LONG", "A language has at most 10 characters and a version 20.")
    digest = hashlib.sha256(notice.text.encode()).hexdigest()
    ids: dict[Purpose, UUID] = {}
    for purpose in dict.fromkeys(purposes):
        row = await Notice.get_or_none(purpose=purpose, language=notice.language, version=notice.version)
        if row and row.digest != digest:
            raise ImportRefused(
                "NOTICE_DIFFERS",
                f"Another text is registered for {purpose.value}, {notice.language}, version {notice.version}. "
                "Notices are never edited: give this one another --notice-version.",
            )
        if row is None:
            row = Notice(id=uuid4(), purpose=purpose, text=notice.text, digest=digest, created_at=now)
            row.language, row.version = notice.language, notice.version
            if not dry_run:
                await _add(row)
        ids[purpose] = row.id
    return ids


async def _add(notice: Notice) -> None:
    async with transaction():
        await notice.save()
        record(Event.NOTICE_ADDED, None, notice=notice.id, purpose=notice.purpose)
