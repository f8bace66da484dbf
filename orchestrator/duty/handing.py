"""Offers a shift to a colleague, who takes it with everything that is open."""

from __future__ import annotations

import msgspec

from orchestrator.access import store as people_store
from orchestrator.access.audit import Audit
from orchestrator.access.model import ALLOWED, Action, Person
from orchestrator.clock import Clock
from orchestrator.duty import handover as model
from orchestrator.duty import handover_store, store
from orchestrator.duty.events import ShiftHandedOver
from orchestrator.duty.handover import Handover, HandoverState, NameOf, Sheet, Step
from orchestrator.duty.model import Caller, Entry, EntryKind, checked_note, matters
from orchestrator.duty.service import Duty
from orchestrator.errors import Refused
from orchestrator.live.port import Bus
from orchestrator.storage.engine import Connection, Database
from orchestrator.web.kit import Identity
from wire.ids import new_id

CALLERS = frozenset(role for role, may in ALLOWED.items() if Action.DUTY_CALL in may)
SHOWN = 30


class Handing(msgspec.Struct, frozen=True):
    """What the page of the shift shows: the list as it would be handed over now, to whom, and the latest hand-overs."""

    draft: Sheet
    colleagues: list[Person]
    handovers: list[Handover]


class Handovers:
    """Hand-overs are rows with a version; accepting one moves claims and matters in the same transaction."""

    def __init__(self, database: Database, clock: Clock, bus: Bus, audit: Audit, duty: Duty, name_of: NameOf) -> None:
        self._database = database
        self._clock = clock
        self._bus = bus
        self._audit = audit
        self._duty = duty
        self._name_of = name_of

    async def standing(self, who: Identity) -> Handing:
        """The shift of ``who`` now."""

        def work(conn: Connection) -> Handing:
            people = [one for one in people_store.all_people(conn) if one.role in CALLERS and one.id != who.person]
            return Handing(self._drafted(conn, _caller(who), "", ""), people, handover_store.newest(conn, SHOWN))

        return await self._database.read(work)

    async def sheet(self, handover_id: str) -> Sheet:
        """The list as it was handed over."""
        found = await self._database.read(lambda conn: handover_store.sheet(conn, handover_id))
        if found is None:
            raise _none()
        return found

    async def offer(self, who: Identity, taker: str, note: str) -> Handover:
        """Offer one's shift; an earlier offer of the same giver is withdrawn."""

        def work(conn: Connection) -> Handover:
            found = people_store.person_by_id(conn, taker)
            if found is None or found[0].role not in CALLERS or taker == who.person:
                raise Refused("no_colleague", "Chọn một đồng nghiệp trực. / Choose a colleague on duty.", 422)
            now = self._clock.now_ns()
            for earlier in handover_store.offers_of(conn, who.person):
                handover_store.put(conn, earlier, model.step(earlier, Step.WITHDRAW, _caller(who), now))
            sheet = self._drafted(conn, _caller(who), found[0].name, checked_note(note))
            offered = Handover(
                id=new_id("handover"),
                giver=who.person,
                giver_name=who.name,
                taker=taker,
                taker_name=found[0].name,
                at_ns=now,
                since_ns=sheet.since_ms * 1_000_000,
                note=sheet.note,
                state=HandoverState.OFFERED,
                decided_ns=None,
                version=1,
            )
            handover_store.insert(conn, offered, sheet)
            self._audit.record(conn, who.username, "duty.handover", offered.id, {"to": taker, "open": len(sheet.mine)})
            return offered

        offered = await self._database.write(work)
        await self._tell(offered, 0)
        return offered

    async def take_step(self, who: Identity, handover_id: str, step: Step) -> Handover:
        """Accept, decline or withdraw an offer."""

        def work(conn: Connection) -> tuple[Handover, int]:
            known = handover_store.handover(conn, handover_id)
            if known is None:
                raise _none()
            now = self._clock.now_ns()
            after = model.step(known, step, _caller(who), now)
            if not handover_store.put(conn, known, after):
                raise Refused("decided", "Bàn giao này vừa được quyết định. / It has just been decided.", 409)
            moved = self._move(conn, after, now) if step is Step.ACCEPT else 0
            self._audit.record(conn, who.username, f"duty.handover_{after.state}", after.id, {"sites": moved})
            return after, moved

        after, moved = await self._database.write(work)
        await self._tell(after, moved)
        return after

    def _drafted(self, conn: Connection, giver: Caller, taker: str, note: str) -> Sheet:
        now = self._clock.now_ns()
        since = model.shift_began(handover_store.last_taken_ns(conn, giver.person), now)
        return model.sheet(
            giver,
            taker,
            note,
            since,
            now,
            claims=store.claims(conn),
            matters=matters(store.open_entries(conn)),
            entries=store.book_since(conn, since),
            name_of=self._name_of,
        )

    def _move(self, conn: Connection, taken: Handover, now: int) -> int:
        """Everything the giver holds at this moment becomes the taker's; returns how many sites."""
        moved = {each.site for each in matters(store.open_entries(conn)) if each.person == taken.giver}
        for claim in store.claims(conn):
            if claim.person == taken.giver and claim.holds(now):
                changed = {"person": taken.taker, "name": taken.taker_name, "version": claim.version + 1}
                if store.put_claim(conn, claim, msgspec.structs.replace(claim, **changed)):
                    moved.add(claim.site)
        for site in sorted(moved):
            store.add_entry(conn, Entry(site, now, taken.taker, taken.taker_name, EntryKind.HANDOVER))
        return len(moved)

    async def _tell(self, handover: Handover, sites: int) -> None:
        await self._duty.load()
        await self._bus.publish(
            ShiftHandedOver(handover.id, handover.state, handover.giver_name, handover.taker_name, sites)
        )


def _caller(who: Identity) -> Caller:
    return Caller(who.person, who.name)


def _none() -> Refused:
    return Refused("no_handover", "Không có bàn giao này. / No such hand-over.", 404)
