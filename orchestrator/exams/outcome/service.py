"""What people do after the close: close a silent site by protocol, set bands, revise the key, publish. All audited."""

import asyncio
from collections.abc import Sequence

import msgspec

from orchestrator.clock import Clock
from orchestrator.errors import Refused
from orchestrator.exams import closing_store, outcome_store, store
from orchestrator.exams.bands import Scheme, VoidRule, faults, lowest_counts
from orchestrator.exams.marking import Read, asked_by_code, mark_all, read_exam
from orchestrator.exams.marks import Key
from orchestrator.exams.model import KEY_FREE, Action, Exam, SiteWindow, Stage, is_closed, may_give_up_ns
from orchestrator.exams.outcome.frozen import Publication, freeze
from orchestrator.exams.outcome.reckoning import Reckoning
from orchestrator.exams.outcome.reconcile import MS, Closed, Closing, Reconciliation
from orchestrator.exams.outcome.rekey import (
    LONGEST_REASON,
    Difference,
    ItemChange,
    Proposal,
    ProposalState,
    check_changes,
    difference,
    revised,
)
from orchestrator.exams.outcome.waiting import Waiting
from orchestrator.exams.outcome_store import KeyVersion
from orchestrator.exams.ports import Trail
from orchestrator.exams.sealing import Sealer
from orchestrator.exams.service import Exams, Keep
from orchestrator.exams.store import Connection
from orchestrator.storage.engine import Database
from wire.ids import ExamId, ExamState, ItemId, OptionId, SiteId


class Marking(msgspec.Struct, frozen=True):
    """Everything that turns events into marks, and what it was before. `begins`: items right from which a band
    begins; `editable`: whether bands may still be changed."""

    scheme: Scheme
    scheme_version: int
    editable: bool
    maximum: int
    begins: dict[str, int]
    key_version: int
    versions: list[KeyVersion]
    proposals: list[Proposal]
    publications: list[Publication]


TRAIL_REASON = 300
"""Letters of a reason that stand in the audit trail."""


