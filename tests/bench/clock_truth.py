"""Whether the stated bound of a site's clock always holds its true error: ``python -m tests.bench.clock_truth``.

The real estimator over bursts of 16 pings on simulated lines (`tests.doubles.link_models`), with drift up to ±200 ppm,
lost bursts, freezing and ageing. Exit code 1 if the truth was ever outside.
"""

from __future__ import annotations

import argparse
import random
import sys
import time

from tests.bench.quantiles import quantile
from tests.doubles.clock_days import Truth, live_many_days
from tests.doubles.link_models import MODELS

EXCHANGES = 1_000_000


def main(argv: list[str] | None = None) -> int:
    """Measure and print; the exit code."""
    options = _options(argv)
    seed = options.seed if options.seed is not None else random.randrange(1 << 32)
    began = time.perf_counter()
    found = live_many_days(MODELS, options.exchanges, seed)
    print(_table(found))
    exchanges, looked = sum(t.exchanges for t in found.values()), sum(t.looked for t in found.values())
    violations = sum(truth.violations for truth in found.values())
    print(
        f"errors and bounds about a minute after a burst; {exchanges:,} exchanges, {looked:,} moments looked at, "
        f"{violations} outside the bound; seed {seed}, {time.perf_counter() - began:.0f} s"
    )
    return 1 if violations else 0


def _options(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.clock_truth")
    parser.add_argument("--exchanges", type=int, default=EXCHANGES)
    parser.add_argument("--seed", type=int, help="any, if not given; it is printed")
    return parser.parse_args(argv)


def _table(found: dict[str, Truth]) -> str:
    heads = ("error ms p50", "p99", "p99.9", "bound ms p50", "p99", "p99.9", "two sites p99.9", "outside")
    lines = [f"{'line':<26}" + "".join(f"{head:>16}" for head in heads)]
    for name, truth in found.items():
        figures = [quantile(truth.errors, q) for q in (0.5, 0.99, 0.999)]
        figures += [quantile(truth.bounds, q) for q in (0.5, 0.99, 0.999)]
        figures.append(quantile(_skews(truth.at_t0), 0.999))
        lines.append(f"{name:<26}" + "".join(f"{figure:>16.2f}" for figure in figures) + f"{truth.violations:>16}")
    return "\n".join(lines)


def _skews(errors: list[float]) -> list[float]:
    """How far two sites of the same kind of line are apart at T0: each with the hundred after it."""
    return [abs(one - other) for at, one in enumerate(errors) for other in errors[at + 1 : at + 101]]


if __name__ == "__main__":
    sys.exit(main())
