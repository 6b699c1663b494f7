"""Every mutation about a customer, asked by everybody in each state of the customer's word, comes to what the table says."""

from hashlib import sha256

import pytest

from tests.campaigns import Campaign
from tests.people import Office
from tests.schema.verdicts import TABLE, Cell, Desk, cells, read, table

#: The codes by which policies refuse.
REFUSED = ("FORBIDDEN", "UNAUTHENTICATED", "STEP_UP_REQUIRED")


def _drawn(cell: Cell) -> str:
    """A cell is in the sample or not whatever others there are."""
    return sha256(repr(cell).encode()).hexdigest()


def test_the_table_has_every_mutation_everybody_and_every_state() -> None:
    text = TABLE.read_text(encoding="utf-8")

    assert read(text).keys() == set(cells())
    assert table(read(text)) == text


@pytest.mark.by_hand
async def test_what_comes_of_a_mutation_is_what_the_table_says(office: Office, campaign: Campaign) -> None:
    written, desk = read(TABLE.read_text(encoding="utf-8")), await Desk.set_up(office)
    tried = sorted(cells(), key=_drawn)[: campaign.of(short=150, long=len(written))]

    found = {cell: await desk.verdict(cell) for cell in tried}

    assert {cell: verdict for cell, verdict in found.items() if written[cell] != verdict} == {}
    campaign.tried(len(found), "verdicts on mutations")
    # What `actions` told before is what the mutation did.
    assert {cell: found[cell] for cell, told in desk.told.items() if told is (found[cell] in REFUSED)} == {}
    campaign.tried(len(desk.told), "mutations told to be permitted or not")
