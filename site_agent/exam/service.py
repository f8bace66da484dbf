"""Runs the exams of one site: takes up plans, secrets and orders, and has a task walk each window (`walk.py`).

Everything decided here is decided by `window.py`, `sitting.py` and `hall.py`; this file waits, sends and stores.
"""

import asyncio
import contextlib
from collections.abc import Callable

import msgspec
import structlog

from site_agent.exam.arrivals import relive
from site_agent.exam.clocks import SiteClocks
from site_agent.exam.doorkeeper import Doorkeeper
from site_agent.exam.hall import Hall, keep_roster, new_hall
from site_agent.exam.journal import Journal, Past
from site_agent.exam.ledger import Opening
from site_agent.exam.openings import Openings, desk_marks
from site_agent.exam.papers_kept import PapersKept, PaperSource
from site_agent.exam.protocol import Answers
from site_agent.exam.reserve import may_turn, turn, typed_opens_ns
from site_agent.exam.sitting import Entry
from site_agent.exam.vault import Held, Vault, VaultRefused
from site_agent.exam.walk import LONGEST_PAUSE_S, SPIN_NS, WindowWalk
from site_agent.exam.window import (
    BEFORE_OPENING,
    OVER,
    Anchor,
    IllegalStep,
    Phase,
    Reading,
    Release,
    Source,
    Step,
    Window,
    anchor,
)
from wire.chain import EventKind
from wire.ids import ExamId
from wire.messages import MOST_EXAMS, ExamCancelled, ExamPlan, ExamProgress, ExamRelease, ExamSwitch
from wire.seal import CodeTextRefused, check_release_text, release_digest

log = structlog.get_logger()


