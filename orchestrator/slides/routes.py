"""HTTP of slides: files in by tus, pages and turns, and the pictures by digest for sites and pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import msgspec
from aiohttp import web

from orchestrator.errors import Refused
from orchestrator.essays import tus
from orchestrator.sessions.model import Session, SessionState
from orchestrator.slides.model import LARGEST, WORDS, Deck, DeckState, Fault, Show
from orchestrator.slides.service import Slides
from orchestrator.web.kit import Identity, Route, Routes, body, delete, get, json, post, who
from wire.ids import SessionId, SiteId
from wire.slides import SlideLayout, SlidesHealth

MS = 1_000_000
WAIT_S = 25.0
_ONE = "/api/v1/sessions/{id}/slides"
_UPLOADS = f"{_ONE}/uploads"


class PageView(msgspec.Struct, frozen=True):
    """Addresses of a page's two pictures, and the large one's size in pixels."""

    small: str
    large: str
    width: int
    height: int


class DeckView(msgspec.Struct, frozen=True):
    """A deck. ``reason`` is a sentence when it was refused, ``at_page`` the page that is to blame."""

    id: str
    name: str
    size: int
    state: str
    reason: str
    at_page: int
    pages: list[PageView]


class ShowView(msgspec.Struct, frozen=True):
    """What the screens show; ``version`` grows with each turn."""

    version: int
    deck: str | None
    page: int
    layout: str


class Rooms(msgspec.Struct, frozen=True):
    """Of the rooms of the session: how many have every page of the deck that is shown, and how many show the page."""

    sites: int = 0
    ready: int = 0
    shown: int = 0


class SlidesView(msgspec.Struct, frozen=True):
    """Everything of one session. ``office``: PowerPoint files are taken as well; ``largest`` in bytes."""

    decks: list[DeckView]
    show: ShowView
    rooms: Rooms
    office: bool
    largest: int


class Turn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Show ``page`` (from 1) of ``deck``; no deck: no slides."""

    deck: str | None = None
    page: int = 0
    layout: SlideLayout = SlideLayout.BOTH


class TurnView(msgspec.Struct, frozen=True):
    """One turn of the past; times in ms."""

    at_ms: int
    deck: str | None
    page: int
    layout: str
    who: str


