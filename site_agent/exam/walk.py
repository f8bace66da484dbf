"""Walks the window of each exam through its steps: what is due by `window.py` is done, written down and shown."""

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable

import structlog

from site_agent.exam.clocks import SiteClocks
from site_agent.exam.hall import Hall
from site_agent.exam.journal import Journal, JournalRefused
from site_agent.exam.ledger import Opening
from site_agent.exam.opened import MOST_READY
from site_agent.exam.openings import Openings, desk_marks
from site_agent.exam.reserve import roster_code
from site_agent.exam.vault import Vault, VaultRefused
from site_agent.exam.window import OVER, Phase, Step, anchor
from wire.chain import EventKind
from wire.ids import ExamId

SPIN_NS = 2_000_000
"""How long before the opening the loop stops sleeping and watches the clock: a timer may be this late."""

LONGEST_PAUSE_S = 1.0
"""How long a window that nothing happens to goes without a look at the clocks: they may be set anew meanwhile."""
_RETRY_S = 1.0
_REST_S = 60.0
_FEW = 64

log = structlog.get_logger()


class WindowWalk:
    """`admit` each hall once, then `keep` it in a task of its own until cancelled."""

    def __init__(
        self,
        vault: Vault,
        journal: Journal,
        openings: Openings,
        clocks: SiteClocks,
        *,
        spin_ns: int = SPIN_NS,
        longest_pause_s: float = LONGEST_PAUSE_S,
    ) -> None:
        self._vault = vault
        self._journal = journal
        self._openings = openings
        self._clocks = clocks
        self._spin_ns = spin_ns
        self._longest_pause_s = longest_pause_s
        self._wakes: dict[ExamId, asyncio.Event] = {}
        self._wanting: set[ExamId] = set()
        self.turning: set[ExamId] = set()
        """Exams that go over to the reserve paper: their windows take no step meanwhile."""
        self._ends: Callable[[float], None] = _nobody

    def on_end(self, hear: Callable[[float], None]) -> None:
        """Who hears that a window ends now, and for how many seconds what it leaves may wait on its way to the centre:
        drawn anew each time, up to the plan's `upload_jitter_s`."""
        self._ends = hear

    def admit(self, exam: ExamId) -> None:
        """A window will be kept."""
        self._wakes[exam] = asyncio.Event()

    def wake(self, exam: ExamId) -> None:
        """Something changed: the window looks at once."""
        self._wakes[exam].set()

    async def keep(self, hall: Hall) -> None:
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
        hall.tell_all(self._clocks.read())
        while hall.window.phase in OVER:
            self._wakes[hall.exam].clear()
            await self._narrow(hall)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_REST_S):
                    await self._wakes[hall.exam].wait()

    async def _step(self, hall: Hall) -> None:
        self._wakes[hall.exam].clear()
        if hall.exam in self.turning:
            # The turn stands in the journal before anything of the reserve paper does.
            await self._wakes[hall.exam].wait()
            return
        while await self._prepare(hall):
            # Paper and secret may both be here by now: the second step must not wait for another word.
            hall.tell_all(self._clocks.read())
        step = hall.window.due(self._clocks.read())
        if step is Step.MOMENT:
            await self._open(hall)
        elif step is Step.TIME_UP:
            await self._close(hall)
        elif step is not None:
            hall.window.apply(step)
        else:
            await self._end_those_due(hall)
            await self._narrow(hall)
            self._tell_wanting(hall)
            await self._pause(hall)

    async def _prepare(self, hall: Hall) -> bool:
        """The steps that do not wait for a moment: package complete, secret here. True if there was one."""
        if hall.window.phase is Phase.WAITING and not hall.held.missing:
            hall.window.apply(Step.PACKAGE)
            return True
        if hall.window.phase is Phase.SEALED and hall.held.secret is not None:
            hall.window.release = hall.held.release
            if await self.open_papers(hall):
                hall.window.apply(Step.SECRET)
                return True
        return False

    async def open_papers(self, hall: Hall) -> bool:
        turned = hall.held.turned
        try:
            papers = await self._vault.papers(hall.exam)
            if hall.held.turned is not turned:
                return False  # the reserve has come meanwhile: these are not to be shown any more
            by_code = {roster_code(code): paper for code, paper in papers.items()} if hall.held.turned else papers
            hall.papers.keep(by_code, hall.held.manifest.plan.shuffle)
            for number in list(hall.pages)[:MOST_READY]:
                hall.make_ready(number)
        except VaultRefused as refused:
            log.error("paper_does_not_open", exam=hall.exam, code=refused.code)
            return False
        return True

    async def _open(self, hall: Hall) -> None:
        lo_ns, _ = self._clocks.centre.interval_ns()
        now = self._clocks.read()
        hall.window.apply(Step.MOMENT)
        hall.window.opened = anchor(now) if hall.earlier is None else hall.earlier.opened
        waiting = list(hall.pages)
        first = waiting if hall.papers.shared else waiting[:MOST_READY]
        hall.push_papers(first)
        _, hi_ns = self._clocks.centre.interval_ns()
        hall.opening = hall.earlier or Opening(hall.exam, anchor(now), max(0, lo_ns), max(0, hi_ns))
        hall.tell_all(now)
        # No answer can overtake this in the journal: it stands before them in the same queue.
        opening = hall.opening
        await self.until_written(lambda: self._openings.opened(hall, opening, now.state), hall)
        await self._hand_out(hall, waiting[len(first) :])
        await self.mark_open(hall, hall.to_open())
        log.info(
            "exam_opened", exam=hall.exam, clock=now.state, late_ms=(now.centre_ns - hall.window.manifest.t0_ns) / 1e6
        )

    async def _hand_out(self, hall: Hall, numbers: list[str]) -> None:
        """Papers that were not ready: a few at a time, so that these are on their way before the next take memory."""
        for start in range(0, len(numbers), _FEW):
            if hall.allowance.stop is None:  # else everybody is handed theirs when the clock goes on
                hall.push_papers(numbers[start : start + _FEW])
            await asyncio.sleep(0)

    async def mark_open(self, hall: Hall, numbers: list[str]) -> None:
        """Write that these candidates have the paper before them; a disk that refuses refuses their answers too."""
        kinds = (EventKind.SWITCH, EventKind.OPEN) if hall.held.turned else (EventKind.OPEN,)
        if numbers:
            now = self._clocks.read()
            with contextlib.suppress(JournalRefused):
                await self._journal.mark([draft for kind in kinds for draft in desk_marks(hall, numbers, kind, now)])

    async def _end_those_due(self, hall: Hall) -> None:
        ended = hall.to_close(self._clocks.read()) if hall.opening is not None else []
        if ended:
            drafts = desk_marks(hall, ended, EventKind.CLOSE, self._clocks.read())
            await self.until_written(lambda: self._journal.mark(drafts), hall)
        if hall.opening is not None:
            hall.tell_over(self._clocks.read())

    async def _close(self, hall: Hall) -> None:
        self._ends(random.uniform(0.0, hall.held.manifest.plan.upload_jitter_s))
        await self._end_those_due(hall)
        hall.window.apply(Step.TIME_UP)
        at_ns = max(0, self._clocks.read().centre_ns)
        await self.until_written(lambda: self._openings.closed(hall, at_ns), hall)
        log.info("exam_closed", exam=hall.exam)

    async def until_written(self, write: Callable[[], Awaitable[object]], hall: Hall) -> None:
        while True:
            try:
                await write()
                return
            except JournalRefused as refused:
                log.error("journal_refuses", exam=hall.exam, code=refused.code)
                await asyncio.sleep(_RETRY_S)

    def _tell_wanting(self, hall: Hall) -> None:
        """The moment came without the secret, or nobody knows any more (or again) when it comes: pages say so."""
        now = self._clocks.read()
        if hall.wants_code(now) is not (hall.exam in self._wanting):
            self._wanting ^= {hall.exam}
            hall.tell_all(now)

    async def _pause(self, hall: Hall) -> None:
        """Until something changes or the next moment is near; the last stretch before an opening is watched."""
        now = self._clocks.read()
        waits = [hall.window.wait_ns(now), hall.next_end_ns(now)]
        wait_ns = min((w for w in waits if w is not None), default=None)
        opening = hall.window.phase is Phase.ARMED and wait_ns is not None
        if opening and wait_ns is not None and wait_ns <= self._spin_ns:
            while hall.window.due(self._clocks.read()) is None and hall.window.phase is Phase.ARMED:
                pass
            return
        wait_s = self._longest_pause_s if wait_ns is None else wait_ns / 1e9
        early_s = self._spin_ns / 1e9 if opening else 0.0
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(max(0.001, min(self._longest_pause_s, wait_s - early_s))):
                await self._wakes[hall.exam].wait()

    async def _narrow(self, hall: Hall) -> None:
        with contextlib.suppress(JournalRefused):
            if await self._openings.narrow(hall, self._clocks.read()):
                log.info("exam_opening_placed", exam=hall.exam)


def _nobody(_: float) -> None:
    return
