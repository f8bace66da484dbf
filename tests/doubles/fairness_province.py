"""The province's ledger of time over HTTP, with an exam that is open and links that keep what they are given."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from orchestrator.exams.invigilation.board import Board
from orchestrator.exams.invigilation.routes import routes
from orchestrator.exams.invigilation.service import Credits
from orchestrator.exams.model import Action, Exam
from orchestrator.web.kit import Identity, Route
from orchestrator.web.server import application, listening_socket, serving
from tests.doubles.exam_conductor import SITES, T0, Centre, S, conducting
from wire.exam_fairness import (
    Cause,
    ExamExtra,
    ExamGrants,
    ExamGrantsTaken,
    ExamIncident,
    ExamOutage,
    ExamResumed,
    ExamStopped,
    FairnessRecord,
    Grant,
    InvigilatorPinReset,
)
from wire.ids import EnrolmentId, SiteId

LENGTH = 300
END = T0 + LENGTH * S


class Gate:
    async def admit(self, request: web.Request, route: Route) -> Identity | None:
        del request
        return None if route.action is None else Identity("person-ann", "ann", "Ann", "planner")


class Lines:
    """Links that keep what they are given."""

    def __init__(self) -> None:
        self.up = set(SITES)
        self.sent: list[tuple[SiteId, ExamGrants]] = []
        self.resets: list[SiteId] = []

    def linked(self) -> frozenset[SiteId]:
        return frozenset(self.up)

    def send(self, site: SiteId, message: ExamGrants | InvigilatorPinReset) -> bool:
        if isinstance(message, InvigilatorPinReset):
            self.resets += [site] if site in self.up else []
        elif site in self.up:
            self.sent.append((site, message))
        return site in self.up


COMPUTER = EnrolmentId("enr")


class Province:
    """The centre with its ledger, an exam that is open, and a browser."""

    def __init__(self, centre: Centre, exam: Exam) -> None:
        self.centre, self.exam, self.lines = centre, exam, Lines()
        self.http: aiohttp.ClientSession
        self.restart()

    def restart(self) -> None:
        """Another process of the centre."""
        c = self.centre
        self.credits = Credits(c.database, c.bus, c.clock, self.lines, c.register, c.exams._trail)
        self.board = Board(c.database, c.clock, c.exams, self.lines, c.register, "boot-1")

    async def record(self, site: SiteId, *records: FairnessRecord) -> None:
        takes: dict[type, Callable[..., None]] = {
            ExamExtra: self.credits.take_extra,
            ExamStopped: self.credits.take_stopped,
            ExamResumed: self.credits.take_resumed,
            ExamOutage: self.credits.take_outage,
            ExamIncident: self.credits.take_incident,
            ExamGrantsTaken: self.credits.take_taken,
        }
        for record in records:
            take = takes[type(record)]
            await self.centre.database.write(
                lambda conn, take=take, r=record: take(conn, site, COMPUTER, 1, r)  # type: ignore[misc]
            )

    async def ask(self, method: str, path: str, body: object = None, status: int = 200) -> Any:
        async with self.http.request(method, f"/api/v1/exams/{self.exam.id}/{path}", json=body) as reply:
            told = await reply.json()
            assert reply.status == status, told
            return told

    async def ledger(self) -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = await self.ask("GET", "credits")
        return listed

    async def taken(self, site: SiteId, *, too_late: bool = False) -> None:
        """The site says that it holds the list that it was sent last."""
        sent = next(message for to, message in reversed(self.lines.sent) if to == site)
        ids = [grant.id for grant in sent.grants]
        record = ExamGrantsTaken(
            exam=self.exam.id,
            serial=sent.serial,
            applied=[] if too_late else ids,
            too_late=ids if too_late else [],
            at_ns=self.centre.clock.ns,
        )
        await self.record(site, record)

    def outage(self, name: str = "credit-1", cause: Cause = Cause.AGENT, gap_ms: int = 61_000) -> ExamOutage:
        return ExamOutage(
            exam=self.exam.id, id=name, cause=cause, candidate=None, from_ns=T0 + 10 * S, gap_ms=gap_ms, exact=True
        )

    def extra(self, name: str, seconds: int, at_ns: int = T0 + S, *, asked: bool = False) -> ExamExtra:
        grant = Grant(id=name, candidate=None, seconds=seconds, cause=Cause.POWER, who="Lò Thị Hà", at_ns=at_ns)
        return ExamExtra(exam=self.exam.id, grant=grant, asked=asked)


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Province]:
    async with conducting(folder) as centre:
        exam = await centre.ordered(await centre.planned(), Action.SEAL, Action.ARM)
        await centre.at(T0 + S)
        province = Province(centre, exam)
        bound = listening_socket("127.0.0.1", 0)
        app = application(routes(centre.database, province.board, province.credits), Gate())
        base = f"http://127.0.0.1:{bound.getsockname()[1]}"
        async with serving(app, bound), aiohttp.ClientSession(base) as http:
            province.http = http
            yield province
