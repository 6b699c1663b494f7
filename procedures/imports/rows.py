"""RowPlanner the rows that an import brings on one customer's consents.

CHANGED_HERE   the row was changed or removed here since it was imported, and stays so; compare by hand
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from models import Customer, CustomerStatus, Identity, opened
from procedures.imports.batch import Batch
from procedures.imports.consent import ExistingConsents, LegalBasis
from procedures.tables import RowFault
from vault.errors import SealBroken


class Stated(Protocol):
    """What was stated of an import: the consents that its rows rest on, and what they are told to come from."""

    @property
    def basis(self) -> LegalBasis:
        """The consents."""

    @property
    def source(self) -> str:
        """Where the rows come from."""


@dataclass(frozen=True, slots=True)
class RowPlanner:
    """Lays one customer's rows on that customer's consents."""

    stated: Stated
    customer_id: UUID
    evidence: str
    standing: ExistingConsents
    batch: Batch

    def plan(self, row: Any, old: Any = None) -> None:
        """Plan a row, in the place of an older one if there is one.

        Raises:
            RowFault: no consent carries it any more.
        """
        basis = self.stated.basis
        row.consent_id = self.standing.ground(
            self.customer_id, row.category, basis, self.evidence, self.batch
        )
        row.customer_id = self.customer_id
        row.source = self.stated.source
        row.collected_at = self.batch.now
        if old is None:
            self.batch.add(row)
            return
        row.id, row.revision = old.id, old.revision
        row._saved_in_db = True
        self.batch.replace(old, row.save)

    def reconcile(self, wanted: Sequence[Any], held: Sequence[Any]) -> None:
        """Plan to make the held rows of this source the wanted ones; equal rows are left alone."""
        ours = [row for row in held if row.source == self.stated.source]
        if len(ours) < len(held) and any(isinstance(row, Identity) for row in wanted):
            raise RowFault("CHANGED_HERE", "the customer's names were changed here since; mend them here")
        fresh = []
        for row in wanted:
            if found := same(row, ours):
                ours.remove(found)
            else:
                fresh.append(row)
        for row in fresh:
            if old := next((old for old in ours if _plain(old) == _plain(row)), None):
                ours.remove(old)
            self.plan(row, old)
        for old in ours:
            self.batch.replace(old, old.delete)


async def readable(row: Any) -> Any:
    """A row with its content in plain; one that does not open stays sealed, equals nothing, and is written anew."""
    with suppress(SealBroken):
        row.content = await opened(row)
    return row


def same(row: Any, held: Sequence[Any]) -> Any:
    """The row among the held ones that says the same, or None."""
    return next((old for old in held if _plain(old) == _plain(row) and old.content == row.content), None)


async def locked(customer_id: UUID) -> Customer:
    """A customer whose rows an import may touch, locked, so that no hold on them begins meanwhile; raises RowFault."""
    return reachable(await Customer.filter(id=customer_id).select_for_update(no_key=True).first())


def reachable(customer: Customer | None) -> Customer:
    """A customer whose rows an import may touch; raises RowFault."""
    if customer is None:
        raise RowFault("CUSTOMER_UNKNOWN", "no customer of this key was imported from this source")
    if customer.status == CustomerStatus.WITHDRAWN:
        raise RowFault("CUSTOMER_WITHDRAWN", "the customer has left; an import brings nobody back")
    if customer.restricted:
        raise RowFault("CUSTOMER_RESTRICTED", "processing of this customer's data is restricted")
    return customer


def _plain(row: Any) -> list[Any]:
    """What of a row lies beside its content."""
    return [getattr(row, part.name) for part in row.declared.parts.values() if not part.sealed]
