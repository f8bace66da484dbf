"""Turns in which sites measure their lines: few at a time, each way once, nobody waits for ever."""

from __future__ import annotations

from itertools import count

import msgspec

from orchestrator.readiness.turns import CALM, MOST_WAITING, WATCHED, Turns
from wire.ids import SiteId

SITES = [SiteId(f"site-{place}") for place in range(164)]


def turns() -> Turns:
    numbers = count()
    return Turns(lambda: f"token-{next(numbers)}")


def test_only_a_few_measure_at_once_and_all_get_their_turn() -> None:
    waiting, now, served = turns(), 0, []
    for site in SITES:
        waiting.ask(site, 1)
    while granted := waiting.grant(CALM, now):
        assert len(granted) <= CALM.at_once
        served += [each.site for each in granted]
        for each in granted:
            waiting.done(each)
        now += 1
    assert served == SITES


def test_a_turn_that_nobody_uses_ends_by_time() -> None:
    waiting = turns()
    waiting.ask(SITES[0], 1)
    waiting.ask(SITES[1], 1)
    (first,) = waiting.grant(WATCHED, 0)
    assert waiting.grant(WATCHED, first.until_ns - 1) == []
    assert [each.site for each in waiting.grant(WATCHED, first.until_ns)] == [SITES[1]]


def test_each_way_is_taken_once_and_only_while_the_turn_lasts() -> None:
    waiting = turns()
    waiting.ask(SITES[0], 1)
    (turn,) = waiting.grant(CALM, 0)
    assert waiting.take_down(turn.token, 1) is turn
    assert waiting.take_down(turn.token, 1) is None
    assert waiting.take_up("token-of-another", 1) is None
    assert waiting.take_up(turn.token, turn.until_ns) is None


def test_a_site_that_asks_again_keeps_its_place_under_the_new_ask() -> None:
    waiting = turns()
    waiting.ask(SITES[0], 1)
    waiting.ask(SITES[1], 1)
    waiting.ask(SITES[0], 2)
    assert [(each.site, each.ask) for each in waiting.grant(CALM, 0)] == [(SITES[0], 2), (SITES[1], 1)]


def test_a_site_that_left_takes_nobodys_place() -> None:
    waiting = turns()
    waiting.ask(SITES[0], 1)
    (turn,) = waiting.grant(WATCHED, 0)
    waiting.ask(SITES[1], 1)
    waiting.leave(SITES[0])
    assert [each.site for each in waiting.grant(WATCHED, 1)] == [SITES[1]]
    assert waiting.take_up(turn.token, 1) is None


def test_too_many_who_wait_are_not_remembered() -> None:
    waiting = turns()
    for place in range(MOST_WAITING + 5):
        waiting.ask(SiteId(f"site-{place}"), 1)
    assert waiting.waiting == MOST_WAITING


def test_less_is_carried_while_a_lecture_is_watched() -> None:
    assert WATCHED.at_once < CALM.at_once
    assert msgspec.structs.asdict(WATCHED)["down_bytes"] < CALM.down_bytes
