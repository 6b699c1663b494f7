"""Whatever staff, customers, imports, repeats, expiry, backups and the clock do, one after the other: what must hold, holds."""

from pathlib import Path

import pytest

from tests.campaigns import Campaign
from tests.sequences.running import Template, anew, run, steps_of, told

#: The long run is shared out, so that several processes try it.
SHARES = 8


@pytest.mark.parametrize(
    "share", [0, *(pytest.param(share, marks=pytest.mark.long) for share in range(1, SHARES))]
)
async def test_whatever_is_done_nobody_speaks_for_somebody_else(
    share: int, sqlite_template: Path, tmp_path: Path, campaign: Campaign
) -> None:
    """Noes stand, nothing is erased for no reason, who left is not there, and what others do is told: `tests.sequences.judge`."""
    template = await Template.made(sqlite_template, tmp_path)
    seeds = range(share, share + SHARES * campaign.of(short=2, long=250), SHARES)
    for seed in seeds:
        async with template.begun(seed) as town:
            outcome = await run(town, steps_of(seed))
        assert outcome.wrong == [], told(seed, outcome)
    campaign.tried(len(seeds), "sequences of what people do")


@pytest.mark.long
@pytest.mark.parametrize("seed", range(60))
async def test_on_postgresql_as_well(
    seed: int, postgres_url: str, tmp_path: Path, campaign: Campaign
) -> None:
    async with anew(postgres_url, seed, tmp_path / "town") as town:
        outcome = await run(town, steps_of(seed))
    assert outcome.wrong == [], told(seed, outcome)
    campaign.tried(1, "sequences of what people do, on PostgreSQL")
