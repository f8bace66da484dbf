"""What conductors order of a sealed exam besides its steps: another start, the reserve paper."""

from collections.abc import Callable

from orchestrator.clock import Clock
from orchestrator.errors import Refused
from orchestrator.exams import release_store, store
from orchestrator.exams.model import SECOND, Action, Exam, IllegalStep, Stage
from orchestrator.exams.ports import Trail
from orchestrator.exams.release.freezing import may_edit, note_edit
from orchestrator.exams.sealing import Sealer
from orchestrator.exams.service import Exams
from orchestrator.exams.store import Connection

MS = 1_000_000
Write = Callable[[Connection], None]


class ReleaseOrders:
    """Orders of people who conduct; each is audited with its reason."""

    def __init__(self, exams: Exams, clock: Clock, trail: Trail, sealer: Sealer) -> None:
        self._exams = exams
        self._clock = clock
        self._trail = trail
        self._sealer = sealer

    async def move(self, by: str, exam: Exam, starts_ms: int, reason: str) -> Exam:
        """Another T0 before the release: a new signed manifest, one version on, goes to every site. Refuses
        `too_late`, `frozen`, `switched`, `illegal_step`."""
        t0_ns = starts_ms * MS

        def work(held: Exam) -> Write:
            now = self._clock.now_ns()
            if held.stage not in (Stage.SEALED, Stage.ARMED) or now >= _release_ns(held, held.t0_ns):
                raise IllegalStep(held.stage, Action.MOVE)
            if held.releasing.switched_ns is not None:
                message = "Đã chuyển sang đề dự phòng, giờ mở đã được định. / The reserve's opening is already set."
                raise Refused("switched", message, 409)
            if now >= _release_ns(held, t0_ns) or t0_ns >= 2**62:
                raise Refused("too_late", "Giờ mới quá gần, không kịp phát mã. / The new start is too near.", 409)
            may_edit(held, now, reason)
            manifest, signature = self._sealer.moved(held, t0_ns)

            def write(conn: Connection) -> None:
                store.change(conn, held, Action.MOVE, t0_ns=t0_ns, manifest=manifest, signature=signature)
                version = held.releasing.manifest_version + 1
                release_store.change(conn, held.id, manifest_version=version)
                told = {"from_ms": held.t0_ns // MS, "to_ms": starts_ms, "version": version, "reason": reason[:300]}
                self._trail.record(conn, by, "exam.moved", held.id, told)
                note_edit(self._trail, conn, by, held, now, reason)

            return write

        return await self._exams.change(exam.id, work)

    async def switch(self, by: str, exam: Exam, reason: str) -> Exam:
        """The reserve paper takes the place of the paper everywhere: at T0, or one reserve lead from now where that is
        later. Refuses `no_reserve`, `officers_needed`, `illegal_step`."""

        def work(held: Exam) -> Write:
            now = self._clock.now_ns()
            if not held.releasing.reserve:
                raise Refused("no_reserve", "Kỳ thi này không có đề dự bị. / This exam has no reserve paper.", 409)
            if held.releasing.switched_ns is not None:
                raise Refused("switched", "Đề dự bị đã được dùng. / The reserve is in use already.", 409)
            if held.releasing.reserve_sealed is None:
                message = "Cần hai cán bộ nhập mã của đề dự bị. / Two officers must enter their reserve shares first."
                raise Refused("officers_needed", message, 409)
            return self.switching(held, by, reason, now)

        return await self._exams.change(exam.id, work)

    def switching(self, held: Exam, by: str, reason: str, now_ns: int) -> Write:
        """What to write for a switch; raises `IllegalStep` when it comes too late."""
        opens_ns = max(held.t0_ns, now_ns + round(held.plan.reserve_lead_s * SECOND))
        signature = self._sealer.switch(held, opens_ns)

        def write(conn: Connection) -> None:
            store.change(conn, held, Action.SWITCH, t0_ns=opens_ns)
            release_store.change(conn, held.id, switched_ns=now_ns, opens_ns=opens_ns, switch_signature=signature)
            self._trail.record(
                conn, by, "exam.switched", held.id, {"opens_ms": opens_ns // MS, "reason": reason.strip()[:300]}
            )

        return write


def _release_ns(exam: Exam, t0_ns: int) -> int:
    return t0_ns - round(exam.plan.release_lead_s * SECOND)
