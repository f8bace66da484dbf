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


def test_a_reader_of_parts_is_told_of_those_alone_and_of_nothing_when_they_stood_still() -> None:
    board = WallBoard()
    told, only = Told(board), ("chats", "claims")
    board.put_section("chats", ["one"])
    assert decoded(message("snapshot", 0, 5, told.snapshot(only))) == {
        "type": "snapshot", "n": 0, "centre_ms": 5, "chats": ["one"], "claims": [],
    }  # fmt: skip
    stamp = board.stamp
    board.put_section("orders", ["other"])
    assert told.since(stamp, only) == ""
    assert decoded(message("delta", 1, 6, told.since(stamp, only))) == {"type": "delta", "n": 1, "centre_ms": 6}
    board.put_section("claims", ["mine"])
    assert decoded(message("delta", 2, 7, told.since(stamp, only)))["claims"] == ["mine"]
    assert "chats" not in decoded(message("delta", 2, 7, told.since(stamp, only)))
