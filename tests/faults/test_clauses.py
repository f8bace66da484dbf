"""Every clause of the list of faults has tests, they are there, and each counts its answers or has none."""

import ast
import re
from pathlib import Path

from tests.faults.clauses import CLAUSES, WITHOUT_ANSWERS
from tests.faults.table import runs_here

ROOT = Path(__file__).parents[2]
AREAS = {"agent", "clock", "release", "browser", "network", "centre", "people", "load"}
NAMES = {name for clauses in CLAUSES.values() for tests in clauses.values() for name in tests}


def is_there(name: str) -> bool:
    """Whether the file has this test."""
    file, _, test = name.partition("::")
    if file.startswith("dashboard/"):
        return f'"{test}"' in (ROOT / file).read_text(encoding="utf-8")
    return re.search(rf"def {test}\b", (ROOT / "tests" / file).read_text(encoding="utf-8")) is not None


def counts_answers(name: str) -> bool:
    """Whether the test asks for the count of lost answers and uses it."""
    file, _, test = name.partition("::")
    tree = ast.parse((ROOT / "tests" / file).read_text(encoding="utf-8"))
    made = (ast.FunctionDef, ast.AsyncFunctionDef)
    (function,) = [node for node in ast.walk(tree) if isinstance(node, made) and node.name == test]
    return any(isinstance(node, ast.Name) and node.id == "count_lost" for node in ast.walk(function))


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


def test_every_test_counts_its_lost_answers_or_is_named_as_one_without_any() -> None:
    without = {name for names in WITHOUT_ANSWERS.values() for name in names}
    assert without <= NAMES
    assert {name for name in NAMES if runs_here(name) and not counts_answers(name)} == without