class ExamSite:
    """All exams of this site. `start`, then `run` until cancelled, then `stop`."""

    def __init__(
        self,
        *,
        name: str,
        vault: Vault,
        journal: Journal,
        source: PaperSource,
        clocks: SiteClocks,
        spin_ns: int = SPIN_NS,
        longest_pause_s: float = LONGEST_PAUSE_S,
        rescue_to: bytes = b"",
        rescue_at: str = "",
    ) -> None:
        self.name = name
        self.rescue_to = rescue_to
        """The centre's X25519 key, to which a page seals what it can bring to nobody (`wire/rescue.py`)."""
        self.rescue_at = rescue_at
        """Where the centre takes such a file from the page itself, if the page reaches it; empty: nowhere."""
        self.halls: dict[ExamId, Hall] = {}
        self.admitted: Callable[[Hall], None] = _nobody
        """Hears of a new hall before its window takes a step."""
        self.journal = journal
        journal.written = self._written
        self.doorkeeper = Doorkeeper(journal, vault.site_secret, clocks.read)
        self._vault = vault
        self._openings = Openings(journal)
        self.papers = PapersKept(vault, source, clocks.read, self._changed)
        self._clocks = clocks
        self._walk = WindowWalk(
            vault, journal, self._openings, clocks, spin_ns=spin_ns, longest_pause_s=longest_pause_s
        )
        self.mark_open = self._walk.mark_open
        """Write that these candidates have the paper before them."""
        self.on_end = self._walk.on_end
        """Who hears of the end of a window."""
        self._to_keep: asyncio.Queue[Hall] = asyncio.Queue()

    # --- life ------------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Open vault and journal and take up every exam where it stood; raises `JournalRefused`."""
        await self._vault.start()
        await self.journal.start()
        past = await self.journal.past()
        for exam in await self._vault.exams():
            held = await self._vault.held(exam)
            if held is not None:
                await self._take_up(held, past)

    async def run(self) -> None:
        """Keep every window until cancelled; begun anew after a fault, it takes up all of them again."""
        self._to_keep = asyncio.Queue()
        for hall in self.halls.values():
            self._to_keep.put_nowait(hall)
        async with asyncio.TaskGroup() as tasks:
            while True:
                hall = await self._to_keep.get()
                tasks.create_task(self._walk.keep(hall), name=f"window {hall.exam}")
                tasks.create_task(self.papers.keep(hall), name=f"papers {hall.exam}")

    async def stop(self) -> None:
        """Close journal and vault."""
        await self.journal.stop()
        await self._vault.stop()

    # --- what the centre says --------------------------------------------------------------------------------------

    async def on_plan(self, plan: ExamPlan) -> None:
        """A signed plan: new, moved, or the same again. Raises `VaultRefused`."""
        manifest = await self._vault.keep_plan(plan)
        held = await self._vault.held(manifest.exam)
        if held is None:
            return
        hall = self.halls.get(manifest.exam)
        if hall is None:
            # A journal that came back from its second copy may hold this exam already.
            await self._take_up(held, await self.journal.past(manifest.exam))
            return
        moved = held.manifest.t0_ns > hall.held.manifest.t0_ns
        hall.held = held
        keep_roster(hall, held.roster)
        if hall.window.phase is Phase.MISSED and moved:
            hall.window = Window(held.manifest)
            hall.stretch()
        elif hall.window.phase in BEFORE_OPENING:
            hall.window.replan(held.manifest)
        self._changed(hall)

    async def on_release(self, release: ExamRelease) -> None:
        """The secret, pushed. Raises `VaultRefused`."""
        await self._released(release.exam, release.secret, Source.PUSH)

    async def on_switch(self, order: ExamSwitch) -> None:
        """The reserve paper takes the place of the paper. Raises `VaultRefused`."""
        await self._turn(order, Source.PUSH)

    async def on_cancelled(self, order: ExamCancelled) -> None:
        """The exam does not take place. Raises `VaultRefused`."""
        hall = self.halls.get(order.exam)
        try:
            await self._vault.cancel(order.exam)
            if hall is not None:
                hall.held = msgspec.structs.replace(hall.held, cancelled=True)
        finally:  # whatever the disk says, nobody here sits an exam that does not take place
            if hall is not None:
                with contextlib.suppress(IllegalStep):
                    hall.window.apply(Step.CANCEL)
                self._changed(hall)

    async def type_code(self, exam: ExamId, text: str) -> bool:
        """The code as a person typed it, of the paper or of the reserve; False if it cannot be right."""
        hall = self.halls.get(exam)
        try:
            secret = check_release_text(text)
            if hall is not None and release_digest(secret) == hall.held.as_signed.reserve_sha256:
                opens_ns = typed_opens_ns(hall.held.manifest, self.read())
                switch = ExamSwitch(exam=exam, secret=secret, opens_ns=opens_ns, signature=b"")
                await self._turn(switch, Source.CODE)
            else:
                await self._released(exam, secret, Source.CODE)
        except (CodeTextRefused, VaultRefused):
            return False
        return True

    def retimed(self, hall: Hall) -> None:
        """Somebody's time at this exam changed: the window and the pages follow at once."""
        hall.stretch()
        self._changed(hall)

    # --- what others ask -------------------------------------------------------------------------------------------

    def read(self) -> Reading:
        """All clocks, now."""
        return self._clocks.read()

    def go_on_from(self, last: Anchor) -> None:
        """Time goes on from a sign of life that an earlier machine start left behind."""
        self._clocks.go_on_from(last)

    def put_on(self, ns: int) -> None:
        """So much more has passed since the earlier machine starts."""
        self._clocks.put_on(ns)

    def progress(self) -> list[ExamProgress]:
        """Figures for the heartbeat, the newest exams first: a site keeps its exams for years."""
        now = self.read()
        for hall in self.halls.values():
            hall.place_opening(now)
        newest = sorted(self.halls.values(), key=lambda hall: hall.held.manifest.t0_ns, reverse=True)
        return [self.papers.told(hall) for hall in newest[:MOST_EXAMS]]

    def in_need(self) -> bool:
        """Whether an exam waits for what only the centre can send: the line should not rest long between attempts."""
        now = self.read()
        return any(hall.in_need(now) for hall in self.halls.values())

    def _written(self, entry: Entry) -> None:
        hall = self.halls.get(entry.event.exam)
        if hall is not None:
            hall.take(entry)

    def confirmed(self, row: int) -> None:
        """Every journal row up to this one is durable at the province."""
        for hall in self.halls.values():
            hall.confirm(row)

    # --- windows ---------------------------------------------------------------------------------------------------

    async def _take_up(self, held: Held, past: Past) -> None:
        hall = new_hall(held)
        hall.window.release = held.release
        relive(hall, past, self._vault.site_secret)
        if held.turned:
            await self._write_turn(hall, by_code=held.release is not None and held.release.source is Source.CODE)
            hall.opening = await self._openings.of_reserve(hall.exam)
        else:
            hall.opening = next((o for o in past.openings if o.exam == hall.exam), None)
        if hall.opening is not None:
            await self._go_on(hall, hall.opening)
        if held.cancelled and hall.window.phase not in OVER:
            hall.window.apply(Step.CANCEL)
        self._admit(hall)

    async def _go_on(self, hall: Hall, opening: Opening) -> None:
        """Go on where the window stood; without the papers, once they are here again."""
        if opening.closed_ns is None and (hall.held.missing or not await self._walk.open_papers(hall)):
            hall.opening, hall.earlier = None, opening
            hall.window.resume()
            return
        hall.window.opened = opening.opened
        hall.window.phase = Phase.OPEN if opening.closed_ns is None else Phase.CLOSED
        if hall.window.phase is Phase.CLOSED and hall.held.secret is not None:
            await self._walk.open_papers(hall)

    def _admit(self, hall: Hall) -> None:
        self.halls[hall.exam] = hall
        self.admitted(hall)
        self._walk.admit(hall.exam)
        self._to_keep.put_nowait(hall)

    def _changed(self, hall: Hall) -> None:
        self._walk.wake(hall.exam)
        hall.tell_all(self.read())

    # --- papers and secret -----------------------------------------------------------------------------------------

    async def _released(self, exam: ExamId, secret: bytes, source: Source) -> None:
        release = await self._vault.keep_release(exam, secret, Release(source, anchor(self.read())))
        hall = self.halls[exam]
        hall.held = msgspec.structs.replace(hall.held, secret=secret, release=release)
        if hall.window.phase is Phase.ARMED:
            hall.window.release = release
        self._changed(hall)

    async def _turn(self, switch: ExamSwitch, source: Source) -> None:
        hall = self.halls.get(switch.exam)
        now = self.read()
        if hall is None or not may_turn(hall, switch.opens_ns, now):
            return
        await self._vault.keep_reserve(hall.exam, switch, Release(source, anchor(now)), typed=source is Source.CODE)
        held = await self._vault.held(hall.exam)
        if held is None or not held.turned or held.cancelled:
            return
        self._walk.turning.add(hall.exam)
        turn(hall, held)
        log.warning("exam_turned_to_reserve", exam=hall.exam, source=source)
        hall.tell_all(now)
        for number in hall.pages:
            hall.tell(number, Answers(answers=[]))
        await self._write_turn(hall, by_code=source is Source.CODE)
        await self._walk.until_written(lambda: self._read_reserve(hall), hall)
        if hall.earlier is not None:
            hall.window.resume()
        self._walk.turning.discard(hall.exam)
        self._changed(hall)

    async def _read_reserve(self, hall: Hall) -> None:
        hall.earlier = await self._openings.of_reserve(hall.exam)

    async def _write_turn(self, hall: Hall, *, by_code: bool) -> None:
        """Write it down, and into the chain of everybody who had begun; what stands there already is not repeated."""
        at_ns = max(0, self.read().centre_ns)
        await self._walk.until_written(lambda: self._openings.turned(hall.exam, at_ns, by_code=by_code), hall)
        # Who has left sits elsewhere, and turns there.
        here = [number for number in hall.sittings if number not in hall.gone]
        drafts = desk_marks(hall, here, EventKind.SWITCH, self.read())
        await self._walk.until_written(lambda: self.journal.mark(drafts), hall)


def _nobody(_: Hall) -> None:
    """Who hears of new halls before someone listens."""
