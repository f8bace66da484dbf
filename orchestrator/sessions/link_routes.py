"""HTTP of the links into a session: made, shown and taken back by whoever conducts it."""

from __future__ import annotations

import io

import msgspec
import segno
from aiohttp import web

from orchestrator.access.lecture_link_store import LectureLink, LinkKind
from orchestrator.access.lecture_links import LectureLinks
from orchestrator.access.model import may
from orchestrator.clock import Clock
from orchestrator.errors import Refused
from orchestrator.sessions.model import Session
from orchestrator.sessions.service import Conductor, check_own
from orchestrator.web.kit import Routes, body, delete, get, json, post, who
from wire.ids import SessionId

MS = 1_000_000
AFTER_NS = 12 * 3600 * 10**9
"""How long after its planned end, or after now when that is later, a session may still be entered: days run late."""

NAMES = {LinkKind.ASSISTANT: "Trợ giảng", LinkKind.STANDBY: "Giảng viên dự phòng"}


class LinkWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``name`` empty: the session's lecturer, «Trợ giảng» or «Giảng viên dự phòng»."""

    kind: LinkKind
    name: str = ""


class LinkRow(msgspec.Struct, frozen=True):
    """A link in the list; times in ms. ``state`` is unopened, opened, taken_back or expired."""

    id: str
    kind: LinkKind
    name: str
    made_by: str
    made_ms: int
    until_ms: int
    entered_ms: int | None
    seen_ms: int | None
    state: str


class MadeLink(msgspec.Struct, frozen=True):
    """A new link: ``address`` and its QR code (SVG) are shown once."""

    link: LinkRow
    address: str
    qr: str


class LinkPages:
    """The handlers."""

    def __init__(self, links: LectureLinks, conductor: Conductor, clock: Clock, public_url: str) -> None:
        self._links = links
        self._conductor = conductor
        self._clock = clock
        self._public_url = public_url

    async def listed(self, request: web.Request) -> web.StreamResponse:
        session = self._own(request)
        found = await self._links.of_session(session.id)
        if not may(who(request).role, "lecture.links"):
            found = [each for each in found if each.kind is LinkKind.ASSISTANT]
        return json([self._row(each) for each in found])

    async def make(self, request: web.Request) -> web.StreamResponse:
        session, wish = self._own(request), await body(request, LinkWish)
        self._check_kind(request, wish.kind)
        name = wish.name.strip() or NAMES.get(wish.kind) or session.lecturer_name or "Giảng viên"
        until = max(session.ends_ns, self._clock.now_ns()) + AFTER_NS
        if session.state in ("ended", "cancelled"):
            raise Refused("over", "Buổi học đã kết thúc. / The session is over.", 409)
        made = await self._links.make(who(request).username, session.id, wish.kind, name, until)
        # In the fragment: it reaches neither server logs nor proxies, and no preview of a messenger (RFC 3986 §3.5).
        seat = "?seat=standby" if wish.kind is LinkKind.STANDBY else ""
        address = f"{self._public_url}/lecturer/{session.id}{seat}#enter={made.token}"
        return json(MadeLink(self._row(made.link), address, _qr(address)), 201)

    async def take_back(self, request: web.Request) -> web.StreamResponse:
        session, link = self._own(request), request.match_info["link"]
        found = [each for each in await self._links.of_session(session.id) if each.id == link]
        for each in found:
            self._check_kind(request, each.kind)
        await self._links.take_back(who(request).username, session.id, link)
        for each in found:
            await self._conductor.off_the_air(session.id, each.person)
        return json({})

    def _own(self, request: web.Request) -> Session:
        session = self._conductor.get(SessionId(request.match_info["id"]))
        check_own(who(request), session)
        return session

    def _check_kind(self, request: web.Request, kind: LinkKind) -> None:
        if kind is not LinkKind.ASSISTANT and not may(who(request).role, "lecture.links"):
            raise Refused("forbidden", "Chỉ người điều hành làm được việc này. / Operators only.", 403)

    def _row(self, link: LectureLink) -> LinkRow:
        now = self._clock.now_ns()
        state = "opened" if link.entered_ns is not None else "unopened"
        if link.revoked_ns is not None:
            state = "taken_back"
        elif not link.counts(now):
            state = "expired"
        return LinkRow(
            id=link.id,
            kind=link.kind,
            name=link.name,
            made_by=link.made_by,
            made_ms=link.made_ns // MS,
            until_ms=link.until_ns // MS,
            entered_ms=_ms(link.entered_ns),
            seen_ms=_ms(link.seen_ns),
            state=state,
        )


def _ms(at_ns: int | None) -> int | None:
    return None if at_ns is None else at_ns // MS


def _qr(text: str) -> str:
    drawn = io.BytesIO()
    segno.make_qr(text, error="m").save(drawn, kind="svg", border=4, xmldecl=False, scale=5, light="#fff")
    return drawn.getvalue().decode()


def routes(pages: LinkPages) -> Routes:
    """The routes of links into a session."""
    every, mine = "/api/v1/sessions/{id}/links", "lecture.assistant"
    return [
        get(every, pages.listed, action=mine, summary="links into a session", reply=list[LinkRow]),
        post(every, pages.make, action=mine, summary="a new link", body=LinkWish, reply=MadeLink),
        delete(f"{every}/{{link}}", pages.take_back, action=mine, summary="take a link back"),
    ]
