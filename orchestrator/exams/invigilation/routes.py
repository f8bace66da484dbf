"""HTTP of fairness: the board, the ledger with its one approval, incident notes."""

import asyncio

import msgspec
from aiohttp import web

from orchestrator.errors import Refused
from orchestrator.exams.invigilation import store
from orchestrator.exams.invigilation.board import Board, BoardView
from orchestrator.exams.invigilation.model import Credit, State
from orchestrator.exams.invigilation.service import Credits
from orchestrator.exams.invigilation.wishes import CreditWish, Decision
from orchestrator.storage.engine import Database
from orchestrator.web.kit import Routes, body, get, json, post, who
from wire.ids import ExamId, SiteId

_MS = 1_000_000
COMPRESS_FROM = 4096


class CreditView(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the ledger. `state`: noted, proposed, approved, refused, withdrawn; `held`: the site has it (pending
    while null); `too_late`: it came after the close and gives nothing by itself. Times in ms."""

    id: str
    site: str
    candidate: str | None
    cause: str
    source: str
    state: str
    minutes: int
    seconds: int
    measured_ms: int | None
    from_ms: int | None
    at_ms: int
    who: str
    text: str
    decided_by: str | None
    decided_ms: int | None
    decision: str
    held_ms: int | None
    too_late: bool


class Given(msgspec.Struct, frozen=True):
    """Ids of the credits that were made."""

    ids: list[str]


def routes(database: Database, board: Board, credits_: Credits) -> Routes:
    """All routes of fairness."""
    pages = _Pages(database, board, credits_)
    base = "/api/v1/exams/{exam}"
    return [
        get(f"{base}/board", pages.board, action="wall.see", summary="Board of the sites", reply=BoardView),
        get(f"{base}/credits", pages.ledger, action="wall.see", summary="Ledger of credits", reply=list[CreditView]),
        post(f"{base}/credits", pages.give, action="exams.credit", summary="Give time", body=CreditWish, reply=Given),
        post(
            f"{base}/credits/decide",
            pages.decide,
            action="exams.credit",
            summary="Approve, refuse or withdraw credits",
            body=Decision,
            reply=list[CreditView],
        ),
        post(
            "/api/v1/sites/{site}/invigilator-pin/reset",
            pages.reset_pin,
            action="sites.pair",
            summary="Let a school choose another invigilator's PIN",
        ),
        post(f"{base}/incidents/{{incident}}/seen", pages.seen, action="exams.conduct", summary="Take up a note"),
    ]


class _Pages:
    def __init__(self, database: Database, board: Board, credits_: Credits) -> None:
        self._database = database
        self._board = board
        self._credits = credits_

    async def board(self, request: web.Request) -> web.Response:
        try:
            since = int(request.query.get("since", "0"))
        except ValueError:
            raise Refused("bad_request", "since phải là số. / since is a number.") from None
        view = await self._board.view(_exam(request), since, request.query.get("boot", ""))
        reply = web.Response(body=await asyncio.to_thread(msgspec.json.encode, view), content_type="application/json")
        reply.headers["Cache-Control"] = "no-store"
        if (reply.content_length or 0) > COMPRESS_FROM:
            reply.enable_compression()
        return reply

    async def ledger(self, request: web.Request) -> web.Response:
        exam = _exam(request)
        return json([_view(each) for each in await self._database.read(lambda conn: store.of_exam(conn, exam))])

    async def give(self, request: web.Request) -> web.Response:
        wish = await body(request, CreditWish)
        return json(Given(await self._credits.give(who(request).username, _exam(request), wish)), 201)

    async def decide(self, request: web.Request) -> web.Response:
        decision = await body(request, Decision)
        decided = await self._credits.decide(who(request).username, _exam(request), decision)
        return json([_view(each) for each in decided])

    async def reset_pin(self, request: web.Request) -> web.Response:
        await self._credits.reset_pin(who(request).username, SiteId(request.match_info["site"]))
        return json({})

    async def seen(self, request: web.Request) -> web.Response:
        await self._credits.see(who(request).username, _exam(request), request.match_info["incident"])
        return json({})


def _view(credit: Credit) -> CreditView:
    return CreditView(
        id=credit.id,
        site=credit.site,
        candidate=credit.candidate,
        cause=credit.cause.value,
        source=credit.source.value,
        state=credit.state.value,
        minutes=-(-credit.seconds // 60),
        seconds=credit.seconds,
        measured_ms=credit.measured_ms,
        from_ms=_ms(credit.from_ns),
        at_ms=credit.at_ns // _MS,
        who=credit.who,
        text=credit.text,
        decided_by=credit.decided_by,
        decided_ms=_ms(credit.decided_ns),
        decision=credit.decision,
        held_ms=_ms(credit.applied_ns) if credit.state is State.APPROVED else None,
        too_late=credit.too_late,
    )


def _ms(ns: int | None) -> int | None:
    return None if ns is None else ns // _MS


def _exam(request: web.Request) -> ExamId:
    return ExamId(request.match_info["exam"])
