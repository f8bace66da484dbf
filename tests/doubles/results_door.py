"""The centre's results pages and its portal over a conducted exam; the cookie "who" says who looks."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from orchestrator.access.model import Role, actions_of
from orchestrator.exams.invigilation.board import Board
from orchestrator.exams.outcome.portal import Portal
from orchestrator.exams.outcome.routes import routes as outcome_routes
from orchestrator.exams.routes import routes as exam_routes
from orchestrator.web import pages
from orchestrator.web.kit import ANYONE, Identity, Route, get, json, who
from orchestrator.web.server import application, listening_socket, serving
from tests.doubles.exam_conductor import Centre
from wire.ids import ExamId

ROLE = Role.ADMINISTRATOR


class CookieGate:
    """Lets in whoever the cookie names."""

    async def admit(self, request: web.Request, route: Route) -> Identity | None:
        """That person; nobody at the portal."""
        if route.action is None:
            return None
        name = request.cookies["who"]
        return Identity(f"person-{name}", name, name.title(), ROLE)


@asynccontextmanager
async def results_door(centre: Centre, hotline: str) -> AsyncIterator[str]:
    """The address of the pages."""

    async def me(request: web.Request) -> web.Response:
        here = who(request)
        person = {"id": here.person, "username": here.username, "name": here.name, "role": here.role}
        return json({"person": person, "csrf": "x", "actions": actions_of(ROLE), "must_change": False})

    async def seen(request: web.Request) -> web.Response:
        since = int(request.query.get("since", "0"))
        return json(await board.view(ExamId(request.match_info["exam"]), since, request.query.get("boot", "")))

    outcome = centre.outcome()
    board = Board(centre.database, centre.clock, centre.exams, centre.wires, centre.register, "boot-1")
    portal = Portal(centre.database, centre.clock, centre.exams, centre.register, hotline)
    told = [
        *pages.routes(),
        *exam_routes(centre.exams, centre.reading, centre.bank),
        *outcome_routes(outcome, centre.reading, portal, centre.clock),
        get("/api/v1/me", me, action=ANYONE),
        get("/api/v1/exams/{exam}/board", seen, action="wall.see"),
    ]
    bound = listening_socket("127.0.0.1", 0)
    async with serving(application(told, CookieGate()), bound):
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"
