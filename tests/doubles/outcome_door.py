"""The HTTP of what comes after the close, as one person after the other uses it, and an exam that was sat."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from aiohttp import web

from orchestrator.exams.model import Action, Exam, Stage
from orchestrator.exams.outcome.portal import Portal
from orchestrator.exams.outcome.routes import routes
from orchestrator.web.kit import Identity, Route
from orchestrator.web.server import application, listening_socket, serving
from tests.doubles.exam_conductor import SITES, T0, Centre, S

END = T0 + 300 * S
RIGHT = {SITES[0]: {"0001": 8, "0002": 5}, SITES[1]: {"0003": 7, "0004": 0}, SITES[2]: {"0005": 6}}


class NamedGate:
    """Lets in whoever the request names."""

    async def admit(self, request: web.Request, route: Route) -> Identity | None:
        name = request.headers.get("who", "ann")
        return None if route.action is None else Identity(f"person-{name}", name, name.title(), "planner")


class Door:
    """The centre's HTTP as one person after the other uses it."""

    def __init__(self, http: aiohttp.ClientSession, exam: Exam) -> None:
        self.http, self.path = http, f"/api/v1/exams/{exam.id}"
        self.portal = f"/api/v1/portal/{exam.id}"

    async def ask(self, path: str, told: object = None, who: str = "ann", method: str = "") -> tuple[int, Any]:
        made = method or ("GET" if told is None else "POST")
        async with self.http.request(made, path, json=told, headers={"who": who}) as reply:
            return reply.status, await reply.json()


@asynccontextmanager
async def served(centre: Centre, exam: Exam) -> AsyncIterator[Door]:
    outcome = centre.outcome()
    portal = Portal(centre.database, centre.clock, centre.exams, centre.register, " 1900 0000 ")
    bound = listening_socket("127.0.0.1", 0)
    app = application(routes(outcome, centre.reading, portal, centre.clock), NamedGate())
    base = f"http://127.0.0.1:{bound.getsockname()[1]}"
    async with serving(app, bound), aiohttp.ClientSession(base) as http:
        yield Door(http, exam)


async def sat(centre: Centre, *sites: int) -> tuple[Exam, dict[str, str]]:
    """An exam that these sites have sat, and the receipts; time stands after the last moment of a late site."""
    exam = await centre.ordered(await centre.planned(), Action.SEAL, Action.ARM)
    await centre.at(T0)
    receipts: dict[str, str] = {}
    for site in sites:
        receipts |= await centre.sit(exam, SITES[site], RIGHT[SITES[site]], END)
    await centre.at(END)
    if len(sites) < len(SITES):
        await centre.waited_out(exam)
    assert await centre.stage(exam) is Stage.MARKED
    return exam, receipts
