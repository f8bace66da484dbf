"""Builds slides: what runs, what people may ask, what sites are told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import partial

import msgspec

from orchestrator.app.ground import Ground
from orchestrator.app.lives import Life
from orchestrator.clock import Clock
from orchestrator.config import Slides as Configured
from orchestrator.errors import Refused
from orchestrator.essays.vault import Vault, free_bytes
from orchestrator.sessions.model import Session, SessionState
from orchestrator.sessions.service import Conductor, check_own
from orchestrator.slides.converting import find_office
from orchestrator.slides.routes import SlidePages
from orchestrator.slides.routes import routes as slide_routes
from orchestrator.slides.service import Slides
from orchestrator.slides.telling import SlideTeller
from orchestrator.web.kit import Identity, Routes
from wire.ids import SessionId
from wire.messages import Heartbeat


def over_since(conductor: Conductor, clock: Clock, name: SessionId) -> int | None:
    """When a session was over, centre time; None while it is still to come or on. What is forgotten counts from it."""
    try:
        found = conductor.get(name)
    except Refused:
        return 0
    now, over = clock.now_ns(), found.state in (SessionState.ENDED, SessionState.CANCELLED)
    # One that nobody ever opened is over with its planned end.
    return min(found.ends_ns, now) if over or (not found.on_screen and found.ends_ns < now) else None


class SlideParts(msgspec.Struct, frozen=True):
    """Lives to keep going, by name, routes to serve, and what to load first."""

    lives: Mapping[str, Life]
    routes: Routes
    load: Callable[[], Awaitable[None]]


def build_slides(ground: Ground, conductor: Conductor, configured: Configured) -> SlideParts:
    """All parts, connected; nothing runs yet. Pictures are kept in the folder ``slides`` beside the database."""
    database, clock, bus, audit, links = ground.database, ground.clock, ground.live.bus, ground.audit, ground.links
    vault = Vault(ground.folder / "slides", free_bytes)
    soffice = find_office(configured.libreoffice)

    slides = Slides(
        database,
        clock,
        bus,
        audit,
        vault,
        soffice=soffice,
        keep_days=configured.keep_days,
        over_since=partial(over_since, conductor, clock),
    )
    teller = SlideTeller(conductor.all, slides.decks, slides.show, clock.now_ns, bus, links.send)
    links.on_linked(teller.on_linked)
    links.on(Heartbeat, teller.on_heartbeat)

    def session(who: Identity, name: SessionId) -> Session:
        found = conductor.get(name)
        check_own(who, found)
        return found

    return SlideParts(
        lives={
            "slides": slides.follow,
            "slide_drawing": slides.draw_all,
            "slide_telling": teller.run,
            "slide_keeping": slides.sweep,
        },
        routes=slide_routes(SlidePages(slides, session, teller.health)),
        load=slides.load,
    )
