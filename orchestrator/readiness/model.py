"""From what a site certified of itself to one word: go, go with care, no-go, unknown. Pure; the rule is data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Annotated

import msgspec

from orchestrator.errors import Refused
from wire.ids import EnrolmentId, RehearsalId, SiteId
from wire.readiness import Check, CheckName, CheckState

SECOND = 10**9
PRACTICE_NS = 3600 * SECOND
"""How long before a start everything must stand, and practice begins."""
MS = 1_000_000


class Verdict(StrEnum):
    """What is said of a site, the worst first."""

    NO_GO = "no_go"
    UNKNOWN = "unknown"
    CARE = "care"
    GO = "go"


class Need(StrEnum):
    """How much the day needs a check: without it nobody goes, somebody should look, not at all."""

    MUST = "must"
    SHOULD = "should"
    NO = "no"


_C, _N = CheckName, Need

NEEDS: dict[CheckName, Need] = {
    _C.PAIRED: _N.MUST,
    _C.PATH: _N.MUST,
    _C.CLOCK: _N.MUST,
    _C.DISK: _N.MUST,
    _C.FLUSH: _N.SHOULD,
    _C.PAPER: _N.MUST,
    _C.SCREEN: _N.MUST,
    _C.SPEAKER: _N.MUST,
    _C.MICROPHONE: _N.MUST,
    _C.CAMERA: _N.MUST,
    _C.ROOM_IN_VIEW: _N.SHOULD,
    _C.COUNTING: _N.SHOULD,
    _C.BANDWIDTH: _N.SHOULD,
    _C.PHONE: _N.SHOULD,
    _C.REHEARSAL: _N.NO,
    _C.RESTART: _N.SHOULD,
    _C.POWER: _N.SHOULD,
    _C.ADDRESS: _N.SHOULD,
    _C.VERSIONS: _N.SHOULD,
}
"""What a province begins with: a lecture followed by an exam. The order is that of weight."""

_WEIGHT = {"presence": -2, "certificate": -1} | {name.value: place for place, name in enumerate(NEEDS)}


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a day needs, and how old a certificate may be to count as go (s). A check that `needs` leaves out stands
    as in `NEEDS`."""

    needs: dict[CheckName, Need] = {}
    fresh_s: Annotated[int, msgspec.Meta(ge=600, le=30 * 86_400)] = 86_400

    def need(self, name: CheckName) -> Need:
        return self.needs.get(name, NEEDS[name])


class Held(msgspec.Struct, frozen=True):
    """A certificate as the centre keeps it. `at_ns` is the site's word, `received_ns` the centre's."""

    id: str
    site: SiteId
    enrolment: EnrolmentId
    at_ns: int
    received_ns: int
    rehearsal: RehearsalId | None
    agent_version: str
    platform: str
    checks: list[Check]

    @property
    def made_ns(self) -> int:
        """When it was made: no site certifies the future."""
        return min(self.at_ns, self.received_ns)


class Waiver(msgspec.Struct, frozen=True):
    """A person lets a finding of a site pass until then. It covers that reason and no other."""

    id: str
    site: SiteId
    check: CheckName
    reason: str
    why: str
    by: str
    at_ns: int
    until_ns: int
    withdrawn_by: str | None = None
    withdrawn_ns: int | None = None

    def holds(self, now: int) -> bool:
        return self.withdrawn_ns is None and now < self.until_ns


class Grade(StrEnum):
    """How heavy a finding is; `waived` is what a person let pass: never green, never red."""

    NO_GO = "no_go"
    UNKNOWN = "unknown"
    CARE = "care"
    WAIVED = "waived"


class Finding(msgspec.Struct, frozen=True):
    """What is missing. `check` is a `CheckName`, or `certificate` or `presence` for the site as a whole."""

    check: str
    reason: str
    grade: Grade
    note: str = ""
    figures: dict[str, float] = {}
    waiver: str | None = None


