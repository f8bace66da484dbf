"""The table of faults: what each test said of itself, and what it should have said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec
import pytest

from tests.faults.clauses import WITHOUT_ANSWERS

_PYTHON = ("faults/", "unit/", "contracts/", "browser/", "e2e/")
_NONE_IN_IT = {name for names in WITHOUT_ANSWERS.values() for name in names}
_MEASURED = {"_s": " s", "_ms": " ms"}


class Told(msgspec.Struct):
    """One test, its parameters together. ``cases``: how often it ran; ``counted``: how many of these told a count."""

    passed: bool = True
    cases: int = 0
    counted: int = 0
    acked: int = 0
    lost: int = 0
    measured: list[str] = msgspec.field(default_factory=list)

    @property
    def count(self) -> str:
        """A count that one case owes is no count."""
        return f"{self.lost} of {self.acked} lost" if 0 < self.counted == self.cases else ""


class Counts:
    """What each test said of itself; a plugin of pytest."""

    def __init__(self) -> None:
        self.told: dict[str, Told] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Fold a report in."""
        told = self.told.setdefault(report.nodeid.removeprefix("tests/").partition("[")[0], Told())
        told.passed = told.passed and report.passed
        if report.when != "call":
            return
        said = [(str(key), str(value)) for key, value in report.user_properties]
        acked = [int(value) for key, value in said if key == "acked"]
        told.cases += 1
        told.counted += sum(acked) > 0
        told.acked += sum(acked)
        told.lost += sum(int(value) for key, value in said if key == "lost")
        for key, value in said:
            name, _, unit = key.rpartition("_")
            if f"_{unit}" in _MEASURED:
                told.measured.append(f"{name.replace('_', ' ')} {value}{_MEASURED[f'_{unit}']}")

    @property
    def acked(self) -> int:
        return sum(told.acked for told in self.told.values())

    @property
    def lost(self) -> int:
        return sum(told.lost for told in self.told.values())


def runs_here(name: str) -> bool:
    """Whether pytest runs it; the pages' own tests run elsewhere."""
    return name.startswith(_PYTHON)


def verdict(counts: Counts, name: str) -> str:
    """A test's cell: whether it held, with its count."""
    if not runs_here(name):
        return "with the pages' tests"
    told = counts.told.get(name)
    if told is None or not told.cases:
        return "DID NOT RUN"
    count = told.count or ("no answers in it" if name in _NONE_IN_IT else "NOT COUNTED")
    return f"{'held' if told.passed else 'FAILED'}, {count}"


def held(counts: Counts, name: str) -> bool:
    """Whether the test held, lost nothing, and counted if there are answers in it."""
    told = counts.told.get(name)
    if not runs_here(name):
        return True
    return told is not None and told.passed and not told.lost and (bool(told.count) or name in _NONE_IN_IT)


def lines(counts: Counts, clauses: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """The table of one area."""
    for clause, tests in clauses.items():
        for name in tests:
            yield f"  {clause[:64]:<66}{verdict(counts, name):<32}{name.rpartition('::')[2][:100]}"
            if name in counts.told and counts.told[name].measured:
                yield f"  {'':<66}{'; '.join(counts.told[name].measured)}"
