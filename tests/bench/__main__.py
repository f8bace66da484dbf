"""``make bench``: every benchmark in turn, peers side by side in the same run. Exit code 1 when ``bench_media``, whose
figures are promised, found one that is not reached."""

from __future__ import annotations

import asyncio
import sys

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


def main() -> int:
    """Run them all; the exit code of what is judged."""
    judged = asyncio.run(bench_media.main([]))
    asyncio.run(bench_relay.main())
    bench_statistics.main()
    asyncio.run(bench_essays.main())
    bench_results.main([])
    bench_board.main([])
    clock_truth.main([])
    opening.main(SHORT_OPENING)
    second_copy.main([])
    return judged


if __name__ == "__main__":
    sys.exit(main())
