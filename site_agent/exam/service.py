"""Runs the exams of one site: arms and keeps the windows, fetches papers, hands the journal on to the province.

Everything decided here is decided by `window.py`, `sitting.py` and `hall.py`; this file waits, sends and stores.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Protocol

import msgspec
import structlog

from site_agent.exam.clocks import SiteClocks
from site_agent.exam.doorkeeper import Doorkeeper, whole_ms
from site_agent.exam.download import DownloadFailed
from site_agent.exam.hall import Hall, keep_roster, new_hall
from site_agent.exam.journal import Journal, JournalRefused, Past
from site_agent.exam.ledger import Opening
from site_agent.exam.sitting import Draft, Entry
from site_agent.exam.vault import Held, Vault, VaultRefused
from site_agent.exam.window import BEFORE_OPENING, OVER, IllegalStep, Phase, Reading, Release, Source, Step, anchor
from wire.chain import EventKind
from wire.ids import ExamId
from wire.messages import MOST_EXAMS, ExamCancelled, ExamOpened, ExamPlan, ExamProgress, ExamRelease
from wire.seal import CodeTextRefused, check_release_text

SPIN_NS = 2_000_000
"""How long before the opening the loop stops sleeping and watches the clock: a timer may be this late."""

_LONGEST_PAUSE_S = 1.0
_RETRY_S = (1.0, 2.0, 5.0, 10.0, 20.0, 30.0)

log = structlog.get_logger()


class PaperSource(Protocol):
    """Where sealed papers come from."""

    async def fetch(self, digest: bytes) -> bytes:
        """The sealed paper with this SHA-256; raises `DownloadFailed`."""


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
    ) -> None:
        self.name = name
        self.halls: dict[ExamId, Hall] = {}
        self.journal = journal
        journal.written = self._written
        self.doorkeeper = Doorkeeper(journal, vault.site_secret, clocks.read)
        self._vault = vault
        self._source = source
        self._clocks = clocks
        self._spin_ns = spin_ns
        self._wakes: dict[ExamId, asyncio.Event] = {}
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
                tasks.create_task(self._fetch_papers(hall), name=f"papers {hall.exam}")

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
            self._admit(new_hall(held))
            return
        hall.held = held
        keep_roster(hall, held.roster)
        if hall.window.phase in BEFORE_OPENING:
            hall.window.replan(manifest)
        self._changed(hall)

    async def on_release(self, release: ExamRelease) -> None:
        """The secret, pushed. Raises `VaultRefused`."""
        await self._released(release.exam, release.secret, Source.PUSH)

    async def on_cancelled(self, order: ExamCancelled) -> None:
        """The exam does not take place."""
        await self._vault.cancel(order.exam)
        hall = self.halls.get(order.exam)
        if hall is not None:
            with contextlib.suppress(IllegalStep):
                hall.window.apply(Step.CANCEL)
            self._changed(hall)

    async def type_code(self, exam: ExamId, text: str) -> bool:
        """The code as a person typed it; False if it cannot be right."""
        try:
            await self._released(exam, check_release_text(text), Source.CODE)
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
        return [hall.progress() for hall in newest[:MOST_EXAMS]]

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
        for entry in past.entries:
            if entry.event.exam == hall.exam:
                hall.take(entry)
        for session in past.sessions:
            if session.exam == hall.exam:
                hall.recall(session)
        hall.opening = next((o for o in past.openings if o.exam == hall.exam), None)
        if hall.opening is not None:
            hall.window.opened = hall.opening.opened
            hall.window.phase = Phase.OPEN if hall.opening.closed_ns is None else Phase.CLOSED
            await self._open_papers(hall)
        if held.cancelled and hall.window.phase not in OVER:
            hall.window.apply(Step.CANCEL)
        self._admit(hall)

    def _admit(self, hall: Hall) -> None:
        self.halls[hall.exam] = hall
        self._wakes[hall.exam] = asyncio.Event()
        self._to_keep.put_nowait(hall)

    async def _keep(self, hall: Hall) -> None:
        """Walk a window to its end. A fault ends one step, never the window: the next look takes it up again."""
        while hall.window.phase not in OVER:
            try:
                await self._step(hall)
            except Exception:
                log.exception("window_step_failed", exam=hall.exam, phase=hall.window.phase)
                await asyncio.sleep(_RETRY_S[0])
        hall.tell_all(self.read())

    async def _step(self, hall: Hall) -> None:
        self._wakes[hall.exam].clear()
        if await self._prepare(hall):
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
        try:
            hall.keep_papers(await self._vault.papers(hall.exam))
        except VaultRefused as refused:
            log.error("paper_does_not_open", exam=hall.exam, code=refused.code)
            return False
        return True

    async def _open(self, hall: Hall) -> None:
        lo_ns, _ = self._clocks.centre.interval_ns()
        now = self.read()
        hall.window.apply(Step.MOMENT)
        hall.window.opened = anchor(now)
        hall.push_papers()
        _, hi_ns = self._clocks.centre.interval_ns()
        hall.opening = Opening(hall.exam, anchor(now), max(0, lo_ns), max(0, hi_ns))
        record = ExamOpened(exam=hall.exam, lo_ns=hall.opening.lo_ns, hi_ns=hall.opening.hi_ns, clock=now.state)
        hall.tell_all(now)
        # No answer can overtake this in the journal: it stands before them in the same queue.
        opening = hall.opening
        await self._until_written(lambda: self.journal.open_window(opening, record), hall)
        await self.mark_open(hall, hall.to_open())
        log.info(
            "exam_opened", exam=hall.exam, clock=now.state, late_ms=(now.centre_ns - hall.window.manifest.t0_ns) / 1e6
        )

    async def mark_open(self, hall: Hall, numbers: list[str]) -> None:
        """Write that these candidates have the paper before them; a disk that refuses refuses their answers too."""
        if numbers:
            with contextlib.suppress(JournalRefused):
                await self.journal.mark(self._marks(hall, numbers, EventKind.OPEN))

    async def _end_those_due(self, hall: Hall) -> None:
        ended = hall.to_close(self.read()) if hall.opening is not None else []
        if ended:
            drafts = self._marks(hall, ended, EventKind.CLOSE)
            await self._until_written(lambda: self.journal.mark(drafts), hall)
        if hall.opening is not None:
            hall.tell_over(self.read())

    def _marks(self, hall: Hall, numbers: list[str], kind: EventKind) -> list[Draft]:
        now = self.read()
        return [
            Draft(
                exam=hall.exam,
                candidate=number,
                kind=kind,
                at_ns=max(0, now.centre_ns),
                bound_ms=whole_ms(now),
                session="",
                client_seq=0,
                epoch=0,
            )
            for number in numbers
        ]

    async def _close(self, hall: Hall) -> None:
        await self._end_those_due(hall)
        hall.window.apply(Step.TIME_UP)
        at_ns = max(0, self.read().centre_ns)
        await self._until_written(lambda: self.journal.close_window(hall.exam, at_ns), hall)
        log.info("exam_closed", exam=hall.exam)

    async def _until_written(self, write: Callable[[], Awaitable[object]], hall: Hall) -> None:
        while True:
            try:
                await write()
                return
            except JournalRefused as refused:
                log.error("journal_refuses", exam=hall.exam, code=refused.code)
                await asyncio.sleep(_RETRY_S[0])

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
        wait_s = _LONGEST_PAUSE_S if wait_ns is None else wait_ns / 1e9
        early_s = self._spin_ns / 1e9 if opening else 0.0
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(max(0.001, min(_LONGEST_PAUSE_S, wait_s - early_s))):
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

    async def _fetch_papers(self, hall: Hall) -> None:
        """Fetch what a plan names, again whenever a newer plan names more."""
        attempt = 0
        while hall.window.phase in BEFORE_OPENING:
            pause_s = _LONGEST_PAUSE_S
            if hall.held.missing:
                attempt = 0 if await self._fetch_one(hall, hall.held.missing[0]) else attempt + 1
                pause_s = _RETRY_S[min(attempt - 1, len(_RETRY_S) - 1)] if attempt else 0.0
            await asyncio.sleep(pause_s)

    async def _fetch_one(self, hall: Hall, digest: bytes) -> bool:
        try:
            await self._vault.keep_paper(digest, await self._source.fetch(digest))
        except (DownloadFailed, VaultRefused) as fault:
            log.warning("paper_not_fetched", exam=hall.exam, reason=str(fault))
            return False
        rest = [d for d in hall.held.missing if d != digest]
        hall.held = msgspec.structs.replace(hall.held, missing=rest)
        self._changed(hall)
        return True
