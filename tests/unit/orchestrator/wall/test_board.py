"""Readers of the wall: a snapshot plus the changes since equals the wall, always."""

from __future__ import annotations

from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.presence.model import PresenceState
from orchestrator.wall.board import WallBoard
from orchestrator.wall.model import Tile
from tests.doubles.wall_tiles import made
from wire.ids import SiteId

STEPS = st.lists(st.tuples(st.integers(0, 4), st.one_of(st.none(), st.integers(0, 3)), st.booleans()), max_size=40)


@given(STEPS, st.integers(0, 40))
def test_a_reader_that_follows_the_deltas_sees_the_same_wall(
    steps: list[tuple[int, int | None, bool]], joins: int
) -> None:
    board, seen, stamp = WallBoard(), dict[str, Tile](), -1
    for turn, (site, count, gone) in enumerate(steps):
        if gone:
            board.drop(SiteId(f"site-{site}"))
        else:
            board.put(made(site, count))
        if turn == joins:
            seen, stamp = {each.id: each for each in board.snapshot()["sites"]}, board.stamp
        elif stamp >= 0 and turn % 3 == 0:
            _follow(seen, board.since(stamp))
            stamp = board.stamp
    if stamp >= 0:
        _follow(seen, board.since(stamp))
        assert seen == {each.id: each for each in board.snapshot()["sites"]}


def _follow(seen: dict[str, Tile], delta: dict[str, Any]) -> None:
    for each in delta["sites"]:
        seen[each.id] = each
    for site in delta["gone"]:
        seen.pop(site, None)


def test_the_same_tile_again_is_no_change() -> None:
    board = WallBoard()
    assert board.put(made(1))
    stamp = board.stamp
    assert not board.put(made(1))
    assert board.stamp == stamp
    assert board.since(stamp) == {"sites": [], "gone": [], "events": []}


def test_counters_add_up_by_district() -> None:
    board = WallBoard()
    for number in range(3):
        board.put(made(number, count=number))
    board.put(made(3, state=PresenceState.SILENT))
    totals = board.counters()
    assert (totals.total, totals.online, totals.silent, totals.counted, totals.expected) == (4, 3, 1, 3, 40)
    assert [(each.district, each.total, each.counted) for each in totals.by_district] == [
        ("Huyện 0", 2, 2),
        ("Huyện 1", 2, 1),
    ]


def test_events_are_numbered_and_old_ones_fall_off() -> None:
    board = WallBoard()
    for number in range(310):
        board.tell(number, "site_online", 0, made(1))
    events = board.snapshot()["events"]
    assert (len(events), events[0].id, events[-1].id) == (300, 11, 310)
    assert msgspec.json.encode(events[-1])