class Outcome:
    """The deeds; `reckoning` is told of each."""

    def __init__(
        self, database: Database, clock: Clock, exams: Exams, reckoning: Reckoning, trail: Trail, sealer: Sealer
    ) -> None:
        self._database = database
        self._clock = clock
        self._exams = exams
        self._reckoning = reckoning
        self._trail = trail
        self._sealer = sealer
        self._turn = asyncio.Lock()
        exams.on_publish = self._frozen

    # --- reconciliation ---------------------------------------------------------------------------------------------

    async def reconciliation(self, exam_id: ExamId) -> Reconciliation:
        """All sites of an exam, the worst first."""
        return await self._reckoning.reconciliation(await self._exams.exam(exam_id))

    async def waiting(self, exam_id: ExamId) -> Waiting:
        """Which sites the results wait for while the exam is closing, and until when at the latest."""
        return await self._reckoning.waiting(await self._exams.exam(exam_id))

    async def close_site(
        self, by: str, exam_id: ExamId, site: SiteId, how: Closed, present: int, reason: str
    ) -> Reconciliation:
        """Close a site by protocol, or take that back (REOPENED). While results wait for sites (CLOSING) that says that
        nobody sits there any more: they wait for this one no longer. Refuses `not_over` while the exam or that site
        runs, `still_open` where it is linked and says that it is open, `site_closed` where results do not wait for it,
        `moved_on` when they began meanwhile, `no_reason`, `no_such_site`, `already_complete`."""
        exam = await self._exams.exam(exam_id)
        told = _reason(reason)
        if exam.stage not in {Stage.CLOSING, *KEY_FREE}:
            raise Refused("not_over", "Bài thi chưa kết thúc. / The exam is not over yet.", 409)
        known = {one.site: one for one in (await self._reckoning.reconciliation(exam)).sites}
        if site not in known:
            raise Refused("no_such_site", "Điểm cầu này không thi kỳ này. / No such site in this exam.", 404)
        # Whose every candidate handed in is waited for all the same until it tells its closing.
        waits = exam.stage is Stage.CLOSING and known[site].closed_ms is None
        if not known[site].why and not waits and how is not Closed.REOPENED:
            raise Refused("already_complete", "Điểm cầu này đã đủ bài. / Everything of this site came.", 409)
        if not 0 <= present <= known[site].registered:
            raise Refused("bad_count", "Số người có mặt phải từ 0 đến số đăng ký. / Impossible number present.", 422)
        now = self._clock.now_ns()

        if exam.stage is Stage.CLOSING and how is not Closed.REOPENED:
            self._not_open(exam_id, site)

        def work(conn: Connection) -> None:
            if exam.stage is Stage.CLOSING:
                _still_closing(store.find(conn, exam_id))
                if how is not Closed.REOPENED:
                    _may_give_up(exam, next(one for one in store.windows(conn, exam_id) if one.site == site), now)
            closing_store.keep_closing(conn, exam_id, site, Closing(how, present, told, by, now // MS), now)
            detail = {"site": site, "how": how, "present": present, "reason": told[:TRAIL_REASON], "stage": exam.stage}
            self._trail.record(conn, by, "exam.site_closing", exam_id, detail)

        await self._database.write(work)
        self._reckoning.forget(exam_id)
        if exam.stage is Stage.CLOSING:
            self._exams.look()
        return await self._reckoning.reconciliation(exam)

    def _not_open(self, exam_id: ExamId, site: SiteId) -> None:
        progress = self._exams.progress(exam_id, site)
        if site in self._exams.linked() and progress is not None and progress.state is ExamState.OPEN:
            message = (
                "Điểm cầu này đang nối và còn làm bài: giám thị kết thúc tại đó. / This site says that it is open."
            )
            raise Refused("still_open", message, 409)

    # --- bands ------------------------------------------------------------------------------------------------------

    async def marking(self, exam_id: ExamId) -> Marking:
        """How this exam is marked, and every version of it."""
        exam = await self._exams.exam(exam_id)
        version, scheme = await self._database.read(lambda conn: outcome_store.scheme(conn, exam_id))
        versions = await self._database.read(lambda conn: outcome_store.key_versions(conn, exam_id))
        proposals = await self._database.read(lambda conn: outcome_store.proposals(conn, exam_id))
        publications = await self._database.read(lambda conn: outcome_store.publications(conn, exam_id))
        maximum = await self._maximum(exam)
        return Marking(
            scheme=scheme,
            scheme_version=version,
            editable=_bands_open(exam),
            maximum=maximum,
            begins=lowest_counts(scheme, maximum),
            key_version=versions[-1].version if versions else 0,
            versions=versions,
            proposals=proposals if exam.stage in KEY_FREE else [],
            publications=publications,
        )

    async def set_scheme(self, by: str, exam_id: ExamId, scheme: Scheme) -> Marking:
        """Other bands, before anything is published. Refuses `bad_bands` with every fault, `published`."""
        exam = await self._exams.exam(exam_id)
        if told := faults(scheme):
            raise Refused("bad_bands", "; ".join(told).capitalize() + ". / These bands cannot be used.", 422)
        if not _bands_open(exam):
            raise Refused("published", "Đã công bố: không đổi mức xếp loại được nữa. / Already published.", 409)

        def work(conn: Connection) -> None:
            if outcome_store.publications(conn, exam_id):
                raise Refused("published", "Đã công bố: không đổi mức xếp loại được nữa. / Already published.", 409)
            version = outcome_store.keep_scheme(conn, exam_id, scheme, by, self._clock.now_ns())
            self._trail.record(conn, by, "exam.bands", exam_id, {"version": version})

        await self._database.write(work)
        self._reckoning.forget(exam_id)
        return await self.marking(exam_id)

    async def _maximum(self, exam: Exam) -> int:
        if exam.stage is Stage.DRAFT:
            return exam.questions
        asked = await asked_by_code(self._database, self._sealer, exam.id)
        key = await self._database.read(lambda conn: store.newest_key(conn, exam.id))
        return max((key.maximum_of(items) for items in asked.values()), default=key.maximum)

    # --- the key ----------------------------------------------------------------------------------------------------

    async def propose(
        self, by: str, exam_id: ExamId, changes: Sequence[ItemChange], void: VoidRule, reason: str
    ) -> tuple[Proposal, Difference]:
        """Wish for another key and see what it would do; nothing changes yet. Refuses `bad_key_change`,
        `too_many_void`, `no_reason`, and `results_not_ready` before the exam is marked."""
        exam = await self._marked(exam_id)
        told = _reason(reason)
        key = await self._database.read(lambda conn: store.newest_key(conn, exam_id))
        _, scheme = await self._database.read(lambda conn: outcome_store.scheme(conn, exam_id))
        options, most = await self._options(exam)
        check_changes(key, changes, options, msgspec.structs.replace(scheme, void=void), most)
        now = self._clock.now_ns()
        wish = Proposal(0, exam_id, key.version, list(changes), void, told, by, now // MS)
        found = await self._difference(exam, key, wish)

        def work(conn: Connection) -> int:
            made = outcome_store.propose(conn, wish, now)
            self._trail.record(
                conn, by, "exam.key_proposed", exam_id, {"proposal": made, "items": len(changes), "rule": void}
            )
            return made

        return msgspec.structs.replace(wish, id=await self._database.write(work)), found

    async def preview(self, exam_id: ExamId, proposal: int) -> tuple[Proposal, Difference]:
        """A proposal and what it does, or did, to the key it revises; refuses `no_such_proposal`."""
        exam = await self._marked(exam_id)
        wish = await self._proposal(exam_id, proposal)
        key = await self._database.read(lambda conn: outcome_store.key_of(conn, exam_id, wish.base_version))
        return wish, await self._difference(exam, key, wish)

    async def apply(self, by: str, exam_id: ExamId, proposal: int) -> Proposal:
        """Make the proposed key the one in force and mark again. One approval, by another person than the one who
        asked: refuses `same_person`; also `not_open`, and `stale` when another key came in between."""
        async with self._turn:
            await self._marked(exam_id)
            wish = await self._proposal(exam_id, proposal)
            if wish.who == by:
                message = "Người đề nghị không tự duyệt được: cần một người khác. / Somebody else must approve."
                raise Refused("same_person", message, 409)
            await self._database.write(lambda conn: self._apply(conn, by, wish))
            try:
                await self._exams.order(by, exam_id, Action.MARK)
            except BaseException:
                self._exams.again(exam_id)  # the key is in force: the conductor marks by it
                raise
            self._reckoning.forget(exam_id)
            return await self._proposal(exam_id, proposal)

    def _apply(self, conn: Connection, by: str, wish: Proposal) -> None:
        now = self._clock.now_ns()
        key = store.newest_key(conn, wish.exam)
        if key.version != wish.base_version:
            raise Refused("stale", "Đáp án đã đổi sau đề nghị này: hãy đề nghị lại. / The key changed since.", 409)
        made = revised(key, wish.changes, wish.void)
        if not outcome_store.decide(conn, wish.id, ProposalState.APPLIED, by, now, made.version):
            raise Refused("not_open", "Đề nghị này đã được xử lý. / Already settled.", 409)
        store.keep_key(conn, wish.exam, made, now)
        self._trail.record(
            conn, by, "exam.key_revised", wish.exam, {"proposal": wish.id, "key": made.version, "asked_by": wish.who}
        )

    async def withdraw(self, by: str, exam_id: ExamId, proposal: int) -> Proposal:
        """Drop a proposal; refuses `not_open`."""
        wish = await self._proposal(exam_id, proposal)

        def work(conn: Connection) -> None:
            if not outcome_store.decide(conn, wish.id, ProposalState.WITHDRAWN, by, self._clock.now_ns()):
                raise Refused("not_open", "Đề nghị này đã được xử lý. / Already settled.", 409)
            self._trail.record(conn, by, "exam.key_withdrawn", exam_id, {"proposal": wish.id})

        await self._database.write(work)
        return await self._proposal(exam_id, proposal)

    async def _difference(self, exam: Exam, key: Key, wish: Proposal) -> Difference:
        _, scheme = await self._database.read(lambda conn: outcome_store.scheme(conn, exam.id))
        asked = await asked_by_code(self._database, self._sealer, exam.id)
        read = await read_exam(self._database, exam)

        def compare(read: Read) -> Difference:
            after = mark_all(read, revised(key, wish.changes, wish.void), asked)
            return difference(mark_all(read, key, asked), after, scheme)

        return await asyncio.to_thread(compare, read)

    async def _options(self, exam: Exam) -> tuple[dict[ItemId, list[OptionId]], int]:
        """The options of every item, and how many items the longest paper has."""
        sealed = await self._database.read(lambda conn: store.papers(conn, exam.id))

        def opened() -> tuple[dict[ItemId, list[OptionId]], int]:
            papers = [self._sealer.paper(exam.id, paper) for paper in sealed]
            options = {item.id: [option.id for option in item.options] for paper in papers for item in paper.items}
            return options, max((len(paper.items) for paper in papers), default=0)

        return await asyncio.to_thread(opened)

    async def _proposal(self, exam_id: ExamId, proposal: int) -> Proposal:
        found = await self._database.read(lambda conn: outcome_store.proposals(conn, exam_id))
        for one in found:
            if one.id == proposal:
                return one
        raise Refused("no_such_proposal", "Không có đề nghị này. / No such proposal.", 404)

    async def _marked(self, exam_id: ExamId) -> Exam:
        exam = await self._exams.exam(exam_id)
        if exam.stage not in {Stage.MARKED, Stage.PUBLISHED}:
            raise Refused("results_not_ready", "Bài thi chưa được chấm. / Not marked yet.", 409)
        return exam

    # --- publications -----------------------------------------------------------------------------------------------

    async def _frozen(self, exam: Exam, by: str) -> Keep:
        told = await self._reckoning.results(exam)
        _, scheme = await self._database.read(lambda conn: outcome_store.scheme(conn, exam.id))
        frozen = await asyncio.to_thread(freeze, told, told.key_version, scheme)

        def keep(conn: Connection) -> None:
            version = outcome_store.publish(conn, exam.id, frozen, by, self._clock.now_ns())
            self._trail.record(conn, by, "exam.published", exam.id, {"version": version, "digest": frozen.digest.hex()})
            self._reckoning.forget(exam.id)

        return keep


def _still_closing(exam: Exam | None) -> None:
    if exam is None or exam.stage is not Stage.CLOSING:
        message = "Kết quả vừa bắt đầu chấm: không đổi được nữa. / Marking has just begun."
        raise Refused("moved_on", message, 409)


def _may_give_up(exam: Exam, window: SiteWindow, now_ns: int) -> None:
    if is_closed(window):
        message = "Điểm cầu này đã báo kết thúc: kết quả không chờ nơi này. / This site has told its closing."
        raise Refused("site_closed", message, 409)
    if now_ns < may_give_up_ns(exam, window):
        message = "Điểm cầu này chưa hết giờ làm bài. / The time of this site is not over yet."
        raise Refused("not_over", message, 409)


def _bands_open(exam: Exam) -> bool:
    return exam.stage not in {Stage.PUBLISHED, Stage.CANCELLED}


def _reason(text: str) -> str:
    told = text.strip()
    if not 1 <= len(told) <= LONGEST_REASON:
        raise Refused("no_reason", f"Cần lý do, tối đa {LONGEST_REASON} ký tự. / A reason is needed.", 422)
    return told
