"""At full length, plain Oso is asked about all that is released in every test with an installation, and never differs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from math import inf

import pytest


@asynccontextmanager
async def judged(test: pytest.Item) -> AsyncIterator[None]:
    """Sample every operation while the block lasts, and ask about all of them at its end; in the long run of tests only."""
    if not test.config.getoption("--long") or test.get_closest_marker("unjudged"):
        yield
        return
    # It brings the whole schema along, for which the short run does not wait.
    from procedures.current import installation
    from schema.reading import Samples, judge

    samples = installation().instance(Samples)
    samples.share, samples.budget = 1, inf
    yield
    count = await judge()
    assert (count.failed, count.differences) == (0, 0)
