"""``make bench``: every benchmark in turn, peers side by side in the same run. Nothing is asserted about time."""

from __future__ import annotations

import asyncio

from tests.bench import (
    bench_board,
    bench_essays,
    bench_media,
    bench_relay,
    bench_results,
    bench_statistics,
    clock_truth,
    opening,
    second_copy,
)

SHORT_OPENING = ["--agents", "60", "--processes", "2", "--times", "5"]
"""Two minutes; of 300 agents and 25 openings it is five: `python -m tests.bench.opening`."""


def main() -> None:
    """Run them all."""
    asyncio.run(bench_media.main([]))
    asyncio.run(bench_relay.main())
    bench_statistics.main()
    asyncio.run(bench_essays.main())
    bench_results.main([])
    bench_board.main([])
    clock_truth.main([])
    opening.main(SHORT_OPENING)
    second_copy.main([])


if __name__ == "__main__":
    main()
