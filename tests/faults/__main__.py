"""``python -m tests.faults``: runs the list of faults and prints it with the count of lost ✓ answers of each test."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.faults.clauses import CLAUSES

TESTS = Path(__file__).parents[1]


class Counts:
    """What each test said of itself."""

    def __init__(self) -> None:
        self.passed: dict[str, bool] = {}
        self.acked: dict[str, int] = {}
        self.lost: dict[str, int] = {}
        self.measured: dict[str, str] = {}
        """What a test timed, as told: properties whose names end in `_s`, in seconds."""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Fold a report in; the parameters of a test count together."""
        name = report.nodeid.removeprefix("tests/").partition("[")[0]
        self.passed[name] = self.passed.get(name, True) and report.passed
        if report.when == "call":
            told = dict(report.user_properties)
            self.acked[name] = self.acked.get(name, 0) + int(str(told.get("acked", 0)))
            self.lost[name] = self.lost.get(name, 0) + int(str(told.get("lost", 0)))
            timed = [
                f"{key.removesuffix('_s').replace('_', ' ')} {value} s"
                for key, value in told.items()
                if key[-2:] == "_s"
            ]
            self.measured[name] = ", ".join(timed)


def main(areas: list[str]) -> int:
    """Run the areas named (all without any); 1 if a test failed or an answer was lost."""
    chosen = {area: clauses for area, clauses in CLAUSES.items() if area in areas or not areas}
    names = dict.fromkeys(
        name for clauses in chosen.values() for tests in clauses.values() for name in tests if name.startswith(_PYTHON)
    )
    counts = Counts()
    code = int(pytest.main(["-q", "-p", "no:randomly", *(str(TESTS / name) for name in names)], plugins=[counts]))
    for area, clauses in chosen.items():
        print(f"\n{area}")
        for clause, tests in clauses.items():
            for name in tests:
                print(f"  {clause[:64]:<66}{_told(counts, name):<32}{name.rpartition('::')[2][:100]}")
                if timed := counts.measured.get(name):
                    print(f"  {'':<66}{timed}")
    lost = sum(counts.lost.values())
    print(f"\n{len(names)} tests, {sum(counts.acked.values()):,} ✓ answers counted, {lost} lost")
    return 1 if code or lost else 0


_PYTHON = ("faults/", "unit/", "contracts/", "browser/", "e2e/")


def _told(counts: Counts, name: str) -> str:
    if not name.startswith(_PYTHON):
        return "with the pages' tests"
    held = "held" if counts.passed.get(name) else "FAILED"
    acked = counts.acked.get(name, 0)
    return f"{held}, {counts.lost.get(name, 0)} of {acked} lost" if acked else f"{held}, 0 lost"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
