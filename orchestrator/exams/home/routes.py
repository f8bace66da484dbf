"""HTTP of the way home: proofs and heads, carried journals, moves, decisions, the archive."""

from typing import Annotated

import msgspec
from aiohttp import web

from orchestrator.exams.home.deciding import Deciding, Open, Wish
from orchestrator.exams.home.moving import Moving
from orchestrator.exams.home.service import Home
from orchestrator.exams.home.views import Brought, SiteProof
from orchestrator.web.kit import Routes, body, content, get, json, post, who
from wire.exam_home import MAX_CARRIED_BYTES
from wire.ids import ExamId, SiteId

_MS = 1_000_000
_Short = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]


class SpokenHead(msgspec.Struct, frozen=True):
    """The ten signs that were read out."""

    head: _Short


class MoveWish(msgspec.Struct, frozen=True):
    """Who goes on where."""

    number: _Short
    site: _Short


class MoveView(msgspec.Struct, frozen=True):
    """A move that was made."""

    number: str
    from_site: SiteId
    to_site: SiteId
    at_ms: int
    who: str


class Ordered(msgspec.Struct, frozen=True):
    """How many sites were told."""

    sites: int


def routes(home: Home, moving: Moving, deciding: Deciding) -> Routes:
    """All routes of the feature."""

    async def proofs(request: web.Request) -> web.StreamResponse:
        return json(await home.proofs(_exam(request)))

    async def speak(request: web.Request) -> web.StreamResponse:
        given = await body(request, SpokenHead)
        site = SiteId(request.match_info["site"])
        await home.speak(who(request).username, _exam(request), site, given.head)
        return json({})

    async def bring(request: web.Request) -> web.StreamResponse:
        blob = await content(request, MAX_CARRIED_BYTES)
        return json(await home.bring(who(request).username, blob))

    async def archive(request: web.Request) -> web.StreamResponse:
        return json(Ordered(await home.archive(who(request).username, _exam(request))))

    async def moves(request: web.Request) -> web.StreamResponse:
        made = await moving.moves(_exam(request))
        return json([MoveView(m.number, m.from_site, m.to_site, m.at_ns // _MS, m.who) for m in made])

    async def move(request: web.Request) -> web.StreamResponse:
        wish = await body(request, MoveWish)
        made = await moving.move(who(request).username, _exam(request), wish.number, SiteId(wish.site))
        return json(MoveView(made.number, made.from_site, made.to_site, made.at_ns // _MS, made.who), 201)

    async def lines(request: web.Request) -> web.StreamResponse:
        return json(await deciding.lines(_exam(request)))

    async def decide(request: web.Request) -> web.StreamResponse:
        await deciding.decide(who(request).username, _exam(request), await body(request, Wish))
        return json({})

    act, of_exam = "exams.conduct", "/api/v1/exams/{exam}"
    return [
        get(f"{of_exam}/proofs", proofs, action=act, summary="heads and completeness", reply=list[SiteProof]),
        post(f"{of_exam}/sites/{{site}}/head", speak, action=act, summary="a head read out", body=SpokenHead),
        post("/api/v1/exam-journals", bring, action=act, summary="take a carried journal in", reply=Brought),
        post(f"{of_exam}/archive", archive, action=act, summary="let sites pack it away", reply=Ordered),
        get(f"{of_exam}/moves", moves, action=act, summary="who was moved", reply=list[MoveView]),
        post(f"{of_exam}/moves", move, action=act, summary="move a candidate", body=MoveWish, reply=MoveView),
        get(f"{of_exam}/conflicts", lines, action=act, summary="what a person must look at", reply=list[Open]),
        post(f"{of_exam}/decisions", decide, action="exams.decide", summary="decide on one of them", body=Wish),
    ]


def _exam(request: web.Request) -> ExamId:
    return ExamId(request.match_info["exam"])
