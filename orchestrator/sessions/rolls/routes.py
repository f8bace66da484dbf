"""Plans of roll calls over HTTP. No answer holds a moment that is still to come."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from aiohttp import web

from orchestrator.sessions.rolls.model import LineState, PlanLine, RollPlan
from orchestrator.sessions.rolls.service import RollPlans
from orchestrator.web.kit import Identity, Routes, body, get, json, put, who
from wire.ids import SessionId, SiteId

MS = 1_000_000


class LineView(msgspec.Struct, frozen=True):
    """A line of the plan; ``at_ms`` None while it is still to come."""

    kind: str
    state: LineState
    at_ms: int | None


class PlanView(msgspec.Struct, frozen=True):
    """The plan of a session (None: on order only) and how it went so far."""

    plan: RollPlan | None
    lines: list[LineView]


def routes(plans: RollPlans, sites_of: Callable[[Identity, SessionId], frozenset[SiteId]]) -> Routes:
    """The routes of plans; ``sites_of`` refuses a session that is not the asker's."""

    async def see(request: web.Request) -> web.StreamResponse:
        session = SessionId(request.match_info["id"])
        sites_of(who(request), session)
        plan, lines = await plans.see(session)
        return json(PlanView(plan, [_view(line) for line in lines]))

    async def change(request: web.Request) -> web.StreamResponse:
        session, plan = SessionId(request.match_info["id"]), await body(request, RollPlan)
        sites_of(who(request), session)
        await plans.put(who(request), session, plan)
        return await see(request)

    path = "/api/v1/sessions/{id}/roll-plan"
    return [
        get(path, see, action="sessions.see", summary="planned roll calls", reply=PlanView),
        put(path, change, action="rollcall.order", summary="plan roll calls", body=RollPlan, reply=PlanView),
    ]


def _view(line: PlanLine) -> LineView:
    return LineView(line.kind, line.state, None if line.at_ns is None else line.at_ns // MS)
