"""What a viewer of a Janus server gets: less where its line loses, more after a pause, what an operator ordered."""

from __future__ import annotations

from orchestrator.media.janus.ladder import CLIMB_S, SETTLE_S, TOP, Share
from orchestrator.media.port import Rung


def share(substream: int = TOP) -> Share:
    """Somebody who sees a publisher of three encodings."""
    made = Share("site-1")
    made.begins(layered=True)
    made.substream = substream
    return made


def test_a_line_that_loses_gets_less_step_by_step_and_never_nothing() -> None:
    one, now = share(), 100.0
    for level in (1, 0):
        assert one.lossy(now)
        assert one.wish("v") == {"mid": "v", "send": True, "substream": level}
        assert not one.lossy(now + SETTLE_S / 2)
        one.substream = level
        now += SETTLE_S
    assert not one.lossy(now)
    told = one.stats(TOP)
    assert (told.rung, told.why) == (Rung.LOW, "lossy")


def test_a_quiet_line_climbs_and_waits_longer_each_time_that_it_was_in_vain() -> None:
    one, now = share(1), 100.0
    assert one.lossy(now)
    assert not one.tick(now + CLIMB_S[0] - 1)
    now += CLIMB_S[0]
    assert one.tick(now)
    assert one.stats(TOP).why == "climbed"
    one.substream = 1
    assert one.lossy(now + SETTLE_S)
    now += SETTLE_S
    assert not one.tick(now + CLIMB_S[0])
    assert one.tick(now + CLIMB_S[0] * 2)


def test_an_order_comes_before_the_line_and_losses_of_one_encoding_change_nothing() -> None:
    one = share()
    one.lossy(100.0)
    one.order = Rung.FULL
    assert one.wish("v")["substream"] == TOP
    one.order = Rung.SOUND
    assert one.wish("v") == {"mid": "v", "send": False}
    assert one.stats(TOP).rung is Rung.SOUND
    single = Share("site-2")
    assert not single.lossy(100.0)
    assert single.ordinary
    single.order = Rung.LOW
    assert single.stats(0).rung is Rung.FULL


def test_who_gets_the_best_that_comes_gets_all_of_it() -> None:
    one = share(1)
    assert one.stats(1).rung is Rung.FULL
    assert one.stats(2).rung is Rung.LOW
    one.order = Rung.LOW
    one.substream = 0
    assert one.stats(0).rung is Rung.LOW
