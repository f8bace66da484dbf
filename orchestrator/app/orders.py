"""Builds orders and chats: what runs, what people may ask, and what the wall is told of them."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any

import msgspec
import structlog

from orchestrator.app.ground import Ground
from orchestrator.app.lives import Life
from orchestrator.app.register import Register
from orchestrator.attendance import store as attendance_store
from orchestrator.attendance.model import Burst
from orchestrator.attendance.service import Attendance
from orchestrator.clock import Clock
from orchestrator.courses.store import find_course
from orchestrator.errors import Refused
from orchestrator.orders.chat import Chats
from orchestrator.orders.chat_routes import ChatPages, mark
from orchestrator.orders.chat_routes import routes as chat_routes
from orchestrator.orders.logbook import Logbook
from orchestrator.orders.model import Author
from orchestrator.orders.routes import OrderPages
from orchestrator.orders.routes import routes as order_routes
from orchestrator.orders.service import Orders
from orchestrator.orders.standing import Live, Standings
from orchestrator.orders.views import OrderRow, live_row
from orchestrator.sessions.service import Conductor
from orchestrator.storage.engine import Database
from orchestrator.web.kit import Identity, Routes
from wire.ids import OrderId, RollCallId, SessionId, SiteId
from wire.messages import Heartbeat, OrderSeen
from wire.orders import ChatSaid, LogPiece, OrderAnswer

log = structlog.get_logger()

TOLD_EVERY_NS = 250_000_000

PutSection = Callable[[str, Sequence[Any]], None]


class OrderParts(msgspec.Struct, frozen=True):
    """Lives to keep going, by name, routes to serve, and what to load first."""

    lives: Mapping[str, Life]
    routes: Routes
    load: Callable[[], Awaitable[None]]


class RoomsWithSessions:
    """Roll calls by `attendance` for whatever session each room shows."""

    def __init__(self, attendance: Attendance, conductor: Conductor, database: Database) -> None:
        self._attendance = attendance
        self._conductor = conductor
        self._database = database

    async def call(self, order: OrderId, by: Author, sites: frozenset[SiteId]) -> Mapping[SiteId, RollCallId | None]:
        """A round in each session; one that is refused keeps none of the others."""
        who = Identity(by.person, by.username, by.name, by.role)
        rooms: dict[SessionId, set[SiteId]] = {}
        for site in sites:
            session = self._conductor.shown_at(site)
            if session is not None:
                rooms.setdefault(session.id, set()).add(site)
        called: dict[SiteId, RollCallId | None] = {}
        for session_id, inside in sorted(rooms.items()):
            called |= dict.fromkeys(inside, await self._one(order, who, session_id, frozenset(inside)))
        return called

    async def _one(
        self, order: OrderId, who: Identity, session: SessionId, inside: frozenset[SiteId]
    ) -> RollCallId | None:
        try:
            call = await self._attendance.order(who, session, inside, Burst(), name=round_of(order, session))
        except Refused as refused:
            log.warning("roll_call_refused", order=order, session=session, code=refused.code)
            return None
        return call.id

    async def counts(self, roll_call: RollCallId) -> Mapping[SiteId, str]:
        counts = await self._database.read(lambda conn: attendance_store.load_counts(conn, [roll_call]))
        return {each.site: "" if each.count is not None else each.reason or "not_counted" for each in counts}

    def withdraw(self, roll_call: RollCallId) -> None:
        self._attendance.withdraw(roll_call)


def round_of(order: OrderId, session: SessionId) -> RollCallId:
    """The one round that an order is in a session, whoever asks for it and however often."""
    digest = hashlib.sha256(f"{order} {session}".encode()).digest()
    return RollCallId(f"rollcall-{base64.b32encode(digest).decode().lower()[:20]}")


class OrdersOnTheWall:
    """Puts the live orders and the open conversations on the wall."""

    def __init__(self, orders: Orders, chats: Chats, clock: Clock, put: PutSection) -> None:
        self._orders = orders
        self._chats = chats
        self._clock = clock
        self._put = put
        self._rows: dict[OrderId, tuple[int, OrderRow]] = {}

    async def run(self) -> None:
        """Look four times a second. Runs until cancelled."""
        while True:
            self._rows = {live.order.id: self._row(live) for live in self._orders.standings}
            self._put("orders", [row for _, row in self._rows.values()])
            self._put("chats", [mark(talk) for talk in self._chats.talks()])
            await self._clock.sleep_until(self._clock.now_ns() + TOLD_EVERY_NS)

    def _row(self, live: Live) -> tuple[int, OrderRow]:
        """Counted anew only when something happened: an order may stand at a thousand sites."""
        known = self._rows.get(live.order.id)
        return known if known and known[0] == live.changes else (live.changes, live_row(live))


def build_orders(ground: Ground, attendance: Attendance, conductor: Conductor, put: PutSection) -> OrderParts:
    """All parts, connected; nothing runs yet."""
    database, clock, bus, audit = ground.database, ground.clock, ground.live.bus, ground.audit
    links, intake, register = ground.links, ground.intake, ground.register
    standings = Standings(database, audit, partial(_code, register))
    orders = Orders(
        standings,
        clock,
        bus,
        send=links.send,
        linked=links.linked,
        all_sites=register.all_sites,
        roll_calls=RoomsWithSessions(attendance, conductor, database),
    )
    logbook = Logbook(database, clock, audit)

    def session_at(site: SiteId) -> str | None:
        session = conductor.shown_at(site)
        return session.id if session else None

    chats = Chats(database, clock, send=links.send, session_at=session_at, all_sites=register.all_sites)
    for part in (orders, chats):
        links.on_linked(part.on_linked)
        links.on(Heartbeat, part.on_heartbeat)
        links.on(OrderSeen, part.on_seen)
    intake.on_record(OrderAnswer, orders.take_answer)
    intake.on_record(LogPiece, logbook.take_piece)
    intake.on_record(ChatSaid, chats.take_said)

    async def load() -> None:
        await orders.load()
        await chats.load()

    async def sessions_of(name: str) -> list[str]:
        course = await database.read(lambda conn: find_course(conn, name))
        if course is None:
            raise Refused("no_course", "Không có đợt bồi dưỡng này. / No such course.", 404)
        return list(course.sessions)

    name_of = partial(_name, register)
    return OrderParts(
        lives={
            "orders": orders.run,
            "order_counts": orders.follow_counts,
            "order_logs": logbook.sweep,
            "orders_on_the_wall": OrdersOnTheWall(orders, chats, clock, put).run,
        },
        routes=[
            *order_routes(OrderPages(orders, logbook, database, name_of)),
            *chat_routes(ChatPages(chats, name_of, sessions_of)),
        ],
        load=load,
    )


def _code(register: Register, site: SiteId) -> str:
    return register.code_and_expected(site)[0]


def _name(register: Register, site: SiteId) -> tuple[str, str]:
    card = register.cards.get(site)
    return (card.code, card.name) if card else (site, "")