class Judgement(msgspec.Struct, frozen=True):
    """The one word of a site and what is missing, the heaviest first."""

    verdict: Verdict
    findings: list[Finding]


class Known(msgspec.Struct, frozen=True):
    """What is known of a site besides its certificate. `starts_ns`: its next session or exam."""

    paired: bool
    online: bool
    starts_ns: int | None = None


def judge(known: Known, held: Held | None, rule: Rule, waivers: Sequence[Waiver], now: int) -> Judgement:
    """How a site stands at `now`. An old certificate says what was wrong, but never that all is well."""
    found = _at_large(known, held, rule, now)
    if held is not None and known.paired:
        found += _checks(held, rule, {(each.check, each.reason): each for each in waivers if each.holds(now)})
    found.sort(key=lambda each: (list(Grade).index(each.grade), _WEIGHT.get(each.check, 99)))
    return Judgement(_verdict(found), found)


def _verdict(found: Sequence[Finding]) -> Verdict:
    grades = {each.grade for each in found}
    for grade, verdict in ((Grade.NO_GO, Verdict.NO_GO), (Grade.UNKNOWN, Verdict.UNKNOWN)):
        if grade in grades:
            return verdict
    return Verdict.CARE if grades else Verdict.GO


def _at_large(known: Known, held: Held | None, rule: Rule, now: int) -> list[Finding]:
    """What stands before every check: no computer, no certificate, an old one, nobody there."""
    if not known.paired:
        return [Finding(CheckName.PAIRED, "not_paired", Grade.NO_GO)]
    found = []
    soon = known.starts_ns is not None and known.starts_ns - PRACTICE_NS <= now
    if not known.online:
        found.append(Finding("presence", "away", Grade.NO_GO if soon else Grade.CARE))
    if held is None:
        found.append(Finding("certificate", "none", Grade.UNKNOWN))
    elif now - held.made_ns > rule.fresh_s * SECOND:
        found.append(Finding("certificate", "old", Grade.UNKNOWN, figures={"age_s": (now - held.made_ns) // SECOND}))
    return found


def _checks(held: Held, rule: Rule, waived: Mapping[tuple[CheckName, str], Waiver]) -> list[Finding]:
    told = {check.name: check for check in held.checks}
    found = []
    for name in CheckName:
        need = rule.need(name)
        check = told.get(name, Check(name=name, state=CheckState.WAITING, reason="not_looked"))
        grade = _GRADES.get((need, check.state))
        if grade is None:
            continue
        reason = check.reason or ("not_looked" if check.state is CheckState.WAITING else "failed")
        waiver = waived.get((name, reason))
        if waiver is not None:
            grade = Grade.WAIVED
        found.append(Finding(name, reason, grade, check.note, dict(check.figures), waiver.id if waiver else None))
    return found


_GRADES = {
    (Need.MUST, CheckState.BAD): Grade.NO_GO,
    (Need.MUST, CheckState.WAITING): Grade.UNKNOWN,
    (Need.MUST, CheckState.WEAK): Grade.CARE,
    (Need.SHOULD, CheckState.BAD): Grade.CARE,
    (Need.SHOULD, CheckState.WEAK): Grade.CARE,
    (Need.SHOULD, CheckState.WAITING): Grade.CARE,
}
"""A check that is good, or that the day does not need, is no finding."""

WHY_LIMIT = 500
WAIVER_LIMIT_NS = 31 * 86_400 * SECOND


def check_waiver(why: str, until_ns: int, now: int) -> None:
    """Refuse a waiver without a reason or an end that people can oversee."""
    if not 3 <= len(why.strip()) <= WHY_LIMIT:
        raise Refused("no_reason", f"Hãy ghi lý do, 3 đến {WHY_LIMIT} chữ. / Say why, 3 to {WHY_LIMIT} letters.", 422)
    if not now < until_ns <= now + WAIVER_LIMIT_NS:
        raise Refused("bad_end", "Hạn miễn phải trong 31 ngày tới. / The waiver must end within 31 days.", 422)
