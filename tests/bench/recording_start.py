"""How late a recording begins: ``python -m tests.bench.recording_start [--video vp8] [--times 5]``.

A lecturer in real Chromium is on air long before the session goes live, so that the relay's cached group of pictures is
long given up. Told each time: seconds from the session's going live to the first picture of its file, and to when the
first of it is safe on the disk.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from pathlib import Path

from orchestrator.sessions.model import SessionState
from tests.doubles.browsers import chromium
from tests.doubles.eventually import eventually
from tests.doubles.recorded_day import SESSION, RecordedDay, recorded_day
from tests.doubles.relay import relay
from tests.doubles.simulcast_page import publish, served

LIMIT_S, BEFORE_S, STEP_S = 60.0, 8.0, 0.01


async def once(day: RecordedDay) -> tuple[float, float]:
    """One start: seconds to the file's first picture, and to the first that is safe."""
    known = len(await day.segments())
    began_ns = day.clock.now_ns()
    await day.becomes(SessionState.LIVE)
    for _ in range(round(LIMIT_S / STEP_S)):
        found = await day.segments()
        if len(found) > known and found[-1].size:
            break
        await asyncio.sleep(STEP_S)
    else:
        raise TimeoutError("it is not recorded")
    safe_ns = day.clock.now_ns()
    await day.becomes(SessionState.BREAK)
    await eventually(lambda: day.recordings.recording(SESSION) is None, LIMIT_S)
    return (found[-1].at_ns - began_ns) / 1e9, (safe_ns - began_ns) / 1e9


async def main(video: str, times: int) -> None:
    """Print a row a start."""
    with tempfile.TemporaryDirectory() as folder, relay("--open", "--video", video) as running:
        async with recorded_day(Path(folder), running.url) as day, chromium() as browser, served() as address:
            page = await browser.new_page()
            await page.goto(address)
            await publish(page, running.whip(f"{SESSION}-lecture"), 640, 360, 20, video)
            print(f"{video}: first picture, first safe, in seconds after the session went live")
            for _ in range(times):
                await asyncio.sleep(BEFORE_S)
                picture, safe = await once(day)
                print(f"  {picture:.2f}  {safe:.2f}", flush=True)


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--video", choices=["h264", "vp8"], default="h264")
    options.add_argument("--times", type=int, default=5)
    asked = options.parse_args()
    asyncio.run(main(asked.video, asked.times))
