"""What readers are told: one encoding for all of them, and the same as the board says."""

from __future__ import annotations

import msgspec

from orchestrator.wall.board import WallBoard
from orchestrator.wall.told import Told, message
from tests.doubles.wall_tiles import made


def decoded(text: str) -> dict[str, object]:
    found: dict[str, object] = msgspec.json.decode(text)
    return found


def test_readers_in_step_share_one_encoding() -> None:
    board = WallBoard()
    told = Told(board)
    board.put(made(1))
    first = told.since(0)
    assert told.since(0) is first
    assert told.snapshot() is told.snapshot()
    board.put(made(2))
    assert told.since(0) is not first


def test_a_message_has_its_readers_number_and_the_boards_contents() -> None:
    board = WallBoard()
    told = Told(board)
    board.put(made(1))
    stamp = board.stamp
    board.put(made(2))
    delta = decoded(message("delta", 7, 1234, told.since(stamp)))
    assert (delta["type"], delta["n"], delta["centre_ms"]) == ("delta", 7, 1234)
    assert delta["sites"] == msgspec.json.decode(msgspec.json.encode(board.since(stamp)["sites"]))
    whole = decoded(message("snapshot", 0, 1234, told.snapshot()))
    assert {"type", "n", "centre_ms", "sites", "events", "counters"} <= set(whole)


def test_nothing_new_is_still_a_whole_message() -> None:
    board = WallBoard()
    told = Told(board)
    assert decoded(message("delta", 1, 5, told.since(board.stamp)))["sites"] == []
