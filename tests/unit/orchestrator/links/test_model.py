"""Who may hold a site's link, and how fast it may talk."""

import pytest

from orchestrator.links.model import ANSWERED_WITHIN_S, RESUMABLE_FOR_S, Allowance, Holder, Seating, seating
from wire.ids import BootId, EnrolmentId

PAIRED, PAIRED_ANEW = EnrolmentId("enrolment-1"), EnrolmentId("enrolment-2")
FIRST, SECOND = BootId("boot-1"), BootId("boot-2")


def holder(*, attended: bool = True) -> Holder:
    return Holder(enrolment=PAIRED, boot=FIRST, attended=attended, heard_at=100.0)


def test_a_free_seat_is_taken() -> None:
    assert seating(None, PAIRED, FIRST, 0.0) is Seating.TAKE


@pytest.mark.parametrize("now", [100.0, 105.0, 500.0])
def test_the_newest_link_of_the_same_boot_wins(now: float) -> None:
    assert seating(holder(), PAIRED, FIRST, now) is Seating.REPLACE


@pytest.mark.parametrize(("enrolment", "boot"), [(PAIRED, SECOND), (PAIRED_ANEW, FIRST), (PAIRED_ANEW, SECOND)])
def test_another_computer_or_boot_waits_until_the_old_link_is_quiet(enrolment: EnrolmentId, boot: BootId) -> None:
    assert seating(holder(), enrolment, boot, 100.0 + ANSWERED_WITHIN_S) is Seating.REFUSE
    assert seating(holder(), enrolment, boot, 100.1 + ANSWERED_WITHIN_S) is Seating.REPLACE


def test_the_same_boot_resumes_within_ten_minutes_of_a_break() -> None:
    broken = holder(attended=False)
    assert seating(broken, PAIRED, FIRST, 100.0 + RESUMABLE_FOR_S) is Seating.RESUME
    assert seating(broken, PAIRED, FIRST, 100.1 + RESUMABLE_FOR_S) is Seating.TAKE


def test_another_boot_takes_the_seat_of_a_broken_link_at_once() -> None:
    assert seating(holder(attended=False), PAIRED, SECOND, 100.5) is Seating.TAKE


def test_a_burst_is_allowed_and_then_only_the_rate() -> None:
    allowance = Allowance(0.0, rate=10, burst=5)
    assert [allowance.take(0.0) for _ in range(7)] == [True] * 5 + [False] * 2
    assert allowance.take(0.1)
    assert not allowance.take(0.1)
    assert [allowance.take(100.0) for _ in range(6)] == [True] * 5 + [False]
