"""``python -m tests.faults``: runs the list of faults and prints it with the count of lost ✓ answers of each test."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import pytest

from tests.faults.clauses import CLAUSES, LONG
from tests.faults.table import Counts, held, lines, runs_here

TESTS = Path(__file__).parents[1]


def main(argv: list[str]) -> int:
    """Run the areas named (all without any); 1 if a test failed, lost an answer, or counted none though it has some."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults")
    parser.add_argument("areas", nargs="*", metavar="AREA", help=f"of {', '.join(CLAUSES)}")
    parser.add_argument(
        "--long",
        action="store_true",
        help="8 sites, the centre away for the whole minute after T0 and killed 70 s before it; about 5 minutes more",
    )
    told = parser.parse_args(argv)
    if unknown := set(told.areas) - set(CLAUSES):
        parser.error(f"no such area: {', '.join(sorted(unknown))}")
    if told.long:
        os.environ[LONG] = "1"
    return run([area for area in CLAUSES if area in told.areas or not told.areas])


def run(areas: list[str]) -> int:
    """Run these and print their table."""
    chosen = {area: CLAUSES[area] for area in areas}
    named = dict.fromkeys(name for clauses in chosen.values() for tests in clauses.values() for name in tests)
    names = [name for name in named if runs_here(name)]
    counts = Counts()
    code = int(pytest.main(["-q", "-p", "no:randomly", *(str(TESTS / name) for name in names)], plugins=[counts]))
    for area, clauses in chosen.items():
        print(f"\n{area}", *lines(counts, clauses), sep="\n")
    fallen = [name for name in names if not held(counts, name)]
    print(f"\n{len(names)} tests, {counts.acked:,} ✓ answers counted, {counts.lost} lost; {len(fallen)} did not hold")
    return 1 if code or fallen else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