class SlidePages:
    """The handlers. ``session`` gives a session that this person may work in, or refuses; ``health`` what a site said
    of its slides."""

    def __init__(
        self,
        slides: Slides,
        session: Callable[[Identity, SessionId], Session],
        health: Callable[[SiteId], SlidesHealth],
    ) -> None:
        self._slides = slides
        self._session = session
        self._health = health

    def _named(self, request: web.Request) -> Session:
        return self._session(who(request), SessionId(request.match_info["id"]))

    def _open(self, request: web.Request) -> Session:
        """One that is not over: what is over takes neither files nor turns."""
        session = self._named(request)
        if session.state in (SessionState.ENDED, SessionState.CANCELLED):
            raise Refused("over", "Buổi học đã kết thúc. / The session is over.", 409)
        return session

    async def all(self, request: web.Request) -> web.StreamResponse:
        session = self._named(request)
        decks, show = self._slides.decks(session.id), self._slides.show(session.id)
        view = SlidesView(
            decks=[_deck(each) for each in decks],
            show=_show(show),
            rooms=self._rooms(session, show, decks),
            office=self._slides.office,
            largest=LARGEST,
        )
        return json(view)

    def _rooms(self, session: Session, show: Show, decks: list[Deck]) -> Rooms:
        pages = next((len(each.pages) for each in decks if each.id == show.deck), 0)
        said = [self._health(site) for site in session.sites]
        return Rooms(
            sites=len(session.sites),
            ready=sum(each.deck == show.deck and each.ready >= pages > 0 for each in said),
            shown=sum(each.deck == show.deck and each.version == show.version for each in said) if show.deck else 0,
        )

    async def now(self, request: web.Request) -> web.StreamResponse:
        """Answers as soon as somebody turns; ``after`` is the version that the page knows."""
        session = self._named(request)
        after = request.query.get("after", "")
        if after and not (after.isascii() and after.isdecimal() and len(after) <= 9):
            raise Refused("bad_request", "after phải là số. / after must be a number.")
        show = self._slides.show(session.id)
        if after:
            show = await self._slides.after(session.id, int(after), WAIT_S)
        return json(_show(show))

    async def turn(self, request: web.Request) -> web.StreamResponse:
        session, asked = self._open(request), await body(request, Turn)
        show = await self._slides.turn(who(request).username, session.id, asked.deck, asked.page, asked.layout)
        return json(_show(show))

    async def turns(self, request: web.Request) -> web.StreamResponse:
        found = await self._slides.turns(self._named(request).id)
        return json([TurnView(each.at_ns // MS, each.deck, each.page, each.layout.value, each.who) for each in found])

    async def drop(self, request: web.Request) -> web.StreamResponse:
        await self._slides.drop(who(request).username, self._named(request).id, request.match_info["deck"])
        return json({})

    async def picture(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["digest"]
        try:
            digest = bytes.fromhex(name)
        except ValueError:
            raise Refused("not_found", "Không có trang này. / No such page.", 404) from None
        # Public, like sealed papers: nobody guesses a SHA-256, and who was told it may see the page.
        headers = {"Cache-Control": "public, max-age=31536000, immutable", "ETag": f'"{digest.hex()}"'}
        content = await self._slides.picture(digest)
        return web.Response(body=content, content_type="image/webp", headers=headers)

    # --- tus 1.0 -------------------------------------------------------------------------------------------------

    async def options(self, _request: web.Request) -> web.StreamResponse:
        return tus.supported(LARGEST)

    async def create(self, request: web.Request) -> web.StreamResponse:
        tus.check_version(request)
        session, told = self._open(request), tus.metadata(request.headers.get("Upload-Metadata", ""))
        size = tus.whole(request.headers.get("Upload-Length"))
        deck = await self._slides.begin(who(request).username, session.id, told.get("filename", ""), size)
        return tus.created(f"/api/v1/sessions/{session.id}/slides/uploads/{deck.id}")

    async def head(self, request: web.Request) -> web.StreamResponse:
        tus.check_version(request)
        return tus.standing(*await self._slides.offset(self._named(request).id, request.match_info["deck"]))

    async def patch(self, request: web.Request) -> web.StreamResponse:
        session, deck = self._named(request).id, request.match_info["deck"]
        return await tus.patched(request, partial(self._slides.append, session, deck))

    async def give_up(self, request: web.Request) -> web.StreamResponse:
        tus.check_version(request)
        await self._slides.drop(who(request).username, self._named(request).id, request.match_info["deck"])
        return tus.gone()


def _show(show: Show) -> ShowView:
    return ShowView(show.version, show.deck, show.page, show.layout.value)


def _deck(deck: Deck) -> DeckView:
    pages = [PageView(_address(each.small), _address(each.large), each.width, each.height) for each in deck.pages]
    reason = WORDS[Fault(deck.reason)] if deck.state is DeckState.REFUSED else ""
    return DeckView(deck.id, deck.name, deck.size, deck.state.value, reason, deck.at_page, pages)


def _address(digest: bytes) -> str:
    return f"/agent/slides/{digest.hex()}"


def routes(pages: SlidePages) -> Routes:
    """The routes of slides."""
    see, edit, turn = "slides.see", "slides.edit", "slides.turn"
    one = f"{_UPLOADS}/{{deck}}"
    return [
        get(_ONE, pages.all, action=see, summary="decks and what is shown", reply=SlidesView),
        get(f"{_ONE}/now", pages.now, action=see, summary="what is shown, once it changes", reply=ShowView),
        get(f"{_ONE}/turns", pages.turns, action=see, summary="every turn", reply=list[TurnView]),
        post(f"{_ONE}/turn", pages.turn, action=turn, summary="show a page", body=Turn, reply=ShowView),
        delete(f"{_ONE}/decks/{{deck}}", pages.drop, action=edit, summary="forget a deck"),
        get("/agent/slides/{digest}", pages.picture, action=None, summary="a picture of a page"),
        Route("OPTIONS", _UPLOADS, pages.options, None, "tus: what is supported"),
        post(_UPLOADS, pages.create, action=edit, summary="tus: a new file"),
        Route("HEAD", one, pages.head, edit, "tus: how far it is"),
        Route("PATCH", one, pages.patch, edit, "tus: more bytes"),
        Route("DELETE", one, pages.give_up, edit, "tus: give it up"),
    ]
