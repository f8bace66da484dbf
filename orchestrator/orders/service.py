"""Gives orders, holds them back while they can be undone, says them again to whoever was away, and lets them expire."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

import structlog

from orchestrator.attendance.events import CountReceived
from orchestrator.clock import Clock
from orchestrator.errors import Refused
from orchestrator.live.port import Bus, Lagged
from orchestrator.orders.model import (
    ON_ITS_WAY,
    STEP_OF,
    Author,
    Order,
    OrderState,
    Step,
    Told,
    Wish,
    order_of,
)
from orchestrator.orders.standing import Live, Move, Standings
from orchestrator.storage.engine import Connection
from wire.ids import EnrolmentId, OrderId, RollCallId, SiteId, new_id
from wire.messages import Down, Heartbeat, OrderSeen
from wire.orders import OrderAnswer, OrderKind, OrderWithdrawn, SiteOrder

log = structlog.get_logger()

S = 10**9
TICK_NS = S // 5
ANSWER_NS = 20 * S
"""After its end an order that reached a site still has so long to be answered, before it counts as expired."""
SHOWN_NS = 3600 * S
"""An order that is over stays on the operators' list of live ones for so long."""
MOST_SEEN = 10_000

Send = Callable[[SiteId, Down], bool]
Linked = Callable[[], frozenset[SiteId]]
AllSites = Callable[[], Awaitable[frozenset[SiteId]]]


class RollCaller(Protocol):
    """Roll calls, as `attendance` takes them; it repeats them itself."""

    async def call(self, order: OrderId, by: Author, sites: frozenset[SiteId]) -> Mapping[SiteId, RollCallId | None]:
        """Count these rooms now; the round of each room that has a session on, None where its session refused one.
        Asked again for the same order it tells the same rounds and holds no new ones."""
        ...

    async def counts(self, roll_call: RollCallId) -> Mapping[SiteId, str]:
        """The rooms whose count is in, each with the reason why nobody could be counted, empty when it could."""
        ...

    def withdraw(self, roll_call: RollCallId) -> None:
        """Ask no room any more that was away; what is counted stays. Said again after a restart."""
        ...


