"""How long a turn of the slides takes until every room shows the page, over real links to a real centre.

``python -m tests.bench.slide_turns [--sites 164] [--pages 12] [--turns 20]``: all rooms run in one process, so their
share of the time is in the figures.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import tempfile
import time
from pathlib import Path

import structlog

from tests.bench.quantiles import quantile
from tests.doubles.slide_rooms import slide_rooms


async def measure(folder: Path, sites: int, pages: int, turns: int) -> tuple[float, list[float]]:
    """Seconds until every room had the whole deck, and of every turn at every room until it showed the page."""
    async with slide_rooms(folder, sites) as rooms:
        began = time.monotonic()
        deck = await rooms.send(pages)
        beforehand = time.monotonic() - began
        took: list[float] = []
        for turn in range(turns):
            took += await rooms.turn(deck, 2 + turn % (pages - 1))
        return beforehand, took


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--sites", type=int, default=164)
    asked.add_argument("--pages", type=int, default=12)
    asked.add_argument("--turns", type=int, default=20)
    wish = asked.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with tempfile.TemporaryDirectory() as folder:
        beforehand, took = asyncio.run(measure(Path(folder), wish.sites, wish.pages, wish.turns))
    print(f"{wish.sites} rooms, {wish.pages} pages: sent, drawn and at every room after {beforehand:.1f} s")
    shares = ", ".join(f"p{share * 100:g} {quantile(took, share) * 1000:.0f} ms" for share in (0.5, 0.99))
    print(f"a turn until a room shows the page ({len(took)} times): {shares}, longest {max(took) * 1000:.0f} ms")


if __name__ == "__main__":
    main()
