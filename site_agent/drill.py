"""Many whole agents in one process, for the load rehearsal: ``python -m site_agent.drill --server URL --codes FILE``.

Each line of FILE is a site's pairing code. Every agent pairs, gets a home of its own under ``--homes`` and runs as
``diemcau-site run`` would, without camera and screen. Each logs ``agent_up``; SIGTERM stops them all.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import structlog

from site_agent import VERSION
from site_agent.app import run_agent
from site_agent.config import Camera, Config, Desk, Readiness, Screen
from site_agent.link.pairing import pair
from site_agent.logs import configure

HANDS = 8
"""Agents paired at once."""

log = structlog.get_logger()


def main(argv: Sequence[str] | None = None) -> int:
    """Run them until SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m site_agent.drill")
    parser.add_argument("--server", required=True)
    parser.add_argument("--codes", required=True, type=Path, help="a pairing code a line")
    parser.add_argument("--homes", required=True, type=Path)
    parser.add_argument("--pages", type=int, default=Desk().pages, help="pages that a desk takes at once")
    options = parser.parse_args(argv)
    configure("info")
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(_run_all(options))
    return 0


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


async def _run_all(options: argparse.Namespace) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    hands = asyncio.Semaphore(HANDS)
    nothing: Path = options.homes / "no-pictures"
    await asyncio.to_thread(nothing.mkdir, parents=True, exist_ok=True)
    config = Config(
        camera=Camera(str(nothing)),
        screen=Screen(0, headless=True),
        desk=Desk("127.0.0.1", 0, pages=options.pages),
        readiness=Readiness(looks=False),
    )
    codes = await asyncio.to_thread(options.codes.read_text, "ascii")

    async def one(place: int, code: str) -> None:
        home: Path = options.homes / f"{place:04d}"
        async with hands:
            identity = await pair(options.server, code, home, VERSION, insecure=True)
        await run_agent(config, home, identity, stop)

    async with asyncio.TaskGroup() as agents:
        for place, code in enumerate(codes.split()):
            agents.create_task(one(place, code))


if __name__ == "__main__":
    sys.exit(main())
