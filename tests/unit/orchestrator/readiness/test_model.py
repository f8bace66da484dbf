"""From a certificate to one word, at any age, with and without people at the site."""

from __future__ import annotations

import msgspec
import pytest

from orchestrator.errors import Refused
from orchestrator.readiness.model import (
    NEEDS,
    PRACTICE_NS,
    Grade,
    Held,
    Known,
    Need,
    Rule,
    Verdict,
    Waiver,
    check_waiver,
    judge,
)
from wire.ids import EnrolmentId, SiteId
from wire.readiness import Check, CheckName, CheckState

NOW = 1_800_000_000 * 10**9
HOUR_NS = 3600 * 10**9
SITE = SiteId("site-1")
HERE = Known(paired=True, online=True)
RULE = Rule()


def held(*changed: Check, age_ns: int = 0) -> Held:
    told = {name: Check(name=name, state=CheckState.GOOD) for name in CheckName} | {each.name: each for each in changed}
    at = NOW - age_ns
    return Held("cert-1", SITE, EnrolmentId("enrolment-1"), at, at, None, "1", "test", list(told.values()))


def check(name: CheckName, state: CheckState, reason: str) -> Check:
    return Check(name=name, state=state, reason=reason, figures={"free_mb": 3.0})


DISK = check(CheckName.DISK, CheckState.BAD, "disk_full")


def waiver(reason: str = "disk_full", until_ns: int = NOW + 1) -> Waiver:
    return Waiver("waiver-1", SITE, CheckName.DISK, reason, "đổi ổ ngày mai", "truchoi", NOW, until_ns)


def test_all_good_and_fresh_is_go() -> None:
    assert judge(HERE, held(), RULE, (), NOW) == judge(HERE, held(), RULE, (), NOW)
    assert judge(HERE, held(), RULE, (), NOW).verdict is Verdict.GO
    assert judge(HERE, held(), RULE, (), NOW).findings == []


@pytest.mark.parametrize(
    ("need", "state", "verdict"),
    [
        (Need.MUST, CheckState.BAD, Verdict.NO_GO),
        (Need.MUST, CheckState.WAITING, Verdict.UNKNOWN),
        (Need.MUST, CheckState.WEAK, Verdict.CARE),
        (Need.MUST, CheckState.GOOD, Verdict.GO),
        (Need.SHOULD, CheckState.BAD, Verdict.CARE),
        (Need.SHOULD, CheckState.WAITING, Verdict.CARE),
        (Need.SHOULD, CheckState.WEAK, Verdict.CARE),
        (Need.SHOULD, CheckState.GOOD, Verdict.GO),
        (Need.NO, CheckState.BAD, Verdict.GO),
        (Need.NO, CheckState.WAITING, Verdict.GO),
    ],
)
def test_the_need_of_the_day_decides_what_a_check_means(need: Need, state: CheckState, verdict: Verdict) -> None:
    rule = Rule(needs={CheckName.PHONE: need})
    assert judge(HERE, held(check(CheckName.PHONE, state, "not_tried")), rule, (), NOW).verdict is verdict


def test_what_is_missing_comes_by_weight() -> None:
    found = judge(
        HERE,
        held(
            check(CheckName.VERSIONS, CheckState.WEAK, "old_system"),
            check(CheckName.CAMERA, CheckState.BAD, "dark"),
            check(CheckName.MICROPHONE, CheckState.WAITING, "not_looked"),
            check(CheckName.PATH, CheckState.BAD, "line_down"),
        ),
        RULE,
        (),
        NOW,
    )
    assert found.verdict is Verdict.NO_GO
    assert [each.check for each in found.findings] == ["path", "camera", "microphone", "versions"]
    assert found.findings[0].figures == {"free_mb": 3.0}


def test_an_old_certificate_never_counts_as_go_but_still_tells_what_was_wrong() -> None:
    age = RULE.fresh_s * 10**9 + 1
    assert judge(HERE, held(age_ns=age - 1), RULE, (), NOW).verdict is Verdict.GO
    assert judge(HERE, held(age_ns=age), RULE, (), NOW).verdict is Verdict.UNKNOWN
    assert judge(HERE, held(DISK, age_ns=age), RULE, (), NOW).verdict is Verdict.NO_GO


def test_a_certificate_from_the_future_is_as_old_as_its_arrival() -> None:
    told = msgspec.structs.replace(held(), at_ns=NOW + 300 * HOUR_NS, received_ns=NOW - 25 * HOUR_NS)
    assert judge(HERE, told, RULE, (), NOW).verdict is Verdict.UNKNOWN


def test_a_site_without_certificate_is_unknown_and_one_without_computer_does_not_go() -> None:
    assert judge(HERE, None, RULE, (), NOW).verdict is Verdict.UNKNOWN
    bare = judge(Known(paired=False, online=False), held(), RULE, (), NOW)
    assert bare.verdict is Verdict.NO_GO
    assert [(each.check, each.reason) for each in bare.findings] == [("paired", "not_paired")]


def test_a_check_that_an_older_agent_does_not_know_was_not_looked_at() -> None:
    told = held()
    lacking = msgspec.structs.replace(told, checks=[each for each in told.checks if each.name is not CheckName.PAPER])
    found = judge(HERE, lacking, RULE, (), NOW)
    assert found.verdict is Verdict.UNKNOWN
    assert [(each.check, each.reason) for each in found.findings] == [("paper", "not_looked")]


def test_an_absent_computer_is_a_word_of_care_the_day_before_and_no_go_in_the_last_hour() -> None:
    def away(starts_ns: int | None) -> Verdict:
        return judge(Known(paired=True, online=False, starts_ns=starts_ns), held(), RULE, (), NOW).verdict

    assert away(None) is Verdict.CARE
    assert away(NOW + PRACTICE_NS + 1) is Verdict.CARE
    assert away(NOW + PRACTICE_NS) is Verdict.NO_GO
    assert away(NOW - HOUR_NS) is Verdict.NO_GO


def test_a_waived_finding_is_never_green_and_never_red() -> None:
    found = judge(HERE, held(DISK), RULE, [waiver()], NOW)
    assert found.verdict is Verdict.CARE
    assert [(each.grade, each.waiver) for each in found.findings] == [(Grade.WAIVED, "waiver-1")]


def test_a_waiver_covers_its_reason_until_its_end_and_nothing_else() -> None:
    other = check(CheckName.DISK, CheckState.BAD, "cannot_write")
    assert judge(HERE, held(other), RULE, [waiver()], NOW).verdict is Verdict.NO_GO
    assert judge(HERE, held(DISK), RULE, [waiver(until_ns=NOW)], NOW).verdict is Verdict.NO_GO
    taken_back = msgspec.structs.replace(waiver(), withdrawn_ns=NOW - 1)
    assert judge(HERE, held(DISK), RULE, [taken_back], NOW).verdict is Verdict.NO_GO


def test_a_waiver_says_why_and_ends() -> None:
    check_waiver("đổi ổ ngày mai", NOW + HOUR_NS, NOW)
    for why, until_ns in (("  ", NOW + HOUR_NS), ("x" * 501, NOW + HOUR_NS), ("lý do", NOW), ("lý do", NOW + 10**18)):
        with pytest.raises(Refused):
            check_waiver(why, until_ns, NOW)


def test_every_check_has_a_need() -> None:
    assert set(NEEDS) == set(CheckName)
