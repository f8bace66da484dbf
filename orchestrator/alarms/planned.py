"""Planned work: who may be away when, and why. Its alarms are held back and listed as such. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import msgspec

from orchestrator.alarms.model import Cause, Scope
from orchestrator.alarms.observing import Where
from orchestrator.errors import Refused
from wire.ids import SiteId

LONGEST_NS = 14 * 86_400 * 10**9
SCOPES = (Scope.SITE, Scope.DISTRICT, Scope.PROVIDER, Scope.PROVINCE, Scope.CENTRE)


class Work(msgspec.Struct, frozen=True):
    """A window of work at everything that ``cause`` reaches. ``ended_ns``: somebody ended it before its time."""

    id: str
    cause: Cause
    from_ns: int
    until_ns: int
    by: str
    why: str
    ended_ns: int | None = None

    @property
    def over_ns(self) -> int:
        return self.until_ns if self.ended_ns is None else min(self.until_ns, self.ended_ns)


def check(work: Work, now: int) -> None:
    """Refuse a window that is none."""
    if work.cause.scope not in SCOPES or (work.cause.scope is not Scope.CENTRE and not work.cause.name):
        raise Refused("bad_scope", "Hãy chọn nơi có công việc. / Choose where the work is.")
    if not work.from_ns < work.until_ns:
        raise Refused("bad_time", "Giờ kết thúc phải sau giờ bắt đầu. / It must end after it begins.")
    if work.until_ns <= now:
        raise Refused("bad_time", "Giờ kết thúc đã qua. / Its end is past.")
    if work.until_ns - work.from_ns > LONGEST_NS:
        raise Refused("bad_time", "Một công việc dài nhất 14 ngày. / Work lasts 14 days at most.")
    if len(work.why.strip()) < 3:
        raise Refused("no_reason", "Hãy ghi lý do. / Say why.")


def covers(work: Work, site: SiteId, where: Where) -> bool:
    """Whether the work is also at this site."""
    match work.cause.scope:
        case Scope.SITE:
            return site == work.cause.name
        case Scope.DISTRICT:
            return where.district == work.cause.name
        case Scope.PROVIDER:
            return where.provider == work.cause.name
        case Scope.PROVINCE:
            return where.province == work.cause.name
    return work.cause.scope is Scope.CENTRE


class Held(msgspec.Struct, frozen=True):
    """``now``: site -> the work that holds its alarms back; ``released``: site -> when the last work there ended, for
    a finding that began during the work counts from its end."""

    now: Mapping[SiteId, str] = {}
    released: Mapping[SiteId, int] = {}


def held(works: Collection[Work], where: Iterable[tuple[SiteId, Where]], now: int) -> Held:
    """What is held back now."""
    begun = [work for work in works if work.from_ns <= now]
    if not begun:
        return Held()
    holds: dict[SiteId, str] = {}
    released: dict[SiteId, int] = {}
    for site, at in where:
        for work in begun:
            if not covers(work, site, at):
                continue
            if work.over_ns > now:
                holds[site] = work.id
            else:
                released[site] = max(work.over_ns, released.get(site, 0))
    return Held(holds, released)
