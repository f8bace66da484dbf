"""Rules of courses over HTTP."""

from __future__ import annotations

import msgspec
from aiohttp import web

from orchestrator.attendance.rules.model import RoomRule
from orchestrator.attendance.rules.service import RuleBook
from orchestrator.courses.rules import CourseRule
from orchestrator.web.kit import Routes, body, get, json, put, who

MS = 1_000_000


class RuleView(msgspec.Struct, frozen=True):
    """What holds in a course; version 0: the province's rule, nobody has set one."""

    rule: RoomRule
    version: int
    at_ms: int
    who: str


def routes(book: RuleBook) -> Routes:
    """The routes of rules."""

    async def see(request: web.Request) -> web.StreamResponse:
        return json(_view(await book.of_course(request.match_info["course"])))

    async def change(request: web.Request) -> web.StreamResponse:
        rule = await body(request, RoomRule)
        return json(_view(await book.change(who(request).username, request.match_info["course"], rule)))

    path = "/api/v1/courses/{course}/room-rule"
    return [
        get(path, see, action="courses.see", summary="what may leave a room", reply=RuleView),
        put(path, change, action="courses.plan", summary="change it", body=RoomRule, reply=RuleView),
    ]


def _view(made: CourseRule[RoomRule]) -> RuleView:
    return RuleView(made.rule, made.version, made.at_ns // MS, made.who)
