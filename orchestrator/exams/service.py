"""Conducts exams: orders from people, steps that time brings, pushes to the sites. All of it survives a restart:
the stage stands in SQL, and `step` does whatever is due."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial

import msgspec
import structlog

from orchestrator.clock import Clock
from orchestrator.errors import Refused
from orchestrator.exams import release_store, store
from orchestrator.exams.choice import ExamKind
from orchestrator.exams.delivery import Deliveries
from orchestrator.exams.events import ExamMoved
from orchestrator.exams.intake import Intake
from orchestrator.exams.marking import Made, asked_by_code, mark_exam
from orchestrator.exams.model import (
    ORDERS,
    SECOND,
    Action,
    Exam,
    IllegalStep,
    Stage,
    due,
    finish_ns,
    is_closed,
    is_given_up,
)
from orchestrator.exams.packing import Packing
from orchestrator.exams.papers import Stored
from orchestrator.exams.planning import ExamWish, draft
from orchestrator.exams.ports import Links, Rosters, Trail
from orchestrator.exams.pushing import Pushing
from orchestrator.exams.sealing import Sealer
from orchestrator.exams.store import Connection
from orchestrator.links.events import SiteLinked
from orchestrator.live.port import Bus, Lagged
from orchestrator.storage.engine import Database
from wire.ids import ExamId, ExamState, PersonId, SiteId, new_id
from wire.messages import ExamProgress

log = structlog.get_logger()

TICK_S = 1.0
LOOK_BACK_NS = 7 * 24 * 3600 * SECOND
"""How long after T0 late uploads are marked by themselves; later ones wait for the order to mark."""

MARK_AGAIN_NS = 10 * SECOND
"""Late uploads are gathered this long before the exam is marked once more."""


KEPT_MARKS = 20_000
"""Candidates whose sheets stay in memory, about 3 kB each; only of the exam that was marked last."""

Keep = Callable[[Connection], None]
Freeze = Callable[[Exam, str], Awaitable[Keep]]


class Exams:
    """The conductor of all exams in this process; several processes may run one each, versions keep them apart."""

    def __init__(
        self, database: Database, bus: Bus, clock: Clock, links: Links, rosters: Rosters, trail: Trail, sealer: Sealer
    ) -> None:
        self._database = database
        self._bus = bus
        self._clock = clock
        self._rosters = rosters
        self._trail = trail
        self._sealer = sealer
        self._links = links
        self._deliveries = Deliveries(links)
        self._pushing = Pushing(database, bus, clock, self._deliveries, sealer)
        self.packing = Packing(database, clock, rosters, trail, sealer)
        self.intake = Intake(database, bus, clock, self._noted)
        """What the record stream brings of exams."""
        self._progress: dict[SiteId, dict[ExamId, ExamProgress]] = {}
        self._turn = asyncio.Lock()
        self._wake = asyncio.Event()
        self._late: dict[ExamId, int] = {}
        """When to mark again what answers came in for."""
        self._next_ns: int | None = None
        self._made: tuple[ExamId, Made] | None = None
        self.after_push: Callable[[Exam], None] | None = None
        """Hears of every exam after its pushes, at each step; in the turn of all exams, so it must not wait."""
        self.release_hosts: tuple[str, ...] = ()
        """Where copies of the release stand, for exams that name no others."""
        self.on_publish: Freeze | None = None
        """Makes what is kept of a publication, in the transaction that publishes."""

    # --- people ---------------------------------------------------------------------------------------------------

    async def create(self, by: str, who: PersonId | None, wish: ExamWish, *, kind: ExamKind = ExamKind.EXAM) -> Exam:
        """Plan an exam; it stays a draft until sealed. Refuses what cannot be held."""
        sites = [standing.site.id for standing in await self._rosters.sites()]
        now = self._clock.now_ns()
        exam = draft(
            wish, sites, now_ns=now, identity=ExamId(new_id("exam")), seed=secrets.token_bytes(32), who=who,
            hosts=self.release_hosts, kind=kind,
        )  # fmt: skip
        if wish.spares:
            spare = await self._rosters.spare_sites(by, wish.spares)
            exam = msgspec.structs.replace(exam, sites=tuple(sorted({*exam.sites, *spare})))

        def work(conn: Connection) -> None:
            store.insert(conn, exam)
            release_store.keep_officers(conn, exam.id, [(one.name, one.phone) for one in wish.officers])
            self._trail.record(conn, by, "exam.planned", exam.id, {"sites": len(exam.sites)})

        await self._database.write(work)
        return exam

    async def order(self, by: str, exam_id: ExamId, action: Action) -> Exam:
        """Seal, arm, cancel, mark or publish. Refuses `illegal_step` (409), and what this step needs."""
        if action not in ORDERS:
            raise Refused("not_an_order", f"{action} xảy ra theo giờ, không theo lệnh. / {action} comes with time.")
        return await self._in_turn(exam_id, lambda exam: self._ordered(by, exam, action))

    async def change(self, exam_id: ExamId, work: Callable[[Exam], Callable[[Connection], None]]) -> Exam:
        """Change an exam in its turn: `work` looks at it and gives what to write. Refuses `illegal_step`, `stale`."""

        async def changed(exam: Exam) -> Exam:
            await self._database.write(work(exam))
            now = await self.exam(exam.id)
            await self._told(now)
            return now

        return await self._in_turn(exam_id, changed)

    async def _in_turn(self, exam_id: ExamId, deed: Callable[[Exam], Awaitable[Exam]]) -> Exam:
        async with self._turn:
            exam = await self.exam(exam_id)
            try:
                moved = await deed(exam)
            except IllegalStep as fault:
                raise Refused("illegal_step", f"Không làm được lúc này ({fault}). / Not possible now.", 409) from fault
            except store.Stale as fault:
                raise Refused(
                    "stale", "Kỳ thi vừa thay đổi, hãy thử lại. / It just changed, try again.", 409
                ) from fault
        await self.step()
        return moved

    async def exam(self, exam_id: ExamId) -> Exam:
        """One exam; refuses `no_such_exam`."""
        exam = await self._database.read(lambda conn: store.find(conn, exam_id))
        if exam is None:
            raise Refused("no_such_exam", "Không có kỳ thi này. / No such exam.", 404)
        return exam

    async def _ordered(self, by: str, exam: Exam, action: Action) -> Exam:
        if action is Action.SEAL:
            sealed = await self.packing.seal(by, exam)
            await self._told(sealed)
            return sealed
        if action is Action.ARM:
            await self._may_arm(exam)
        if action is Action.PUBLISH and exam.kind is ExamKind.REHEARSAL:
            raise Refused("rehearsal", "Buổi thi thử không có kết quả. / A rehearsal has no results.", 409)
        return await self._move(exam, action, by)

    async def _may_arm(self, exam: Exam) -> None:
        if self._clock.now_ns() >= exam.t0_ns:
            raise Refused("too_late", "Đã quá giờ bắt đầu. / The start has passed.", 409)
        without = [
            one.name
            for one in await self._database.read(lambda conn: release_store.officers(conn, exam.id))
            if one.printed_ns is None
        ]
        if without:
            message = f"Chưa in phiếu giữ mã cho {', '.join(without)}. / Not every officer has a slip."
            raise Refused("slips_not_printed", message, 409)

    async def chosen(self, exam: Exam) -> list[Stored]:
        """The questions that a draft asks as the bank stands now, with their images; refuses `too_few_questions`."""
        return await self.packing.chosen(exam)

    # --- time -----------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Conduct until cancelled."""
        self.intake.begin()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._watch_links())
            tasks.create_task(self._conduct())

    async def step(self) -> None:
        """Do whatever is due now: steps of every exam, pushes, marks after late uploads, conflicts to tell."""
        async with self._turn:
            self._next_ns = None
            since = self._clock.now_ns() - LOOK_BACK_NS
            for exam in await self._database.read(partial(store.watched, since_ns=since)):
                try:
                    await self._advance(exam)
                except store.Stale:
                    continue
                except Exception:
                    # One exam's fault must not keep the others from opening.
                    log.exception("exam_step_failed", exam=exam.id, stage=exam.stage.value)
            await self.intake.tell()

    async def _conduct(self) -> None:
        # What came in while we were down is not in memory: mark once more whatever stands marked.
        since = self._clock.now_ns() - LOOK_BACK_NS
        for exam in await self._database.read(partial(store.watched, since_ns=since)):
            self._late.setdefault(exam.id, self._clock.now_ns())
        while True:
            self._wake.clear()
            try:
                await self.step()
            except Exception:
                log.exception("exams_step_failed")
            with suppress(TimeoutError):
                async with asyncio.timeout(self._pause_s()):
                    await self._wake.wait()

    def _pause_s(self) -> float:
        if self._next_ns is None:
            return TICK_S
        return min(TICK_S, max(0.0, (self._next_ns - self._clock.now_ns()) / 1e9))

    async def _advance(self, exam: Exam) -> None:
        while True:
            closing = exam.stage is Stage.CLOSING
            windows = await self._database.read(partial(store.windows, exam=exam.id, seats=closing))
            step = due(exam, windows)
            if step is None or step[1] > self._clock.now_ns():
                break
            exam = await self._move(exam, step[0])
            await self._pushing.push(exam)
        if step is not None:
            self._next_ns = step[1] if self._next_ns is None else min(self._next_ns, step[1])
        late = self._late.get(exam.id)
        if exam.stage is Stage.MARKED and late is not None and late <= self._clock.now_ns():
            exam = await self._move(exam, Action.MARK)
        await self._pushing.push(exam)
        if self.after_push is not None:
            self.after_push(exam)

    async def _move(self, exam: Exam, action: Action, by: str = "") -> Exam:
        if action is Action.MARK:
            return await self._mark(exam, by)
        keep = await self.on_publish(exam, by) if action is Action.PUBLISH and self.on_publish else None

        def work(conn: Connection) -> Exam:
            if keep is not None:
                keep(conn)
            detail: dict[str, object] = {}
            if action is Action.FINISH:
                # A protocol may have been taken back since we looked: the key is free once and for ever.
                windows = store.windows(conn, exam.id, seats=True)
                if finish_ns(exam, windows) > self._clock.now_ns():
                    raise store.Stale
                by_protocol = [one.site for one in windows if not is_closed(one) and is_given_up(exam, one)]
                detail = {"by_protocol": by_protocol} if by_protocol else {}
            self._trail.record(conn, by or "centre", f"exam.{action}", exam.id, detail or "")
            return store.move(conn, exam, action)

        moved = await self._database.write(work)
        await self._told(moved)
        return moved

    async def _mark(self, exam: Exam, by: str) -> Exam:
        asked_for = self._late.pop(exam.id, None) is not None
        try:
            return await self._marked(exam, by)
        except BaseException:
            if asked_for:  # and not answered
                self._late.setdefault(exam.id, self._clock.now_ns() + MARK_AGAIN_NS)
            raise

    async def _marked(self, exam: Exam, by: str) -> Exam:
        asked = await asked_by_code(self._database, self._sealer, exam.id)
        key, marked = await mark_exam(self._database, exam, asked)

        def work(conn: Connection) -> Exam:
            moved = store.move(conn, exam, Action.MARK)
            store.replace_marks(conn, exam.id, key, marked)
            self._trail.record(conn, by or "centre", "exam.mark", exam.id, {"key": key.version, "sheets": len(marked)})
            return moved

        moved = await self._database.write(work)
        # Statistics are asked for next, of the same answers; of a larger exam they are read once more.
        self._made = (exam.id, (key, marked)) if len(marked) <= KEPT_MARKS else None
        await self._told(moved)
        return moved

    def made(self, exam_id: ExamId) -> Made | None:
        """The key and the sheets that the marks of this exam were made from, as long as they are in memory."""
        return self._made[1] if self._made is not None and self._made[0] == exam_id else None

    async def _told(self, exam: Exam) -> None:
        log.info("exam_moved", exam=exam.id, stage=exam.stage.value)
        await self._bus.publish(ExamMoved(exam.id, exam.title, exam.stage.value, self._clock.now_ns()))

    # --- sites ----------------------------------------------------------------------------------------------------

    async def note_progress(self, site: SiteId, told: Sequence[ExamProgress]) -> None:
        """For heartbeats: where the site stands. Any word but MISSING means that it has plan and papers."""
        heard, now = self._progress.get(site), {progress.exam: progress for progress in told}
        before = heard or {}
        self._progress[site] = now
        if heard is not None:  # one word alone may have been on its way when we sent
            self._deliveries.doubt(site, heard, now)
        for progress in told:
            earlier = before.get(progress.exam)
            was_missing = earlier is None or earlier.state is ExamState.MISSING
            if was_missing and progress.state is not ExamState.MISSING:
                await self._pushing.note_package(progress.exam, [site], "ready")

    def progress(self, exam: ExamId, site: SiteId) -> ExamProgress | None:
        """What the site last said of the exam."""
        return self._progress.get(site, {}).get(exam)

    def now_ns(self) -> int:
        """Centre time."""
        return self._clock.now_ns()

    def linked(self) -> frozenset[SiteId]:
        """The sites whose link stands."""
        return self._links.linked()

    def site_linked(self, site: SiteId, *, resumed: bool) -> None:
        """A site's link stands; push again what it should hold unless the link only resumed."""
        if not resumed:
            self._deliveries.forget(site)
        self._wake.set()

    async def _watch_links(self) -> None:
        while True:
            self._deliveries.forget_all()
            self._wake.set()
            with suppress(Lagged):
                async with self._bus.subscribe(SiteLinked) as events:
                    async for event in events:
                        if isinstance(event, SiteLinked):
                            self.site_linked(event.site, resumed=event.resumed)

    def look(self) -> None:
        """What time brings next may have changed: look again at once."""
        self._wake.set()

    def again(self, exam: ExamId) -> None:
        """Something that the marks follow from has changed: mark soon."""
        self._late[exam] = self._clock.now_ns()
        self._wake.set()

    def _noted(self, exam: ExamId, moved: bool) -> None:  # noqa: FBT001  (what the intake tells)
        self._late.setdefault(exam, self._clock.now_ns() + MARK_AGAIN_NS)
        if moved:
            self._wake.set()  # what candidates do waits for the next tick: thousands of answers come in a second
