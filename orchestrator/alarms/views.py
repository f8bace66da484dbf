"""Alarms as pages receive them; times in milliseconds of centre time. Pure."""

from __future__ import annotations

import msgspec

from orchestrator.alarms.model import Alarm
from orchestrator.alarms.planned import Work
from orchestrator.alarms.rules import Rules
from orchestrator.alarms.service import Standing
from orchestrator.alarms.store import Past
from wire.ids import SiteId

MS = 1_000_000


class TakenView(msgspec.Struct, frozen=True):
    """Who has it, until when (None: until it clears)."""

    by: str
    name: str
    at_ms: int
    until_ms: int | None
    sticky: bool
    word: str


class AlarmView(msgspec.Struct, frozen=True):
    """An alarm that stands. ``name``: of the cause, the id of a site for one alone; ``of``: how many sites the cause
    reaches; ``loud``: nobody took it in time."""

    id: str
    trouble: str
    scope: str
    name: str
    severity: int
    since_ms: int
    sites: list[SiteId]
    most: int
    of: int
    level: int
    loud: bool
    taken: TakenView | None


class WorkView(msgspec.Struct, frozen=True):
    """Planned work; ``held``: the sites whose alarms it holds back now."""

    id: str
    scope: str
    name: str
    from_ms: int
    until_ms: int
    by: str
    why: str
    held: list[SiteId]


class PastView(msgspec.Struct, frozen=True):
    """An alarm that a site was under, and when it was."""

    id: str
    trouble: str
    scope: str
    name: str
    severity: int
    since_ms: int
    cleared_ms: int | None
    most: int
    joined_ms: int
    left_ms: int | None


def alarm_view(alarm: Alarm, rules: Rules) -> AlarmView:
    taken = alarm.acknowledged
    return AlarmView(
        id=alarm.id,
        trouble=alarm.trouble,
        scope=alarm.cause.scope,
        name=alarm.cause.name,
        severity=alarm.severity,
        since_ms=alarm.raised_ns // MS,
        sites=list(alarm.sites),
        most=alarm.most,
        of=max(alarm.of, len(alarm.sites)),
        level=alarm.level,
        loud=any(step.loud for step in rules.steps[: alarm.level]),
        taken=None
        if taken is None
        else TakenView(taken.by, taken.name, taken.at_ns // MS, _ms(taken.until_ns), taken.sticky, taken.word),
    )


def alarm_views(standing: Standing) -> list[AlarmView]:
    """The gravest first."""
    return [alarm_view(alarm, standing.rules) for alarm in standing.alarms]


def work_views(standing: Standing) -> list[WorkView]:
    return [_work(work, standing) for work in standing.works]


def _work(work: Work, standing: Standing) -> WorkView:
    held = sorted(site for site, by in standing.held.now.items() if by == work.id)
    where = (work.cause.scope, work.cause.name)
    return WorkView(work.id, *where, work.from_ns // MS, work.over_ns // MS, work.by, work.why, held)


def past_view(past: Past) -> PastView:
    return PastView(
        id=past.id,
        trouble=past.trouble,
        scope=past.cause.scope,
        name=past.cause.name,
        severity=past.severity,
        since_ms=past.raised_ns // MS,
        cleared_ms=_ms(past.cleared_ns),
        most=past.most,
        joined_ms=past.joined_ns // MS,
        left_ms=_ms(past.left_ns),
    )


def _ms(ns: int | None) -> int | None:
    return None if ns is None else ns // MS
