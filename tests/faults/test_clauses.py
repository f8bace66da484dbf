"""Every clause of the list of faults has tests, and they are there."""

import re
from pathlib import Path

from tests.faults.clauses import CLAUSES

ROOT = Path(__file__).parents[2]
AREAS = {"agent", "clock", "release", "browser", "network", "centre", "people", "load"}


def is_there(name: str) -> bool:
    """Whether the file has this test."""
    file, _, test = name.partition("::")
    if file.startswith("dashboard/"):
        return f'"{test}"' in (ROOT / file).read_text(encoding="utf-8")
    return re.search(rf"def {test}\b", (ROOT / "tests" / file).read_text(encoding="utf-8")) is not None


def test_every_clause_has_tests_that_exist() -> None:
    assert set(CLAUSES) == AREAS
    missing = [
        f"{area}, {clause}: {name}"
        for area, clauses in CLAUSES.items()
        for clause, names in clauses.items()
        for name in names or ("none",)
        if not is_there(name)
    ]
    assert missing == []