class Orders:
    """Everything between an operator's wish and the sites' answers."""

    def __init__(
        self,
        standings: Standings,
        clock: Clock,
        bus: Bus,
        *,
        send: Send,
        linked: Linked,
        all_sites: AllSites,
        roll_calls: RollCaller,
    ) -> None:
        self.standings = standings
        self._clock = clock
        self._bus = bus
        self._send = send
        self._linked = linked
        self._all_sites = all_sites
        self._roll_calls = roll_calls
        self._takes: dict[SiteId, frozenset[str]] = {}
        self._greet: set[SiteId] = set()
        self._seen: dict[tuple[OrderId, SiteId], Move] = {}
        self._turn = asyncio.Lock()

    async def load(self) -> None:
        """Go on where the centre stopped."""
        await self.standings.load(self._clock.now_ns())
        for live in self.standings:
            if live.order.withdrawn_ns is not None:
                self._end_roll_calls(live)

    # --- what a person does ----------------------------------------------------------------------------------------

    async def give(self, by: Author, wish: Wish) -> Order:
        """Take an order; it leaves at its `leaves_ns`, or now. Raises `Refused`."""
        order = order_of(wish, OrderId(new_id("order")), by, await self._all_sites(), self._clock.now_ns())
        live = await self.standings.add(order, wish.sites)
        log.info("order_given", order=order.id, kind=order.kind, sites=len(wish.sites))
        if order.leaves_ns <= order.at_ns:
            await self._leave(live)
        return order

    async def undo(self, who: str, order: OrderId) -> None:
        """Take an order back before it has left; nothing of it ever leaves then. Raises `Refused` too_late."""
        async with self._turn:
            live = self._found(order)
            if live.left or self._clock.now_ns() >= live.order.leaves_ns:
                raise Refused("too_late", "Lệnh đã gửi đi, không hoàn tác được. / The order has left.", 409)
            await self.standings.take_back(live, who, "order.undone", live.at(OrderState.HELD), self._clock.now_ns())

    async def withdraw(self, who: str, order: OrderId) -> None:
        """No longer tell those who were away, of a roll call either, and take a notice off the screens. Raises
        `Refused`."""
        async with self._turn:
            live = self._found(order)
            if live.order.withdrawn_ns is not None or live.order.expires_ns <= self._clock.now_ns():
                raise Refused("over", "Lệnh này đã hết hiệu lực. / The order is over.", 409)
            unreached = live.at(OrderState.HELD, OrderState.WAITING)
            await self.standings.take_back(live, who, "order.withdrawn", unreached, self._clock.now_ns())
        self._end_roll_calls(live)
        for site in sorted(live.told):
            self._take_down(live, site)

    def linked(self) -> frozenset[SiteId]:
        """The sites that an order reaches now; to all others it is said once they link."""
        return self._linked()

    def _found(self, order: OrderId) -> Live:
        live = self.standings.get(order)
        if live is None:
            raise Refused("no_order", "Không có lệnh này hoặc lệnh đã hết hiệu lực. / No such live order.", 404)
        return live

    # --- what sites say --------------------------------------------------------------------------------------------

    async def on_linked(self, site: SiteId, _enrolment: EnrolmentId, resumed: bool) -> None:  # noqa: FBT001
        """A link stands: what the site takes is known with its first heartbeat, and then it is told."""
        self._greet.add(site)
        if not resumed:
            self._takes.pop(site, None)

    async def on_heartbeat(self, site: SiteId, _enrolment: EnrolmentId, beat: Heartbeat) -> None:
        """Note which orders the site's agent understands; catch up with a site that has just linked."""
        if site in self._greet or site not in self._takes:
            self._takes[site] = frozenset(beat.takes)
            self._greet.discard(site)
            await self._catch_up(site)

    async def on_seen(self, site: SiteId, _enrolment: EnrolmentId, seen: OrderSeen) -> None:
        """The site keeps an order; written with others at the next tick."""
        live = self.standings.get(seen.order)
        if live is not None and site in live.told and len(self._seen) < MOST_SEEN:
            self._seen[seen.order, site] = Move(seen.order, site, Step.SEE)

    def take_answer(
        self, conn: Connection, site: SiteId, _enrolment: EnrolmentId, _sequence: int, answer: OrderAnswer
    ) -> None:
        """For the record stream: how an order ended at a site. A repeated answer changes nothing."""
        step = STEP_OF[answer.outcome]
        move = Move(answer.order, site, step, answer.reason, by_site=True)
        self.standings.move_in(conn, move, self._clock.now_ns())

    # --- the life --------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Let orders leave and expire. Runs until cancelled."""
        while True:
            await self.tick()
            await self._clock.sleep_until(self._clock.now_ns() + TICK_NS)

    async def tick(self) -> None:
        """Everything that is due now."""
        now_ns = self._clock.now_ns()
        seen = dict(self._seen)
        await self.standings.move(list(seen.values()), now_ns)
        for key in seen:  # only once it is written: a fault of the database forgets nothing
            self._seen.pop(key, None)
        for live in self.standings:
            if live.order.leaves_ns <= now_ns and not live.left:
                await self._leave(live)
            if live.order.expires_ns <= now_ns:
                await self._expire(live, now_ns)

    async def follow_counts(self) -> None:
        """A count that comes in answers the order it was asked by. Runs until cancelled."""
        while True:
            async with self._bus.subscribe(CountReceived) as events:
                try:
                    async for event in events:
                        if isinstance(event, CountReceived):
                            await self._counted(event.roll_call, {event.site: event.reason})
                except Lagged:
                    log.warning("orders_lagged")  # what was missed is looked up before an order expires

    async def _counted(self, roll_call: RollCallId, reasons: Mapping[SiteId, str]) -> None:
        moves = [
            Move(live.order.id, site, Step.FAIL if reason else Step.DO, reason, by_site=True)
            for live in self.standings
            for site, reason in reasons.items()
            if site in live.told and live.told[site].roll_call == roll_call
        ]
        await self.standings.move(moves, self._clock.now_ns())

    async def _leave(self, live: Live) -> None:
        """The time to undo is over: tell everybody who is there."""
        async with self._turn:
            if live.left:
                return
            held = live.at(OrderState.HELD)
            calls: Mapping[SiteId, RollCallId | None] = {}
            if live.order.kind is OrderKind.ROLL_CALL:
                calls = await self._roll_calls.call(live.order.id, live.order.by, frozenset(held))
            linked = self._linked()
            moves: list[Move] = []
            for site in held:
                moves.append(Move(live.order.id, site, Step.LEAVE, roll_call=calls.get(site) or ""))
                refused = site in calls and calls[site] is None
                moves += self._telling(live.order, site, calls.get(site) or "", there=site in linked, refused=refused)
            await self.standings.move(moves, self._clock.now_ns())
            live.left = True
        for site in held:
            self._say(live, site)

    def _telling(self, order: Order, site: SiteId, roll_call: str, *, there: bool, refused: bool = False) -> list[Move]:
        """The step of a site that an order is for now: none while the site is away."""
        if order.kind is OrderKind.ROLL_CALL and not roll_call:
            return [Move(order.id, site, Step.FAIL, "refused" if refused else "no_session")]
        takes = self._takes.get(site)
        if takes is None or not there:
            return []
        if order.kind is OrderKind.ROLL_CALL or order.kind in takes:
            return [Move(order.id, site, Step.SEND)]
        return [Move(order.id, site, Step.NOT_KNOW, "old_agent")]

    async def _catch_up(self, site: SiteId) -> None:
        """Say everything that is still good to a site that links; it has seen some of it already, which is harmless."""
        # An order that leaves at this very moment has left, with this site away, before the site is told.
        async with self._turn:
            now_ns = self._clock.now_ns()
            mine = [live for live in self.standings.of_site(site) if _is_good(live, site, now_ns)]
            moves = [
                move for live in mine for move in self._telling(live.order, site, live.told[site].roll_call, there=True)
            ]
            await self.standings.move(moves, now_ns)
        for live in mine:
            self._say(live, site)
        for live in self.standings.of_site(site):
            if live.order.withdrawn_ns:
                self._take_down(live, site)

    def _say(self, live: Live, site: SiteId) -> None:
        # Roll calls are said, and said again, by attendance.
        if live.told[site].state in (OrderState.SENT, OrderState.TAKEN) and live.order.kind is not OrderKind.ROLL_CALL:
            self._send(site, _message(live.order))

    def _end_roll_calls(self, live: Live) -> None:
        for call in sorted({told.roll_call for told in live.told.values() if told.roll_call}):
            self._roll_calls.withdraw(RollCallId(call))

    def _take_down(self, live: Live, site: SiteId) -> None:
        """Tell a site that an order it may have is withdrawn."""
        reached = live.told[site].state in (OrderState.SENT, OrderState.TAKEN, OrderState.DONE)
        if reached and live.order.kind in self._takes.get(site, ()):
            self._send(site, OrderWithdrawn(order=live.order.id))

    async def _expire(self, live: Live, now_ns: int) -> None:
        """At once for whoever is away, after a moment for those that have it: their answer may be on its way."""
        if live.order.expires_ns + SHOWN_NS <= now_ns:
            self.standings.forget(live.order.id)
        if live.over:
            return
        answers_over = live.order.expires_ns + ANSWER_NS <= now_ns
        if live.order.kind is OrderKind.ROLL_CALL and answers_over:
            await self._look_up_counts(live)
        late = ON_ITS_WAY if answers_over else frozenset({OrderState.WAITING})
        moves = [Move(live.order.id, site, Step.EXPIRE, _unheard(live.told[site])) for site in live.at(*late)]
        await self.standings.move(moves, now_ns)
        live.over = answers_over
        if moves:
            log.info("order_expired", order=live.order.id, sites=len(moves))

    async def _look_up_counts(self, live: Live) -> None:
        """Counts that were told while this centre did not listen."""
        open_calls = {told.roll_call for told in live.told.values() if told.state in ON_ITS_WAY and told.roll_call}
        for call in sorted(open_calls):
            await self._counted(RollCallId(call), await self._roll_calls.counts(RollCallId(call)))


def _is_good(live: Live, site: SiteId, now_ns: int) -> bool:
    order = live.order
    return live.told[site].state in ON_ITS_WAY and order.expires_ns > now_ns and order.withdrawn_ns is None


def _unheard(told: Told) -> str:
    return "away" if told.state is OrderState.WAITING else "no_answer"


def _message(order: Order) -> SiteOrder:
    return SiteOrder(
        id=order.id,
        kind=order.kind,
        until_ns=order.expires_ns,
        forced=order.forced,
        text_vi=order.text_vi,
        text_en=order.text_en,
        shown_until_ns=order.expires_ns if order.kind is OrderKind.NOTICE else 0,
    )
