"""Which encoding a viewer gets, on lines of every kind."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.media.relay.choice import Choice
from orchestrator.media.relay.rates import Line, Size
from tests.doubles.busy_receiver import BusyReceiver
from tests.doubles.estimating_viewer import EstimatingViewer
from tests.doubles.jittery_radio import JitteryRadio

LOW, MIDDLE, TOP = Size(2, 110_000, 120_000), Size(1, 330_000, 350_000), Size(0, 1_100_000, 1_200_000)
THREE = (LOW, MIDDLE, TOP)
TWO = (LOW, TOP)
SEEDS = range(16)
LATE_SEEDS = range(24, 48)
"""Among them are pairs of late trips one after the other at a part of 0.1, too."""
LITTLE = 0.005


def test_a_good_line_never_leaves_the_best() -> None:
    viewer = EstimatingViewer(THREE, 20_000_000)
    viewer.run(60)
    assert [layer for _, layer in viewer.heights] == [0]


def test_a_line_that_grows_weak_gets_a_lower_encoding_at_once_and_keeps_it_without_delay() -> None:
    viewer = EstimatingViewer(TWO, 20_000_000)
    viewer.run(20)
    began = viewer.now
    viewer.capacity = 400_000
    viewer.run(6)
    down = viewer.time_of(2, began)
    assert down is not None
    assert down < 3
    viewer.worst_delay = viewer.lost = 0.0
    viewer.run(120)
    assert viewer.time_of(0, began) is None
    assert viewer.lost == 0
    assert viewer.worst_delay < 0.25


@pytest.mark.parametrize("weak_s", [7.0, 15.0, 31.0, 60.0, 90.0])
def test_a_line_that_recovers_gets_the_best_again(weak_s: float) -> None:
    viewer = EstimatingViewer(TWO, 20_000_000)
    viewer.run(20)
    viewer.capacity = 400_000
    viewer.run(weak_s)
    viewer.capacity, lifted = 20_000_000, viewer.now
    viewer.run(60)
    up = viewer.time_of(0, lifted)
    assert up is not None
    assert up < 30


def weak_for_a_while(seed: int) -> tuple[EstimatingViewer, float, float]:
    """A viewer with a busy computer behind 400 kbit/s for 30 to 50 s; what that cost it, in bytes lost and in delay."""
    viewer = EstimatingViewer(TWO, 20_000_000, trips=True, busy=BusyReceiver(seed))
    viewer.run(15)
    viewer.capacity = 400_000
    viewer.run(6)
    viewer.worst_delay = viewer.lost = 0.0
    viewer.run(30 + seed % 20)
    viewer.capacity = 20_000_000
    return viewer, viewer.lost / 8, viewer.worst_delay


def test_busy_computers_get_the_best_again_in_time_and_see_no_harm_while_their_line_is_weak() -> None:
    ups, delays = [], []
    for seed in SEEDS:
        viewer, lost, delay = weak_for_a_while(seed)
        lifted = viewer.now
        viewer.run(40)
        up = viewer.time_of(0, lifted)
        assert up is not None, seed
        assert lost == 0, seed
        ups.append(up)
        delays.append(delay)
    assert max(ups) < 20
    assert max(delays) < 0.45


@pytest.mark.parametrize("part", [0.1, 0.3])
def test_radio_that_delivers_some_trips_late_gets_the_best_again_in_time(part: float) -> None:
    for seed in LATE_SEEDS:
        viewer = EstimatingViewer(TWO, 20_000_000, trips=True, radio=JitteryRadio(seed, part))
        viewer.run(15)
        viewer.capacity = 400_000
        viewer.run(20 + seed % 8)
        viewer.capacity, lifted = 20_000_000, viewer.now
        viewer.run(40)
        up = viewer.time_of(0, lifted)
        assert up is not None, seed
        assert up < 30, seed


@pytest.mark.parametrize("part", [0.1, 0.3])
def test_radio_that_delivers_some_trips_late_and_is_too_weak_loses_little_by_tries(part: float) -> None:
    for seed in LATE_SEEDS:
        viewer = EstimatingViewer(TWO, 20_000_000, trips=True, radio=JitteryRadio(seed, part))
        viewer.run(15)
        viewer.capacity = 400_000
        viewer.run(6)
        began, viewer.lost = viewer.now, 0.0
        viewer.run(60)
        assert viewer.time_of(0, began) is None, seed
        assert viewer.lost < LITTLE * 60 * viewer.capacity, seed


def stuck(trips: list[float | None], *, estimate: int = 204_000, seconds: float = 40.0) -> Choice:
    """A choice that went down for losses, and whose estimate stands since; a trip begins each fifth of a second."""
    choice, now = Choice(), 0.0
    for n in range(round(seconds / 0.2)):
        now += 0.2
        loss = 0.3 if 3 < now < 6 else 0.0
        trip = trips[min(n, len(trips) - 1)]
        choice.judge(Line(estimate, now, loss, trip, now - 0.1), TWO, now, pinned=None, may_try=True, padded=True)
    return choice


def test_an_estimate_that_stands_does_not_keep_a_viewer_down_while_nothing_queues() -> None:
    assert stuck([0.01]).layer == 0
    assert stuck([0.01]).tried == "won"


def test_where_no_trips_are_told_an_estimate_that_stands_has_met_the_limit() -> None:
    choice = stuck([None])
    assert (choice.layer, choice.tried) == (2, "flat")


def test_one_late_trip_ends_no_try_and_two_do() -> None:
    calm = [0.01] * 70
    late: list[float | None] = [*calm, 0.3, 0.01]
    queued: list[float | None] = [*calm, 0.3, 0.3, 0.01]
    assert stuck(late, seconds=15.0).trying
    choice = stuck(queued, seconds=15.0)
    assert (choice.trying, choice.tried, choice.padding_bps) == (False, "queued", 0)
    assert 0 < choice.wait_s(15.0) <= 8


def test_of_three_a_middling_line_gets_the_middle_one() -> None:
    viewer = EstimatingViewer(THREE, 20_000_000)
    viewer.run(10)
    viewer.capacity = 600_000
    viewer.run(60)
    assert viewer.heights[-1][1] == 1
    viewer.heights.clear()
    viewer.run(120)
    assert [layer for _, layer in viewer.heights] == [1]


def test_a_line_too_weak_for_any_picture_keeps_the_sound_and_gets_the_picture_back() -> None:
    viewer = EstimatingViewer(THREE, 20_000_000)
    viewer.run(10)
    viewer.capacity = 90_000
    viewer.run(30)
    assert viewer.choice.layer is None
    viewer.capacity, lifted = 20_000_000, viewer.now
    viewer.run(60)
    assert viewer.heights[-1][1] == 0
    back = next(at - lifted for at, layer in viewer.heights if at >= lifted and layer is not None)
    assert back < 30


def test_a_busy_computer_that_loses_nothing_keeps_its_only_picture_for_long() -> None:
    choice, now = Choice(), 0.0
    for n in range(40):
        now += 0.25
        choice.judge(Line(300_000 - 4_000 * n, now), (TOP,), now, pinned=None, may_try=True, padded=True)
    assert choice.layer == 0


def test_losses_alone_lead_down_and_a_calm_line_up_again() -> None:
    choice, now = Choice(), 0.0

    def judge(loss: float, seconds: float) -> None:
        nonlocal now
        for _ in range(round(seconds / 0.25)):
            now += 0.25
            choice.judge(Line(loss=loss), THREE, now, pinned=None, may_try=True, padded=False)

    judge(0.05, 30)
    assert choice.layer == 0
    judge(0.3, 3)
    assert (choice.layer, choice.why) == (1, "lossy")
    judge(0.3, 3)
    assert choice.layer == 2
    judge(0.0, 60)
    assert choice.layer == 0


def test_an_operators_order_is_followed_and_given_back() -> None:
    choice = Choice()
    for pinned, layer in ((0, 2), (-1, None), (9, 0), (1, 1)):
        choice.judge(Line(), THREE, 1.0, pinned=pinned, may_try=True, padded=True)
        assert (choice.layer, choice.why) == (layer, "ordered")
    choice.judge(Line(), THREE, 2.0, pinned=None, may_try=True, padded=True)
    assert choice.layer in {0, 1}


def test_an_encoding_that_its_sender_gives_up_is_left() -> None:
    choice = Choice()
    choice.judge(Line(), THREE, 1.0, pinned=None, may_try=True, padded=True)
    choice.judge(Line(), (LOW, MIDDLE), 2.0, pinned=None, may_try=True, padded=True)
    assert choice.layer == 1


def test_a_busy_computer_whose_estimate_falls_once_keeps_its_picture() -> None:
    choice = Choice()
    for n, bps in enumerate((1_300_000, 1_000_000, 1_040_000, 1_080_000, 1_120_000)):
        for part in range(4):
            now = n + part / 4
            choice.judge(Line(bps, float(n)), THREE, now, pinned=None, may_try=True, padded=True)
    assert choice.layer == 0


@given(
    st.lists(
        st.tuples(st.one_of(st.none(), st.integers(0, 5_000_000)), st.floats(0, 1), st.integers(1, 3)), max_size=80
    )
)
def test_whatever_is_reported_the_choice_is_one_of_those_there(reports: list[tuple[int | None, float, int]]) -> None:
    choice, now = Choice(), 0.0
    for bps, loss, count in reports:
        now += 0.25
        sizes = THREE[:count]
        choice.judge(Line(bps, now, loss), sizes, now, pinned=None, may_try=True, padded=True)
        assert choice.layer is None or choice.layer in {one.layer for one in sizes}
        assert 0 <= choice.padding_bps <= 1_500_000
