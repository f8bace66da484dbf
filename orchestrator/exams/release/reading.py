"""What pages ask of a release: readiness, codes to read out, who has not opened, openings as a table."""

import csv
import io

import msgspec

from orchestrator import VERSION
from orchestrator.clock import Clock
from orchestrator.errors import Refused
from orchestrator.exams import release_store, store
from orchestrator.exams.model import SECOND, SECRET_OUT, Exam, SiteWindow
from orchestrator.exams.ports import Rosters, Trail
from orchestrator.exams.release.certificates import certificate
from orchestrator.exams.release.readiness import HeardOf, Readiness, readiness
from orchestrator.exams.sealing import Sealer
from orchestrator.exams.service import Exams
from orchestrator.storage.engine import Database
from wire.ids import ExamId, ExamState, SiteId
from wire.messages import NEVER_NS, Heartbeat
from wire.paper import Manifest
from wire.seal import release_text

MS = 1_000_000
NEVER = "∞"


class ToCall(msgspec.Struct, frozen=True):
    """A site that has not opened, in the order to call: those with the most candidates first."""

    site: SiteId
    code: str
    name: str
    phone: str
    contact: str
    registered: int
    linked: bool
    state: str | None


class Codes(msgspec.Struct, frozen=True):
    """What is read out. `code` None: not out yet, or only officers have it; `not_before_ms`: nobody reads it earlier.
    `reserve`: the code is that of the reserve paper; `too_late`: no site whose clock is right opens by it any more."""

    exam: ExamId
    title: str
    starts_ms: int
    not_before_ms: int
    code: str | None
    reserve: bool
    by_officers: bool
    opened: int
    to_call: list[ToCall]
    too_late: bool = False


class ReleaseReading:
    """Reads for the HTTP API; remembers the last heartbeat of every site."""

    def __init__(
        self, database: Database, exams: Exams, rosters: Rosters, clock: Clock, trail: Trail, sealer: Sealer
    ) -> None:
        self._database = database
        self._exams = exams
        self._rosters = rosters
        self._clock = clock
        self._trail = trail
        self._sealer = sealer
        self._heard: dict[SiteId, HeardOf] = {}

    def note(self, site: SiteId, heartbeat: Heartbeat) -> None:
        """A site's word of itself."""
        self._heard[site] = HeardOf(self._clock.now_ns(), heartbeat)

    async def readiness(self, exam_id: ExamId) -> Readiness:
        """How every site stands; refuses `not_sealed`."""
        exam = await self._sealed(exam_id)
        standings = {one.site.id: one for one in await self._rosters.sites()}
        registered = await self._database.read(lambda conn: store.registered(conn, exam_id))
        manifest = msgspec.msgpack.decode(exam.manifest or b"", type=Manifest)
        turned = await self._database.read(lambda conn: release_store.turned(conn, exam_id))
        return readiness(exam, manifest, standings, self._heard, self._clock.now_ns(), VERSION, registered, turned)

    async def codes(self, by: str, exam_id: ExamId) -> Codes:
        """The code to read out, and whom to call; each look is audited. Before the release there is no code here."""
        exam = await self._sealed(exam_id)
        windows = await self._database.read(lambda conn: store.windows(conn, exam_id))
        to_call = await self._to_call(exam, windows)
        code = None
        if exam.stage in SECRET_OUT and exam.secret_sealed is not None:
            reserve = exam.releasing.switched_ns is not None
            secret = self._sealer.reserve_secret(exam) if reserve else self._sealer.release_secret(exam)
            code = release_text(secret) if secret is not None else None
            told = {"reserve": reserve, "not_opened": len(to_call)}
            await self._database.write(lambda conn: self._trail.record(conn, by, "exam.code_shown", exam_id, told))
        reserve = exam.releasing.switched_ns is not None
        latest_ns = exam.t0_ns + round(exam.plan.late_cap_s * SECOND)
        return Codes(
            exam=exam.id,
            title=exam.title,
            starts_ms=exam.t0_ns // MS,
            not_before_ms=exam.t0_ns // MS,
            code=code,
            reserve=reserve,
            by_officers=exam.plan.release == "officers",
            opened=sum(1 for window in windows if window.opened_hi_ns is not None),
            to_call=to_call,
            too_late=not reserve and self._clock.now_ns() > latest_ns,
        )

    async def openings(self, exam_id: ExamId) -> str:
        """Every site's opening as CSV; a site that never opened stands with an infinite delay, not with a gap."""
        exam = await self._sealed(exam_id)
        codes = {one.site.id: one.site for one in await self._rosters.sites()}
        turned = await self._database.read(lambda conn: release_store.turned(conn, exam_id))
        written = io.StringIO()
        table = csv.writer(written)
        table.writerow(["code", "name", "earliest_after_t0_ms", "latest_after_t0_ms", "clock", "paper", "closed"])
        for window in await self._database.read(lambda conn: store.windows(conn, exam_id)):
            site = codes.get(window.site)
            table.writerow([
                site.code if site else window.site, _text(site.name if site else ""), *_after(exam, window),
                window.clock or "", "reserve" if window.site in turned else "main",
                "yes" if window.closed_ns is not None else "no",
            ])  # fmt: skip
        return "\ufeff" + written.getvalue()

    async def certificate(self, exam_id: ExamId) -> bytes:
        """The static file of a release; refuses `not_released`."""
        exam = await self._exams.exam(exam_id)
        content = certificate(exam, self._sealer)
        if content is None:
            raise Refused("not_released", "Chưa phát mã mở đề. / Not released.", 404)
        return content

    async def _to_call(self, exam: Exam, windows: tuple[SiteWindow, ...]) -> list[ToCall]:
        standings = {one.site.id: one for one in await self._rosters.sites()}
        registered = await self._database.read(lambda conn: store.registered(conn, exam.id))
        linked = self._exams.linked()
        waiting = []
        for window in windows:
            told = self._exams.progress(exam.id, window.site)
            opened = window.opened_hi_ns is not None or (told is not None and told.state in _THROUGH)
            standing = standings.get(window.site)
            if opened or standing is None or not registered.get(window.site):
                continue
            here = standing.site
            waiting.append(
                ToCall(
                    here.id, here.code, here.name, here.phone, here.contact, registered[here.id], here.id in linked,
                    told.state.value if told else None,
                )
            )  # fmt: skip
        # Where the line stands the secret arrives by itself; whoever has no line needs the voice.
        return sorted(waiting, key=lambda one: (one.linked, -one.registered, one.code))

    async def _sealed(self, exam_id: ExamId) -> Exam:
        exam = await self._exams.exam(exam_id)
        if exam.manifest is None:
            raise Refused("not_sealed", "Đề chưa được niêm phong. / The papers are not sealed yet.", 409)
        return exam


_THROUGH = (ExamState.OPEN, ExamState.CLOSED)


def _after(exam: Exam, window: SiteWindow) -> tuple[str, str]:
    if window.opened_lo_ns is None or window.opened_hi_ns is None:
        return NEVER, NEVER
    late = NEVER if window.opened_hi_ns >= NEVER_NS else f"{(window.opened_hi_ns - exam.t0_ns) / MS:.1f}"
    early = "" if window.opened_lo_ns == 0 else f"{(window.opened_lo_ns - exam.t0_ns) / MS:.1f}"
    return early, late


def _text(value: str) -> str:
    """A name that a spreadsheet must not take for a formula."""
    return f"'{value}" if value[:1] in "=+-@" else value
