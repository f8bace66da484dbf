"""What a viewer of a Janus server gets: less where its line loses, more after a pause, what an operator ordered."""

from __future__ import annotations

from orchestrator.media.janus.ladder import CALM, CLIMB_S, SETTLE_S, TOO_MUCH, TOO_MUCH_S, TOP, Share
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


def missing(one: Share, since: float, loss: float = TOO_MUCH) -> float | None:
    """Look twice a second; returns when it should get less, None when not within twenty looks."""
    return next((now for step in range(20) if one.missed(loss, 0.5, now := since + step / 2)), None)


def test_who_misses_too_much_of_the_lowest_encoding_hears_the_sound_alone_and_tries_again_later() -> None:
    one = share(0)
    assert missing(one, 100.0) == 100.0 + TOO_MUCH_S - 0.5
    assert one.wish("v") == {"mid": "v", "send": False}
    told = one.stats(TOP)
    assert (told.rung, told.why) == (Rung.SOUND, "lossy")
    now = 104.0 + CLIMB_S[0]
    assert not one.missed(CALM + 0.01, 0.5, now)
    assert not one.tick(now + CLIMB_S[0] - 1)
    now += CLIMB_S[0]
    assert not one.missed(CALM, 0.5, now)
    assert one.tick(now)
    assert one.wish("v") == {"mid": "v", "send": True, "substream": 0}
    fell = missing(one, now)
    assert fell is not None
    assert fell >= now + SETTLE_S + TOO_MUCH_S
    assert not one.tick(fell + CLIMB_S[0])
    assert one.tick(fell + 2 * CLIMB_S[0])


def test_with_several_encodings_a_lesser_picture_comes_before_none() -> None:
    one = share()
    for level in (1, 0):
        assert missing(one, 100.0 * (3 - level)) is not None
        assert one.wish("v") == {"mid": "v", "send": True, "substream": level}
        one.substream = level


def test_a_picture_of_one_encoding_goes_and_comes_as_a_whole() -> None:
    one = Share("site-1")
    fell = missing(one, 100.0)
    assert fell is not None
    assert one.stats(0).rung is Rung.SOUND
    assert one.tick(fell + CLIMB_S[0])
    assert one.wish("v") == {"mid": "v", "send": True, "substream": TOP}
    assert one.stats(0).rung is Rung.FULL


def test_losses_that_are_mended_or_short_take_no_picture_and_an_order_gives_it_back() -> None:
    one = share(0)
    assert missing(one, 100.0, TOO_MUCH - 0.01) is None
    for step in range(0, 40, 4):
        assert not one.missed(0.5, TOO_MUCH_S / 2, 200.0 + step)
        assert not one.missed(0.0, TOO_MUCH_S / 2, 202.0 + step)
    assert missing(one, 300.0) is not None
    one.order = Rung.LOW
    assert one.wish("v") == {"mid": "v", "send": True, "substream": 0}
    assert one.stats(TOP).rung is Rung.LOW
