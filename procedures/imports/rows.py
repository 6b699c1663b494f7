"""Planning the rows that an import writes for one customer, each with the consent that it rests on.

CHANGED_HERE   the row was changed or removed here since it was imported, and stays so; compare by hand
CUSTOMER_DIFFERS   the customer has another one here, or it is another customer's here; compare by hand
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from models import Customer, CustomerStatus, Identity
from procedures.imports.batch import Batch
from procedures.imports.consent import ExistingConsents, LegalBasis
from procedures.suppression import normal, of_row, writing
from procedures.tables import RowFault


@dataclass(frozen=True, slots=True)
class RowPlanner:
    """Plans the rows of one customer in a batch, with the consents that they rest on."""

    basis: LegalBasis
    source: str
    customer_id: UUID
    evidence: str
    consents: ExistingConsents
    batch: Batch
    others: frozenset[UUID] = frozenset()

    def plan(self, row: Any, old: Any = None) -> None:
        """Plan a row, in the place of an older one if there is one.

        Raises:
            RowFault: the customer's consent to the category has ended.
        """
        row.consent_id = self.consents.consent_for(
            self.customer_id, row.category, self.basis, self.evidence, self.batch, self.others
        )
        row.customer_id = self.customer_id
        row.source = self.source
        row.collected_at = self.batch.now
        if old is None:
            self.batch.add(row)
            return
        row.id, row.revision = old.id, old.revision
        row._saved_in_db = True
        self.batch.replace(old, partial(writing.write, row), row)

    def reconcile(self, rows: Sequence[Any], existing: Sequence[Any]) -> None:
        """Plan to replace the existing rows of this source by the new ones; equal rows are left as they are."""
        imported = [row for row in existing if row.source == self.source]
        elsewhere = [row for row in existing if row.source != self.source]
        changed = []
        for row in rows:
            if equal := same(row, imported):
                imported.remove(equal)
            elif not alike(row, elsewhere):
                if isinstance(row, Identity) and elsewhere:
                    raise RowFault(
                        "CHANGED_HERE", "the customer's names were changed here since; mend them here"
                    )
                refuse_second(row, elsewhere)
                changed.append(row)
        for row in changed:
            if old := next((old for old in imported if _plain(old) == _plain(row)), None):
                imported.remove(old)
            self.plan(row, old)
        for old in imported:
            self.batch.replace(old, old.delete)

    def complete(self, rows: Sequence[Any], existing: Sequence[Any]) -> None:
        """Plan those rows of which the customer, who is here from elsewhere, has none alike; the others stay as they are."""
        for row in rows:
            if not alike(row, existing):
                refuse_second(row, existing)
                self.plan(row)


def alike(row: Any, existing: Sequence[Any]) -> bool:
    """Whether one of the rows says the same: the same values, or the same address or personal code in another spelling."""
    if same(row, existing):
        return True
    traits = [(kind, normal((kind, value))) for kind, value in of_row(row)]
    return bool(traits) and any(
        [(kind, normal((kind, value))) for kind, value in of_row(each)] == traits for each in existing
    )


def refuse_second(row: Any, others: Sequence[Any]) -> None:
    """Refuse a row of a category of which a customer has one, at all or of a country, where there is another."""
    declared = row.declared
    if declared.single and any(
        declared.key_of(row.content) == declared.key_of(each.content) for each in others
    ):
        raise RowFault("CUSTOMER_DIFFERS", "the customer has another one here; compare by hand")


def same(row: Any, existing: Sequence[Any]) -> Any:
    """The existing row with the same values, or None."""
    return next((old for old in existing if _plain(old) == _plain(row) and old.content == row.content), None)


async def locked(customer_id: UUID) -> Customer:
    """A customer whose rows an import may change, locked so that no legal hold begins meanwhile; raises RowFault."""
    return reachable(await Customer.filter(id=customer_id).select_for_update(no_key=True).first())


def reachable(customer: Customer | None) -> Customer:
    """The customer, if an import may change its rows; raises RowFault."""
    if customer is None:
        raise RowFault("CUSTOMER_UNKNOWN", "no customer of this key was imported from this source")
    if customer.status == CustomerStatus.WITHDRAWN:
        raise RowFault("CUSTOMER_WITHDRAWN", "the customer has left; an import brings nobody back")
    if customer.restricted:
        raise RowFault("CUSTOMER_RESTRICTED", "processing of this customer's data is restricted")
    return customer


def _plain(row: Any) -> list[Any]:
    """The values of a row that are columns of their own, beside its sealed content."""
    return [getattr(row, part.name) for part in row.declared.parts.values() if not part.sealed]
