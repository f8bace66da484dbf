"""HTTP of alarms: what stands, who takes it, planned work, rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import msgspec
from aiohttp import web

from orchestrator.alarms.duty import Taking
from orchestrator.alarms.model import Cause, Scope, Trouble
from orchestrator.alarms.rules import DELAYS, Delay, Rules
from orchestrator.alarms.service import AlarmWatch
from orchestrator.alarms.views import MS, AlarmView, PastView, WorkView, alarm_views, past_view, work_views
from orchestrator.web.kit import Routes, body, delete, get, json, post, put, who
from wire.ids import SiteId

MOST_PAST = 200

Word = Annotated[str, msgspec.Meta(max_length=200)]


class TakeBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """For how many seconds (None: until it clears); ``sticky``: also when it grows; ``instead_of``: the username of
    whoever has it, from whom it is taken over."""

    for_s: Annotated[float, msgspec.Meta(gt=0)] | None = None
    sticky: bool = False
    word: Word = ""
    instead_of: Annotated[str, msgspec.Meta(max_length=64)] = ""


class WorkBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A window of planned work; ``name``: a site's id, or the name of a district, provider or province."""

    scope: Scope
    from_ms: int
    until_ms: int
    why: Annotated[str, msgspec.Meta(max_length=400)]
    name: Annotated[str, msgspec.Meta(max_length=200)] = ""


class RulesView(msgspec.Struct, frozen=True):
    """The rules that count, and their version, which a change must name."""

    version: int
    rules: Rules
    standard: Mapping[Trouble, Delay] = {}
    """The delays that count where the rules name none; told only."""


class SiteAlarms(msgspec.Struct, frozen=True):
    """What a site is under now, and what it was under."""

    standing: list[AlarmView]
    past: list[PastView]


class AlarmPages:
    """The handlers."""

    def __init__(self, watch: AlarmWatch) -> None:
        self._watch = watch

    async def listing(self, request: web.Request) -> web.StreamResponse:
        views, site = alarm_views(self._watch.standing()), SiteId(request.query.get("site", ""))
        if not site:
            return json(SiteAlarms(views, []))
        past = await self._watch.of_site(site, MOST_PAST)
        return json(SiteAlarms([each for each in views if site in each.sites], [past_view(each) for each in past]))

    async def take(self, request: web.Request) -> web.StreamResponse:
        given, me = await body(request, TakeBody), who(request)
        how = Taking(given.for_s, given.sticky, given.word, given.instead_of)
        await self._watch.acknowledge(me.username, me.name, _asked(request), how)
        return json({})

    async def give_back(self, request: web.Request) -> web.StreamResponse:
        await self._watch.withdraw(who(request).username, _asked(request))
        return json({})

    async def works(self, _request: web.Request) -> web.StreamResponse:
        return json(work_views(self._watch.standing()))

    async def plan(self, request: web.Request) -> web.StreamResponse:
        given = await body(request, WorkBody)
        times = (given.from_ms * MS, given.until_ms * MS)
        await self._watch.plan_work(who(request).username, Cause(given.scope, given.name), *times, given.why)
        return json(work_views(self._watch.standing()), 201)

    async def end_work(self, request: web.Request) -> web.StreamResponse:
        await self._watch.end_work(who(request).username, request.match_info["work"])
        return json(work_views(self._watch.standing()))

    async def rules(self, _request: web.Request) -> web.StreamResponse:
        now = self._watch.standing()
        return json(RulesView(now.version, now.rules, DELAYS))

    async def change_rules(self, request: web.Request) -> web.StreamResponse:
        given = await body(request, RulesView)
        version = await self._watch.change_rules(who(request).username, given.version, given.rules)
        return json(RulesView(version, given.rules, DELAYS))


def _asked(request: web.Request) -> str:
    return request.match_info["alarm"]


def routes(pages: AlarmPages) -> Routes:
    """The routes of alarms."""
    base, one, works = "/api/v1/alarms", "/api/v1/alarms/{alarm}/taken", "/api/v1/alarms/works"
    see, take, plan, rule = "wall.see", "alarms.take", "alarms.plan", "alarms.rule"
    every, view = list[WorkView], RulesView
    return [
        get(base, pages.listing, action=see, summary="what stands; ?site= also what was", reply=SiteAlarms),
        post(one, pages.take, action=take, summary="take an alarm, or take it over", body=TakeBody),
        delete(one, pages.give_back, action=take, summary="give it back"),
        get(works, pages.works, action=see, summary="planned work", reply=every),
        post(works, pages.plan, action=plan, summary="plan work", body=WorkBody, reply=every),
        post(f"{works}/{{work}}/end", pages.end_work, action=plan, summary="end it before its time", reply=every),
        get("/api/v1/alarms/rules", pages.rules, action=see, summary="the rules", reply=view),
        put("/api/v1/alarms/rules", pages.change_rules, action=rule, summary="change them", body=view, reply=view),
    ]
