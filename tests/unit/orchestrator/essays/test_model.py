"""Deadlines, the version that counts, and whose file a name means."""

from __future__ import annotations

import pytest

from orchestrator.errors import Refused
from orchestrator.essays.model import (
    Check,
    Criterion,
    EssayPlan,
    Form,
    Source,
    Version,
    check_open,
    check_plan,
    counting,
    late,
    number_in,
)

PLAN = EssayPlan("Đề", deadline_ns=100, cap_ns=200)


def version(place: int, received_ns: int, state: Check = Check.GOOD) -> Version:
    return Version(f"v{place}", "e", "n", place, b"", 1, Form.PDF, "a.pdf", received_ns, "candidate", "R", state)


def test_the_deadline_itself_is_in_time_and_a_nanosecond_later_is_late() -> None:
    assert (late(PLAN, 100), late(PLAN, 101)) == (False, True)


def test_the_last_version_in_time_counts_even_when_a_late_one_follows() -> None:
    versions = [version(1, 10), version(2, 90), version(3, 150)]
    assert counting(PLAN, versions) == versions[1]


def test_of_late_ones_the_last_counts_and_refused_ones_never() -> None:
    assert counting(PLAN, [version(1, 150), version(2, 160)]) == version(2, 160)
    assert counting(PLAN, [version(1, 50), version(2, 60, Check.REFUSED)]) == version(1, 50)
    assert counting(PLAN, [version(1, 50, Check.REFUSED)]) is None


def test_late_is_taken_until_the_cap_and_not_after() -> None:
    check_open(PLAN, Source.CANDIDATE, 200)
    with pytest.raises(Refused, match="closed"):
        check_open(PLAN, Source.CANDIDATE, 201)
    with pytest.raises(Refused, match="not_by_you"):
        check_open(EssayPlan("Đề", 1, 2, sources=(Source.SITE,)), Source.CANDIDATE, 0)


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("10023.docx", "10023"),
        ("Bài_10023 - Nguyễn An.pdf", "10023"),
        ("C:\\bai\\hv0012.PDF", "HV0012"),
        ("thu hoach A-12.docx", "A-12"),
        ("100231.docx", None),
        ("10023 va HV0012.docx", None),
        ("bài của tôi.docx", None),
    ],
)
def test_a_roster_number_is_found_only_when_it_stands_by_itself(name: str, number: str | None) -> None:
    assert number_in(name, {"10023", "HV0012", "12", "A-12"}) == number


def test_every_fault_of_a_plan_is_told_at_once() -> None:
    with pytest.raises(Refused) as refused:
        check_plan(EssayPlan(" ", 100, 50, forms=(), step=7, criteria=(Criterion("a", 500),)))
    faults = refused.value.fields["faults"]
    assert isinstance(faults, list)
    assert len(faults) == 6
