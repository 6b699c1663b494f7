"""The key database gives rings as they are now, and a remembered ring does not outlive its keys."""

import pytest

import models
from models.keys import keyring
from procedures import consent
from tests.people import Office
from vault import vault
from vault.errors import SealBroken
from vault.seal import Sealed

pytestmark = pytest.mark.every_database


async def erased(office: Office) -> tuple[models.Customer, Sealed]:
    """A customer whose contact point was read, and then erased; and what lay in its row."""
    customer = await office.customer(consents=[("contact_point", "support")])
    (row,) = await models.ContactPoint.filter(customer_id=customer.id)
    await models.opened(row)
    assert vault.current().remembered(str(customer.id)) is not None
    given = await models.Consent.get(customer_id=customer.id)
    await consent.withdraw(given.id, by=(await office.himself(customer)).actor)
    return customer, row.content


async def test_an_erasure_closes_the_ring_that_this_process_remembers(database: str) -> None:
    customer, _ = await erased(Office())
    assert vault.current().remembered(str(customer.id)) is None


async def test_what_lay_in_an_erased_row_does_not_open_where_it_was_read_before(database: str) -> None:
    customer, content = await erased(Office())
    ring = (await keyring.rings([customer.id]))[str(customer.id)]
    with pytest.raises(SealBroken):
        ring.opener("contact_point", content)
