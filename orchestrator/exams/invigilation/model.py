"""Credits: measured gaps that ask for time, and grants that give it. Pure.

A credit is `noted` (it gives nothing: the exam went on), `proposed` (a person must decide), `approved`, `refused` or
`withdrawn`. An approved one is `applied` once its site says so, or at once when the site itself gave it.
"""

from collections.abc import Iterable
from enum import StrEnum

import msgspec

from wire.exam_fairness import MAX_GRANT_S, SITE_LIMIT_S, Cause, ExamExtra, ExamOutage, ExamResumed, Grant
from wire.ids import ExamId, SiteId

MINUTE_S = 60
LINE_NS = 60_000_000_000
"""A line that was away for less is not worth a word."""
GAIN_NOTHING = "Mất đường truyền không được bù giờ: bài thi vẫn chạy tại trường. / The exam went on at the school."


class State(StrEnum):
    """Where a credit stands."""

    NOTED = "noted"
    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Source(StrEnum):
    """Who says so: a measurement, the site's invigilator, the province."""

    MEASURED = "measured"
    SITE = "site"
    PROVINCE = "province"


DECISIONS = {State.PROPOSED: {State.APPROVED, State.REFUSED}, State.APPROVED: {State.WITHDRAWN}}
"""What a person may make of a credit."""


class Credit(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the ledger; seconds are what is proposed, then what was granted."""

    id: str
    exam: ExamId
    site: SiteId
    candidate: str | None
    cause: Cause
    source: Source
    state: State
    seconds: int
    at_ns: int
    who: str
    text: str = ""
    measured_ms: int | None = None
    from_ns: int | None = None
    decided_by: str | None = None
    decided_ns: int | None = None
    decision: str = ""
    applied_ns: int | None = None
    too_late: bool = False


class Granted(msgspec.Struct):
    """Seconds in force at one site: for everybody, and per candidate beside that."""

    everybody: int = 0
    each: dict[str, int] = {}

    def of(self, candidate: str) -> int:
        """What a candidate has altogether."""
        return self.everybody + self.each.get(candidate, 0)

    @property
    def longest(self) -> int:
        """The most that anybody has."""
        return self.everybody + max(self.each.values(), default=0)


def sum_up(credits_: Iterable[Credit]) -> dict[SiteId, Granted]:
    """What stands per site in these credits."""
    found: dict[SiteId, Granted] = {}
    for credit in credits_:
        at = found.setdefault(credit.site, Granted())
        if credit.candidate is None:
            at.everybody += credit.seconds
        else:
            at.each = {**at.each, credit.candidate: at.each.get(credit.candidate, 0) + credit.seconds}
    return found


def whole_minutes(gap_ms: int) -> int:
    """Seconds of a measured gap, rounded up to the minute (never less than one, never more than a grant may be)."""
    return min(MAX_GRANT_S, max(1, -(-gap_ms // (MINUTE_S * 1000))) * MINUTE_S)


def of_outage(site: SiteId, outage: ExamOutage) -> Credit:
    """A gap that the site measured becomes a proposal; a line that was away gives nothing."""
    gives = outage.cause is not Cause.LINE
    return Credit(
        id=outage.id,
        exam=outage.exam,
        site=site,
        candidate=outage.candidate,
        cause=outage.cause,
        source=Source.MEASURED,
        state=State.PROPOSED if gives else State.NOTED,
        seconds=whole_minutes(outage.gap_ms) if gives else 0,
        at_ns=outage.from_ns + outage.gap_ms * 1_000_000,
        who="",
        text="" if gives else GAIN_NOTHING,
        measured_ms=outage.gap_ms,
        from_ns=outage.from_ns,
    )


def of_extra(site: SiteId, extra: ExamExtra, *, given_before_s: int, closed_ns: int | None) -> Credit:
    """What an invigilator gave or asks for. Above the site's own limit it counts only once a person approves; after the
    site's close it is told to a person and gives nothing."""
    grant = extra.grant
    above = grant.candidate is None and given_before_s + grant.seconds > SITE_LIMIT_S
    given = not (extra.asked or above)
    return Credit(
        id=grant.id,
        exam=extra.exam,
        site=site,
        candidate=grant.candidate,
        cause=grant.cause,
        source=Source.SITE,
        state=State.APPROVED if given else State.PROPOSED,
        seconds=grant.seconds,
        at_ns=grant.at_ns,
        who=grant.who,
        text=extra.text,
        decided_by=grant.who if given else None,
        decided_ns=grant.at_ns if given else None,
        applied_ns=grant.at_ns if given else None,
        too_late=closed_ns is not None and grant.at_ns >= closed_ns,
    )


def of_stop(site: SiteId, resumed: ExamResumed) -> Credit:
    """A clock that stood has already been given back."""
    return Credit(
        id=resumed.id,
        exam=resumed.exam,
        site=site,
        candidate=None,
        cause=Cause.FIRE,
        source=Source.SITE,
        state=State.APPROVED,
        seconds=min(MAX_GRANT_S, max(1, -(-resumed.gap_ms // 1000))),
        at_ns=resumed.at_ns,
        who=resumed.who,
        measured_ms=resumed.gap_ms,
        from_ns=max(0, resumed.at_ns - resumed.gap_ms * 1_000_000),
        decided_by=resumed.who,
        decided_ns=resumed.at_ns,
        applied_ns=resumed.at_ns,
    )


def grant_of(credit: Credit) -> Grant:
    """The credit as the site is told it."""
    return Grant(
        id=credit.id,
        candidate=credit.candidate,
        seconds=credit.seconds,
        cause=credit.cause,
        who=(credit.decided_by or credit.who)[:300],
        at_ns=credit.decided_ns or credit.at_ns,
    )
