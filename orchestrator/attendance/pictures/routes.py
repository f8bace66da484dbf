"""Pictures of roll calls over HTTP."""

from __future__ import annotations

import msgspec
from aiohttp import web

from orchestrator.attendance.pictures.model import Review, Verdict
from orchestrator.attendance.pictures.retention import Retention, RetentionState
from orchestrator.attendance.pictures.service import Pictures
from orchestrator.attendance.store import Erasure
from orchestrator.web.kit import Routes, body, get, json, post, who
from wire.ids import RollCallId, SiteId

MS = 1_000_000


class ReviewWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A verdict; ``number`` with `corrected`, whose ``note`` is then the reason."""

    verdict: Verdict
    note: str = ""
    number: int | None = None


class EraseWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why every picture of a roll call goes now."""

    why: str


class ReviewView(msgspec.Struct, frozen=True):
    site: str
    verdict: Verdict
    note: str
    at_ms: int
    who: str


class ErasureView(msgspec.Struct, frozen=True):
    """``digest`` is the one in the signed evidence (SHA-256, hex)."""

    site: str
    digest: str
    size: int
    due_ms: int
    at_ms: int
    who: str
    why: str


class SaidView(msgspec.Struct, frozen=True):
    """What was said of a roll call's pictures, and what was erased."""

    reviews: list[ReviewView]
    erasures: list[ErasureView]


class Done(msgspec.Struct, frozen=True):
    number: int


class PicturePages:
    """The handlers."""

    def __init__(self, pictures: Pictures, retention: Retention) -> None:
        self._pictures = pictures
        self._retention = retention

    async def said(self, request: web.Request) -> web.StreamResponse:
        return json(await self._said(_call(request)))

    async def _said(self, call: RollCallId) -> SaidView:
        said = await self._pictures.said(call)
        return SaidView([_review(each) for each in said.reviews.values()], [_erasure(each) for each in said.erasures])

    async def look(self, request: web.Request) -> web.StreamResponse:
        found = await self._pictures.look(who(request), _call(request), _site(request))
        return web.Response(body=found, content_type="image/jpeg", headers={"Cache-Control": "no-store"})

    async def review(self, request: web.Request) -> web.StreamResponse:
        wish, call = await body(request, ReviewWish), _call(request)
        await self._pictures.review(who(request), call, _site(request), wish.verdict, wish.note, wish.number)
        return json(await self._said(call))

    async def erase(self, request: web.Request) -> web.StreamResponse:
        wish = await body(request, EraseWish)
        return json(Done(await self._retention.erase_call(who(request), _call(request), wish.why)))

    async def state(self, _request: web.Request) -> web.StreamResponse:
        return json(await self._retention.state())


def _call(request: web.Request) -> RollCallId:
    return RollCallId(request.match_info["call"])


def _site(request: web.Request) -> SiteId:
    return SiteId(request.match_info["site"])


def _review(one: Review) -> ReviewView:
    return ReviewView(one.site, one.verdict, one.note, one.at_ns // MS, one.who)


def _erasure(one: Erasure) -> ErasureView:
    return ErasureView(one.site, one.digest.hex(), one.size, one.due_ns // MS, one.at_ns // MS, one.who, one.why)


def routes(pages: PicturePages) -> Routes:
    """The routes of pictures."""
    call = "/api/v1/roll-calls/{call}"
    one = f"{call}/sites/{{site}}"
    see, erase, clock = "rollcall.pictures", "rollcall.erase", "/api/v1/attendance/retention"
    return [
        get(f"{call}/pictures", pages.said, action=see, summary="verdicts and erasures", reply=SaidView),
        get(f"{one}/picture", pages.look, action=see, summary="the JPEG; each look is audited"),
        post(f"{one}/review", pages.review, action=see, summary="a verdict", body=ReviewWish, reply=SaidView),
        post(f"{call}/erase", pages.erase, action=erase, summary="erase its pictures", body=EraseWish, reply=Done),
        get(clock, pages.state, action="sessions.see", summary="the clock of retention", reply=RetentionState),
    ]
