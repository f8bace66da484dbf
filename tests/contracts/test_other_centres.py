"""A site asks further centres for the time over real HTTP."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from site_agent.link.clock import ClockDiscipline, monotonic_ns
from site_agent.link.othercentres import follow_others
from tests.doubles.eventually import eventually
from tests.doubles.lecture_centre import lecture_centre
from tests.doubles.servers import free_port
from wire.ids import ClockState

MS = 1_000_000


async def test_the_time_of_a_real_centre_is_learned_and_one_that_is_not_there_holds_nothing_up(tmp_path: Path) -> None:
    clock = ClockDiscipline()
    async with lecture_centre(tmp_path) as centre, asyncio.TaskGroup() as group:
        nobody = f"http://127.0.0.1:{free_port()}"
        asking = group.create_task(follow_others([nobody, f"{centre.url}/"], clock, monotonic_ns, every_s=0.2))
        await eventually(lambda: clock.state is ClockState.SYNCED, 30)
        before_ns, (lo, hi), after_ns = time.time_ns(), clock.interval_ns(), time.time_ns()
        # The centre runs on this computer's clock.
        assert lo - 50 * MS < after_ns
        assert before_ns < hi + 50 * MS
        asking.cancel()
