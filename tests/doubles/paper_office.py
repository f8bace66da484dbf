"""Questions, papers and print over the real HTTP kit, for tests that ask as one person or another."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from aiohttp import web

from orchestrator.access.model import may
from orchestrator.errors import Refused
from orchestrator.exams.printed.entry import SheetDesk
from orchestrator.exams.printed.own_order import OwnOrders
from orchestrator.exams.printed.papers import ExamPapers
from orchestrator.exams.printed.routes import routes as printed_routes
from orchestrator.exams.printed.service import MOST_SLIPS, Printing
from orchestrator.exams.questions.desk import QuestionDesk
from orchestrator.exams.questions.rehearsals import Rehearsals
from orchestrator.exams.questions.rehearsals import routes as rehearsal_routes
from orchestrator.exams.questions.routes import routes as question_routes
from orchestrator.exams.routes import routes
from orchestrator.readiness import store as readiness_store
from orchestrator.web.kit import Identity, Route
from orchestrator.web.server import application, listening_socket, serving
from tests.doubles.exam_conductor import Centre


class RoleGate:
    """Whoever says `Name:role` in a header is that person, if the role may."""

    async def admit(self, request: web.Request, route: Route) -> Identity | None:
        name, _, role = request.headers.get("as", "ann:planner").partition(":")
        if route.action not in (None, "any") and not may(role, str(route.action)):
            raise Refused("forbidden", "Không được phép. / Not allowed.", 403)
        return Identity(f"person-{name}", name, name.title(), role)


class Asking:
    """JSON in and out, as somebody."""

    def __init__(self, http: aiohttp.ClientSession) -> None:
        self._http = http

    async def get(self, path: str, who: str = "ann:planner") -> tuple[int, Any]:
        async with self._http.get(path, headers={"as": who}) as reply:
            told = await reply.read()
            return reply.status, await reply.json() if "json" in reply.content_type else told

    async def send(self, verb: str, path: str, body: object = None, who: str = "ann:planner") -> tuple[int, Any]:
        given = {"data": body} if isinstance(body, bytes) else {"json": body}
        async with self._http.request(verb, path, headers={"as": who}, **given) as reply:
            return reply.status, await reply.json()


@asynccontextmanager
async def served(centre: Centre, most_slips: int = MOST_SLIPS) -> AsyncIterator[Asking]:
    """The feature's routes over a centre, and somebody to ask."""
    audit, sealer = centre.reading._trail, centre.reading._sealer
    papers = ExamPapers(centre.database, centre.exams, audit, sealer)
    every = [
        *routes(centre.exams, centre.reading, centre.bank),
        *question_routes(QuestionDesk(centre.database, centre.clock, audit)),
        *printed_routes(
            papers,
            Printing(
                centre.database,
                centre.exams,
                papers,
                centre.register,
                audit,
                sealer,
                desks=readiness_store.desks,
                most=most_slips,
            ),
            SheetDesk(centre.database, centre.clock, centre.exams, papers, audit),
            OwnOrders(centre.database, audit, sealer),
        ),
        *rehearsal_routes(Rehearsals(centre.exams)),
    ]
    bound = listening_socket("127.0.0.1", 0)
    base = f"http://127.0.0.1:{bound.getsockname()[1]}"
    async with serving(application(every, RoleGate()), bound), aiohttp.ClientSession(base) as http:
        yield Asking(http)
