"""Whatever sequence of runs, stops and jumps: nothing is over before its time by more than servers ran under a wrong clock."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from models import DoubtKind
from procedures.clock import BACK, FAR, PACE, Known
from procedures.clock.pace import seen
from tests.campaigns import Campaign
from tests.procedures.records import DAY, NOON

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
NOTHING = timedelta(0)


@dataclass
class World:
    """The true time, a clock that may be wrong, a server that runs now and then, and what it knows.

    Attributes:
        wrong: by how much the clock is ahead.
        wrongly: how long servers have run under a clock that was ahead, since it was last confirmed.
    """

    true: datetime = NOON
    wrong: timedelta = NOTHING
    known: Known = field(default_factory=lambda: Known(NOON, NOON))
    doubt: DoubtKind | None = None
    wrongly: timedelta = NOTHING

    @property
    def shown(self) -> datetime:
        """What the clock shows."""
        return self.true + self.wrong

    def run(self, time: timedelta) -> None:
        """A server runs for a while, and looks now and then."""
        # It looks when it starts, too.
        for part in (NOTHING, time / 2, time / 2):
            self.true += part
            self.wrongly += part if self.wrong > NOTHING or self.known.proven > self.true else NOTHING
            self.known, reason = seen(self.known, self.shown, part, doubted=self.doubt is not None)
            self.doubt = self.doubt or reason

    def rest(self, time: timedelta) -> None:
        """No server runs for a while."""
        self.true += time

    def jump(self, by: timedelta) -> None:
        """Somebody sets the clock."""
        self.wrong += by

    def confirm(self) -> None:
        """Somebody puts the clock right, and says so."""
        self.wrong, self.doubt = NOTHING, None
        self.known, self.wrongly = Known(self.true, self.true), NOTHING


def spans(most: timedelta) -> st.SearchStrategy[timedelta]:
    return st.timedeltas(NOTHING, most)


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("run"), spans(3 * DAY)),
        st.tuples(st.just("rest"), spans(40 * DAY)),
        st.tuples(st.just("jump"), st.timedeltas(-40 * DAY, 40 * DAY)),
        st.tuples(st.just("jump"), st.sampled_from([20 * DAY, 29 * DAY, 3653 * DAY, -3653 * DAY])),
        st.tuples(st.just("confirm"), st.just(NOTHING)),
    ),
    max_size=40,
)


def _do(world: World, step: tuple[str, timedelta]) -> None:
    what, how = step
    world.confirm() if what == "confirm" else getattr(world, what)(how)


def test_nothing_is_over_before_its_time_by_more_than_servers_ran_under_a_wrong_clock(campaign: Campaign):
    tried = campaign.of(short=300, long=5_000)

    @settings(max_examples=tried, database=None)
    @given(STEPS)
    def holds(steps: list[tuple[str, timedelta]]) -> None:
        world = World()
        for step in steps:
            _do(world, step)
            assert world.known.proven - world.true <= (PACE - 1) * world.wrongly

    holds()
    campaign.tried(tried, "sequences of runs, stops and jumps")


def test_what_is_known_goes_back_only_when_somebody_says_so(campaign: Campaign):
    tried = campaign.of(short=100, long=2_000)

    @settings(max_examples=tried, database=None)
    @given(STEPS)
    def holds(steps: list[tuple[str, timedelta]]) -> None:
        world = World()
        for step in steps:
            before, doubted = world.known, world.doubt
            _do(world, step)
            if step[0] != "confirm":
                assert world.known.latest >= before.latest
                assert world.known.proven >= before.proven
                assert doubted is None or world.doubt is doubted
            assert world.known.proven <= world.known.latest

    holds()
    campaign.tried(tried, "sequences")


def test_small_jumps_add_up_to_a_doubt():
    world = World()
    world.run(HOUR)
    for _ in range(2):
        assert world.doubt is None
        world.jump(20 * DAY)
        world.run(HOUR)

    assert world.doubt is DoubtKind.AHEAD
    assert world.known.proven < world.true + 2 * HOUR


def test_one_jump_beyond_the_bound_is_a_doubt_at_the_first_look():
    world = World()
    world.jump(FAR + MINUTE)
    world.run(NOTHING)

    assert world.doubt is DoubtKind.AHEAD
    assert world.known == Known(NOON, NOON)


def test_a_server_that_is_off_at_weekends_is_never_doubted_and_is_on_time_by_friday():
    world = World()
    for _ in range(52):
        world.run(4.5 * DAY)
        assert world.known.proven == world.true
        world.rest(2.5 * DAY)
        world.run(NOTHING)
        assert world.known.proven == world.true - 2.5 * DAY
        assert world.doubt is None


def test_a_server_that_runs_in_office_hours_alone_is_asked_about_after_weeks_and_not_days():
    world, weeks = World(), 0
    while world.doubt is None:
        weeks += 1
        for _ in range(5):
            world.run(8 * HOUR)
            world.rest(16 * HOUR)
        world.rest(2 * DAY)

    assert weeks > 6


def test_a_month_off_is_believed_and_more_is_not():
    world = World()
    world.rest(FAR)
    world.run(NOTHING)
    assert world.doubt is None
    world.rest(MINUTE)
    world.run(NOTHING)

    assert world.doubt is DoubtKind.AHEAD


def test_a_clock_that_is_put_right_counts_again_once_it_is_confirmed():
    world = World()
    world.jump(3653 * DAY)
    world.run(DAY)
    world.jump(-3653 * DAY)
    world.run(DAY)
    assert world.doubt is DoubtKind.AHEAD
    assert world.known == Known(world.true, world.true)

    world.confirm()
    world.run(DAY)

    assert world.known.proven == world.true
    assert not world.doubt


def test_a_clock_put_back_a_little_is_waited_for_and_put_back_far_is_doubted():
    world = World()
    world.jump(-BACK)
    world.run(NOTHING)
    assert (world.doubt, world.known) == (None, Known(NOON, NOON))
    world.jump(-MINUTE)
    world.run(NOTHING)

    assert world.doubt is DoubtKind.BEHIND


def test_while_the_clock_is_doubted_time_passes_as_servers_run():
    world = World()
    world.jump(-DAY)
    world.run(NOTHING)
    world.run(6 * HOUR)

    assert world.known == Known(NOON + 6 * HOUR, NOON + 6 * HOUR)
