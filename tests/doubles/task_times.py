"""How long a page's tasks take, and how much of that is the page's own work: read from Chromium's trace.

A task that is only interrupted, because others want the processor, is long by the clock and short by its own time.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import Any

import msgspec
from playwright.async_api import Page

LIMIT_S = 60.0
TASK = "ThreadControllerImpl::RunTask"
MAIN = "CrRendererMain"


class TaskTime(msgspec.Struct, frozen=True):
    """One task of the page's main thread, ms: by the clock, and of the processor."""

    clock_ms: float
    own_ms: float


async def task_times(page: Page, seconds: float) -> list[TaskTime]:
    """All tasks of the page's main thread in the next ``seconds``. Tracing makes them a little longer."""
    devtools = await page.context.new_cdp_session(page)
    events: list[dict[str, Any]] = []
    complete = asyncio.Event()
    devtools.on("Tracing.dataCollected", lambda told: events.extend(told["value"]))
    devtools.on("Tracing.tracingComplete", lambda _: complete.set())
    wanted = {"includedCategories": ["toplevel"]}
    await devtools.send("Tracing.start", {"transferMode": "ReportEvents", "traceConfig": wanted})
    await asyncio.sleep(seconds)
    await devtools.send("Tracing.end")
    async with asyncio.timeout(LIMIT_S):
        await complete.wait()
    await devtools.detach()
    return _of_the_page(events)


def _of_the_page(events: list[dict[str, Any]]) -> list[TaskTime]:
    """Those of the busiest renderer: Chromium keeps another ready for a next page."""
    threads = {
        (event["pid"], event["tid"])
        for event in events
        if event["name"] == "thread_name" and event["args"]["name"] == MAIN
    }
    found: dict[tuple[int, int], list[TaskTime]] = defaultdict(list)
    for event in events:
        thread = event["pid"], event["tid"]
        if event["name"] == TASK and thread in threads and "dur" in event:
            found[thread].append(TaskTime(event["dur"] / 1e3, event.get("tdur", event["dur"]) / 1e3))
    return max(found.values(), key=lambda tasks: sum(task.own_ms for task in tasks), default=[])
