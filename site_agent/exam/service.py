"""Runs the exams of one site: arms and keeps the windows, fetches papers, hands the journal on to the province.

Everything decided here is decided by `window.py`, `sitting.py` and `hall.py`; this file waits, sends and stores.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import msgspec
import structlog

from site_agent.exam.arrivals import relive
from site_agent.exam.clocks import SiteClocks
from site_agent.exam.doorkeeper import Doorkeeper
from site_agent.exam.hall import Hall, keep_roster, new_hall
from site_agent.exam.journal import Journal, JournalRefused, Past
from site_agent.exam.ledger import Opening
from site_agent.exam.openings import Openings, desk_marks
from site_agent.exam.papers_kept import PapersKept, PaperSource
from site_agent.exam.protocol import Answers
from site_agent.exam.reserve import may_turn, roster_code, turn, typed_opens_ns
from site_agent.exam.sitting import Entry
from site_agent.exam.vault import Held, Vault, VaultRefused
from site_agent.exam.window import (
    BEFORE_OPENING,
    OVER,
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

SPIN_NS = 2_000_000
"""How long before the opening the loop stops sleeping and watches the clock: a timer may be this late."""

LONGEST_PAUSE_S = 1.0
"""How long a window that nothing happens to goes without a look at the clocks: they may be set anew meanwhile."""
_RETRY_S = 1.0
_REST_S = 60.0

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
    ) -> None:
        self.name = name
        self.rescue_to = rescue_to
        """The centre's X25519 key, to which a page seals what it can bring to nobody (`wire/rescue.py`)."""
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
        self._spin_ns = spin_ns
        self._longest_pause_s = longest_pause_s
        self._wakes: dict[ExamId, asyncio.Event] = {}
        self._turning: set[ExamId] = set()
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
                tasks.create_task(self._keep(hall), name=f"window {hall.exam}")
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
        """The exam does not take place."""
        await self._vault.cancel(order.exam)
        hall = self.halls.get(order.exam)
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
        if opening.closed_ns is None and (hall.held.missing or not await self._open_papers(hall)):
            hall.opening, hall.earlier = None, opening
            hall.window.resume()
            return
        hall.window.opened = opening.opened
        hall.window.phase = Phase.OPEN if opening.closed_ns is None else Phase.CLOSED
        if hall.window.phase is Phase.CLOSED and hall.held.secret is not None:
            await self._open_papers(hall)

    def _admit(self, hall: Hall) -> None:
        self.halls[hall.exam] = hall
        self.admitted(hall)
        self._wakes[hall.exam] = asyncio.Event()
        self._to_keep.put_nowait(hall)

    async def _keep(self, hall: Hall) -> None:
        """Walk a window to its end, and on from there if another paper or day is given. A fault ends one step, never
        the window: the next look takes it up again."""
        while True:
            try:
                if hall.window.phase in OVER:
                    await self._rest(hall)
                else:
                    await self._step(hall)
            except Exception:
                log.exception("window_step_failed", exam=hall.exam, phase=hall.window.phase)
                await asyncio.sleep(_RETRY_S)

    async def _rest(self, hall: Hall) -> None:
        hall.tell_all(self.read())
        while hall.window.phase in OVER:
            self._wakes[hall.exam].clear()
            await self._narrow(hall)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_REST_S):
                    await self._wakes[hall.exam].wait()

    async def _step(self, hall: Hall) -> None:
        self._wakes[hall.exam].clear()
        if hall.exam in self._turning:
            # The turn stands in the journal before anything of the reserve paper does.
            await self._wakes[hall.exam].wait()
            return
        while await self._prepare(hall):
            # Paper and secret may both be here by now: the second step must not wait for another word.
            hall.tell_all(self.read())
        step = hall.window.due(self.read())
        if step is Step.MOMENT:
            await self._open(hall)
        elif step is Step.TIME_UP:
            await self._close(hall)
        elif step is not None:
            hall.window.apply(step)
        else:
            await self._end_those_due(hall)
            await self._narrow(hall)
            await self._pause(hall)

    async def _prepare(self, hall: Hall) -> bool:
        """The steps that do not wait for a moment: package complete, secret here. True if there was one."""
        if hall.window.phase is Phase.WAITING and not hall.held.missing:
            hall.window.apply(Step.PACKAGE)
            return True
        if hall.window.phase is Phase.SEALED and hall.held.secret is not None:
            hall.window.release = hall.held.release
            if await self._open_papers(hall):
                hall.window.apply(Step.SECRET)
                return True
        return False

    async def _open_papers(self, hall: Hall) -> bool:
        turned = hall.held.turned
        try:
            papers = await self._vault.papers(hall.exam)
            if hall.held.turned is not turned:
                return False  # the reserve has come meanwhile: these are not to be shown any more
            hall.keep_papers(
                {roster_code(code): paper for code, paper in papers.items()} if hall.held.turned else papers
            )
        except VaultRefused as refused:
            log.error("paper_does_not_open", exam=hall.exam, code=refused.code)
            return False
        return True

    async def _open(self, hall: Hall) -> None:
        lo_ns, _ = self._clocks.centre.interval_ns()
        now = self.read()
        hall.window.apply(Step.MOMENT)
        hall.window.opened = anchor(now) if hall.earlier is None else hall.earlier.opened
        hall.push_papers()
        _, hi_ns = self._clocks.centre.interval_ns()
        hall.opening = hall.earlier or Opening(hall.exam, anchor(now), max(0, lo_ns), max(0, hi_ns))
        hall.tell_all(now)
        # No answer can overtake this in the journal: it stands before them in the same queue.
        opening = hall.opening
        await self._until_written(lambda: self._openings.opened(hall, opening, now.state), hall)
        await self.mark_open(hall, hall.to_open())
        log.info(
            "exam_opened", exam=hall.exam, clock=now.state, late_ms=(now.centre_ns - hall.window.manifest.t0_ns) / 1e6
        )

    async def mark_open(self, hall: Hall, numbers: list[str]) -> None:
        """Write that these candidates have the paper before them; a disk that refuses refuses their answers too."""
        kinds = (EventKind.SWITCH, EventKind.OPEN) if hall.held.turned else (EventKind.OPEN,)
        if numbers:
            now = self.read()
            with contextlib.suppress(JournalRefused):
                await self.journal.mark([draft for kind in kinds for draft in desk_marks(hall, numbers, kind, now)])

    async def _end_those_due(self, hall: Hall) -> None:
        ended = hall.to_close(self.read()) if hall.opening is not None else []
        if ended:
            drafts = desk_marks(hall, ended, EventKind.CLOSE, self.read())
            await self._until_written(lambda: self.journal.mark(drafts), hall)
        if hall.opening is not None:
            hall.tell_over(self.read())

    async def _close(self, hall: Hall) -> None:
        await self._end_those_due(hall)
        hall.window.apply(Step.TIME_UP)
        at_ns = max(0, self.read().centre_ns)
        await self._until_written(lambda: self._openings.closed(hall, at_ns), hall)
        log.info("exam_closed", exam=hall.exam)

    async def _until_written(self, write: Callable[[], Awaitable[object]], hall: Hall) -> None:
        while True:
            try:
                await write()
                return
            except JournalRefused as refused:
                log.error("journal_refuses", exam=hall.exam, code=refused.code)
                await asyncio.sleep(_RETRY_S)

    async def _pause(self, hall: Hall) -> None:
        """Until something changes or the next moment is near; the last stretch before an opening is watched."""
        now = self.read()
        waits = [hall.window.wait_ns(now), hall.next_end_ns(now)]
        wait_ns = min((w for w in waits if w is not None), default=None)
        opening = hall.window.phase is Phase.ARMED and wait_ns is not None
        if opening and wait_ns is not None and wait_ns <= self._spin_ns:
            while hall.window.due(self.read()) is None and hall.window.phase is Phase.ARMED:
                pass
            return
        wait_s = self._longest_pause_s if wait_ns is None else wait_ns / 1e9
        early_s = self._spin_ns / 1e9 if opening else 0.0
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(max(0.001, min(self._longest_pause_s, wait_s - early_s))):
                await self._wakes[hall.exam].wait()

    def _changed(self, hall: Hall) -> None:
        self._wakes[hall.exam].set()
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
        if held is None or not held.turned:
            return
        self._turning.add(hall.exam)
        turn(hall, held)
        log.warning("exam_turned_to_reserve", exam=hall.exam, source=source)
        hall.tell_all(now)
        for number in hall.pages:
            hall.tell(number, Answers(answers=[]))
        await self._write_turn(hall, by_code=source is Source.CODE)
        hall.earlier = await self._openings.of_reserve(hall.exam)
        if hall.earlier is not None:
            hall.window.resume()
        self._turning.discard(hall.exam)
        self._changed(hall)

    async def _write_turn(self, hall: Hall, *, by_code: bool) -> None:
        """Write it down, and into the chain of everybody who had begun; what stands there already is not repeated."""
        at_ns = max(0, self.read().centre_ns)
        await self._until_written(lambda: self._openings.turned(hall.exam, at_ns, by_code=by_code), hall)
        # Who has left sits elsewhere, and turns there.
        here = [number for number in hall.sittings if number not in hall.gone]
        drafts = desk_marks(hall, here, EventKind.SWITCH, self.read())
        await self._until_written(lambda: self.journal.mark(drafts), hall)

    async def _narrow(self, hall: Hall) -> None:
        with contextlib.suppress(JournalRefused):
            if await self._openings.narrow(hall, self.read()):
                log.info("exam_opening_placed", exam=hall.exam)


def _nobody(_: Hall) -> None:
    """Who hears of new halls before someone listens."""
