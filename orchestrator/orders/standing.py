"""Where every live order stands: SQL is the truth, this is its mirror in memory, and the only writer of both.

Each step is one compare-and-set on a row; the end of an order at a site goes into the audit trail in the same
transaction. The mirror follows after the commit, on the loop's own thread.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from functools import partial

import msgspec

from orchestrator.access.audit import Audit
from orchestrator.errors import Refused
from orchestrator.orders import store
from orchestrator.orders.model import OPEN, Order, OrderState, Step, Told
from orchestrator.storage.after_commit import after_commit
from orchestrator.storage.engine import Connection, Database
from wire.ids import OrderId, SiteId

CENTRE = "centre"

CodeOf = Callable[[SiteId], str]


class Move(msgspec.Struct, frozen=True):
    """One step of an order at one site. `by_site`: the site said so, else the centre found it."""

    order: OrderId
    site: SiteId
    step: Step
    reason: str = ""
    roll_call: str = ""
    by_site: bool = False


class Live:
    """An order whose time is not over, or which somebody may still look at; `told` by site. `left`: it is not held any
    more; `over`: nothing can come any more but a late answer; `changes` counts what happened to it."""

    __slots__ = ("changes", "left", "order", "over", "told")

    def __init__(self, order: Order, told: dict[SiteId, Told]) -> None:
        self.order = order
        self.told = told
        self.left = not any(each.state is OrderState.HELD for each in told.values())
        self.over = False
        self.changes = 0

    def at(self, *states: OrderState) -> list[SiteId]:
        """The sites where it stands so."""
        return [site for site, told in self.told.items() if told.state in states]


class Standings:
    """Made once; `load` before anything else. `code_of` is asked in the database thread too."""

    def __init__(self, database: Database, audit: Audit, code_of: CodeOf) -> None:
        self._database = database
        self._audit = audit
        self._code_of = code_of
        self._live: dict[OrderId, Live] = {}
        self._loop: asyncio.AbstractEventLoop | None = None

    async def load(self, now_ns: int) -> None:
        """Read what is live, so that a restarted centre goes on with it."""
        self._loop = asyncio.get_running_loop()

        def work(conn: Connection) -> list[Live]:
            return [Live(order, store.standing(conn, order.id)) for order in store.unexpired(conn, now_ns)]

        self._live = {live.order.id: live for live in await self._database.read(work)}

    def __iter__(self) -> Iterator[Live]:
        return iter(list(self._live.values()))

    def get(self, order: OrderId) -> Live | None:
        return self._live.get(order)

    def of_site(self, site: SiteId) -> list[Live]:
        """The live orders that mean this site, the oldest first."""
        return [live for live in self._live.values() if site in live.told]

    def forget(self, order: OrderId) -> None:
        """No longer live: later answers go into SQL alone."""
        self._live.pop(order, None)

    async def add(self, order: Order, sites: Iterable[SiteId]) -> Live:
        """Keep a new order for good; it is held everywhere."""
        sites = list(sites)
        detail = {"kind": order.kind, "sites": len(sites), "scope": order.scope, "expires_ns": order.expires_ns}

        def work(conn: Connection) -> None:
            store.insert(conn, order, sites, Told())
            self._audit.record(conn, order.by.username, "order.given", order.id, detail)

        await self._database.write(work)
        live = self._live[order.id] = Live(order, dict.fromkeys(sites, Told()))
        return live

    async def take_back(self, live: Live, who: str, action: str, sites: Iterable[SiteId], at_ns: int) -> None:
        """Undo an order at sites that it has not reached, in the name of a person."""
        moves = [Move(live.order.id, site, Step.UNDO, action.removeprefix("order.")) for site in sites]

        def work(conn: Connection) -> None:
            store.withdraw(conn, live.order.id, at_ns)
            self._audit.record(conn, who, action, live.order.id, {"sites": len(moves)})
            for move in moves:
                self.move_in(conn, move, at_ns)

        await self._database.write(work)
        live.order = msgspec.structs.replace(live.order, withdrawn_ns=at_ns)
        live.left = True
        live.changes += 1

    async def move(self, moves: list[Move], at_ns: int) -> None:
        """Take these steps in one transaction; those that are not possible any more change nothing."""
        if moves:
            await self._database.write(lambda conn: [self.move_in(conn, move, at_ns) for move in moves])

    def move_in(self, conn: Connection, move: Move, at_ns: int) -> bool:
        """Take a step in the caller's transaction, in the database thread; whether it was possible.

        Refuses `unasked` when the order never meant this site.
        """
        before = store.told(conn, move.order, move.site)
        if before is None:
            raise Refused("unasked", "an order that this site was not given")
        now = before.stepped(move.step, at_ns, move.reason, move.roll_call)
        if now is None or not store.step(conn, move.order, move.site, before, now):
            return False
        if now.state not in OPEN and move.step is not Step.UNDO:
            code = self._code_of(move.site)
            who = f"site:{code}" if move.by_site else CENTRE
            self._audit.record(conn, who, f"order.{now.state}", f"{move.order}/{code}", move.reason)
        after_commit(conn, partial(self._from_thread, move.order, move.site, now))
        return True

    def _from_thread(self, order: OrderId, site: SiteId, told: Told) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._mirror, order, site, told)

    def _mirror(self, order: OrderId, site: SiteId, told: Told) -> None:
        live = self._live.get(order)
        if live is not None:
            live.told[site] = told
            live.changes += 1
