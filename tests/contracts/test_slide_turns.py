"""A turn reaches every room of the session, which has the page already; the figures are `tests.bench.slide_turns`."""

from __future__ import annotations

from pathlib import Path

from tests.bench.slide_turns import measure


async def test_every_room_shows_every_turn(tmp_path: Path) -> None:
    _, took = await measure(tmp_path, sites=3, pages=3, turns=4)
    assert len(took) == 3 * 4
