"""Customers who are about to leave, with all that gathers around a customer."""

from datetime import timedelta

from models import Access, Category, Customer, HoldReason, LegalHold
from procedures.imports import marks
from procedures.leaving import legal_hold
from tests.people import Office, Someone

ALL = [(category.value, "support") for category in Category]


async def leaver(office: Office) -> tuple[Customer, Someone]:
    """A customer with a row of every category, and what else gathers around a customer."""
    customer = await office.customer(consents=ALL)
    herself = await office.session(await office.himself(customer))
    await Access.create(
        entry=0, customer_id=customer.id, kind="Employee", roles="agent", at=office.now, purposes="support",
        task_ids="", fields_read="Identity.familyName",
    )  # fmt: skip
    for mark in marks.made("shop", "customer", "17", b"d", customer.id, office.now):
        await mark.save()
    return customer, herself


async def hold(office: Office, customer: Customer, category: Category, days: int = 30) -> LegalHold:
    officer = await office.employee("privacy_officer")
    return await legal_hold.place(
        customer.id, category, HoldReason.LEGAL_OBLIGATION, by=officer.actor, basis="VAT act, section 79",
        until=office.now + timedelta(days=days),
    )  # fmt: skip
