"""The table of faults says what the tests said, and never a zero that nobody counted."""

from typing import Any

import pytest

from tests.faults.clauses import WITHOUT_ANSWERS
from tests.faults.table import Counts, held, lines, verdict

NAME = "faults/test_way_home.py::test_a_centre"
BARE = next(iter(WITHOUT_ANSWERS.values()))[0]


def report(case: str, *said: tuple[str, object], outcome: Any = "passed") -> pytest.TestReport:
    return pytest.TestReport(
        nodeid=f"tests/{case}",
        location=("", None, ""),
        keywords={},
        outcome=outcome,
        longrepr=None,
        when="call",
        user_properties=list(said),
    )


def after(*reports: pytest.TestReport) -> Counts:
    counts = Counts()
    for each in reports:
        counts.pytest_runtest_logreport(each)
    return counts


def test_parameters_of_a_test_count_together() -> None:
    counts = after(report(f"{NAME}[1]", ("acked", 30), ("lost", 0)), report(f"{NAME}[2]", ("acked", 12), ("lost", 0)))
    assert verdict(counts, NAME) == "held, 0 of 42 lost"
    assert held(counts, NAME)


@pytest.mark.parametrize("said", [(), (("acked", 0), ("lost", 0))])
def test_a_test_with_answers_that_counts_none_is_no_success(said: tuple[tuple[str, object], ...]) -> None:
    counts = after(report(NAME, *said))
    assert verdict(counts, NAME) == "held, NOT COUNTED"
    assert not held(counts, NAME)


def test_one_parameter_that_owes_its_count_spoils_the_others() -> None:
    counts = after(report(f"{NAME}[1]", ("acked", 30), ("lost", 0)), report(f"{NAME}[2]"))
    assert verdict(counts, NAME) == "held, NOT COUNTED"
    assert not held(counts, NAME)


def test_a_lost_answer_is_told_beside_those_that_showed_a_tick() -> None:
    counts = after(report(NAME, ("acked", 30), ("lost", 2), outcome="failed"))
    assert verdict(counts, NAME) == "FAILED, 2 of 30 lost"
    assert not held(counts, NAME)


def test_a_test_without_answers_says_so_and_never_a_number() -> None:
    counts = after(report(BARE))
    assert verdict(counts, BARE) == "held, no answers in it"
    assert held(counts, BARE)


def test_a_test_that_did_not_run_is_no_success() -> None:
    assert verdict(after(), BARE) == "DID NOT RUN"
    assert not held(after(), BARE)
    skipped = pytest.TestReport(
        nodeid=f"tests/{BARE}", location=("", None, ""), keywords={}, outcome="skipped", longrepr=None, when="setup"
    )
    assert verdict(after(skipped), BARE) == "DID NOT RUN"
    assert not held(after(skipped), BARE)


def test_what_was_measured_stands_under_its_test() -> None:
    counts = after(report(NAME, ("acked", 3), ("lost", 0), ("turned_s", 1.5), ("after_t0_ms", "DC01 2…14")))
    assert list(lines(counts, {"a clause": (NAME,)}))[1].strip() == "turned 1.5 s; after t0 DC01 2…14 ms"
