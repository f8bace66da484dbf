"""A small form of ``python -m tests.bench.wall_1000``: sites that change all the time, each change seen in the page."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.doubles.axe import serious_faults
from tests.doubles.browsers import picture
from tests.doubles.wall_page import PHONE, wall_page
from tests.doubles.wall_province import province

SITES = 75
SEEN_MS = 15_000


@pytest.mark.timeout(240)
async def test_every_change_of_many_sites_reaches_its_tile(tmp_path: Path) -> None:
    async with (
        province(tmp_path, SITES, changes_per_s=8.0, readers=1, lecture=False) as running,
        wall_page(running.url, running.username, running.password) as watched,
    ):
        await watched.until_tiles(SITES)
        await watched.start()
        running.start_changing()
        await watched.page.wait_for_timeout(SEEN_MS)
        await watched.collect()
        delays = watched.delays(running.changes)
        assert delays.sent > 0
        assert (delays.missed, delays.overtaken + len(delays.tile_ms)) == ([], delays.sent)
        faults = await serious_faults(watched.page)
        await picture(watched.page, "wall-many")
        await watched.page.set_viewport_size(PHONE)
        faults += await serious_faults(watched.page)
        await picture(watched.page, "wall-many-phone")
        assert "\n".join(faults) == ""
