"""Officers: who holds which share, slips that are made once, shares that are entered before the start.

Until a slip is made its shares wait under a key of their own (`safe.py`), which is destroyed with the slip: from the
last slip to the second share entered the centre has no way to the secret, and what the database keeps of a share is its
digest. An entered share is encrypted at rest; two of them give the secret, which is then kept as that of an automatic
release is, and the shares are forgotten.
"""

import asyncio
import hmac
from collections.abc import Callable
from functools import partial
from pathlib import Path

import msgspec
import structlog

from orchestrator.clock import Clock
from orchestrator.errors import Refused
from orchestrator.exams import release_store, store
from orchestrator.exams.model import RUNNING, SECOND, Exam, Stage
from orchestrator.exams.ports import Trail
from orchestrator.exams.release.safe import SlipSafe
from orchestrator.exams.release.sharing import NEEDED, combined, place_of, read_share, share_digest, share_text
from orchestrator.exams.release.slips import slip_pdf
from orchestrator.exams.release_store import RELEASE, RESERVE, KeptShare, Officer
from orchestrator.exams.sealing import Sealer
from orchestrator.exams.service import Exams
from orchestrator.exams.store import Connection
from orchestrator.storage.engine import Database
from wire.ids import ExamId
from wire.paper import OFFICERS, Manifest
from wire.seal import CodeTextRefused, release_digest

OFFLINE_PAGE = Path(__file__).parent / "templates" / "offline.html"
MS = 1_000_000
KIND_WORDS = {RELEASE: "đề chính / the paper", RESERVE: "đề dự bị / the reserve paper"}

log = structlog.get_logger()


class OfficerView(msgspec.Struct, frozen=True):
    """An officer and what was done with their shares; times in ms, None: not yet."""

    place: int
    name: str
    phone: str
    printed_ms: int | None
    slip_waits: bool
    release_ms: int | None
    reserve_ms: int | None


class OfficersView(msgspec.Struct, frozen=True):
    """The officers of an exam. `from_ms`: when shares are taken; `release_here`, `reserve_here`: two were entered."""

    exam: ExamId
    title: str
    state: str
    starts_ms: int
    from_ms: int
    needed: int
    has_reserve: bool
    release_here: bool
    reserve_here: bool
    officers: list[OfficerView]


class Entered(msgspec.Struct, frozen=True):
    """What a right share came to."""

    officer: str
    kind: str
    complete: bool
    state: OfficersView


class Officers:
    """Slips and shares of all exams that officers release."""

    def __init__(
        self, database: Database, exams: Exams, clock: Clock, trail: Trail, sealer: Sealer, safe: SlipSafe
    ) -> None:
        self._database = database
        self._exams = exams
        self._clock = clock
        self._trail = trail
        self._sealer = sealer
        self._safe = safe
        exams.packing.hand_out = self.hold

    def hold(self, exam: Exam, shares: dict[str, list[bytes]]) -> Callable[[Connection], None]:
        """Lock up the shares of a sealing until their slips are made; gives what to write with it. Raises OSError."""
        by_place: dict[int, dict[str, bytes]] = {}
        for kind, each in shares.items():
            for share in each:
                by_place.setdefault(place_of(share), {})[kind] = share
        locked = {place: self._safe.lock(exam.id, place, own) for place, own in by_place.items()}
        return lambda conn: release_store.keep_slips(conn, exam.id, locked)

    async def sweep(self) -> None:
        """Destroy the keys of slips that nobody waits for any more: printed, or of exams that are over."""
        exams = await self._database.read(lambda conn: store.at_stages(conn, [Stage.SEALED]))
        needed = [
            sealed
            for exam in exams
            for sealed in (await self._database.read(partial(release_store.slips, exam=exam.id))).values()
        ]
        if swept := await asyncio.to_thread(self._safe.sweep, needed, self._clock.now_ns()):
            log.info("slip_keys_swept", keys=swept)

    async def slip(self, by: str, exam_id: ExamId, place: int) -> bytes:
        """The slip of one officer as a PDF, once. Refuses `no_slip`, `slip_made`."""
        exam = await self._exams.exam(exam_id)
        people = await self._database.read(lambda conn: release_store.officers(conn, exam_id))
        officer = next((one for one in people if one.place == place), None)
        sealed = (await self._database.read(lambda conn: release_store.slips(conn, exam_id))).get(place)
        shares = None if sealed is None else self._safe.unlock(exam_id, place, sealed)
        if officer is None or sealed is None or shares is None:
            raise Refused(
                "no_slip",
                "Phiếu không còn ở đây: mỗi phiếu chỉ in được một lần. Nếu thất lạc, hãy hủy và lập lại kỳ thi. / "
                "The slip is not here: it is made once.",
                409,
            )
        printed = await slip_pdf(exam, officer, {kind: share_text(share) for kind, share in shares.items()})
        now = self._clock.now_ns()

        def work(conn: Connection) -> bool:
            self._trail.record(conn, by, "exam.slip_made", exam_id, {"officer": officer.name})
            release_store.forget_slip(conn, exam_id, place)
            return release_store.note_printed(conn, exam_id, place, now)

        if not await self._database.write(work):
            raise Refused("slip_made", "Phiếu này đã được in. / This slip was made before.", 409)
        self._safe.destroy(sealed)
        return printed

    async def enter(self, by: str, exam_id: ExamId, text: str) -> Entered:
        """A share as an officer typed it. Refuses `mistyped`, `wrong_share`, `too_early`, `not_now`."""
        try:
            share = read_share(text)
        except CodeTextRefused as fault:
            message = "Mã gõ chưa đúng: hãy so lại từng nhóm 4 ký tự. / The code is mistyped: compare each group of 4."
            raise Refused("mistyped", message, 422) from fault
        exam = await self._exams.exam(exam_id)
        self._in_time(exam)
        people = {one.place: one for one in await self._database.read(lambda c: release_store.officers(c, exam_id))}
        kept = await self._database.read(lambda conn: release_store.shares(conn, exam_id))
        known = next((one for one in kept if _is(exam_id, one, share)), None)
        if known is None:
            await self._database.write(
                lambda conn: self._trail.record(
                    conn, by, "exam.share_refused", exam_id, {"officer": _name(people, share)}
                )
            )
            raise Refused(
                "wrong_share",
                f"Mã này không phải của kỳ thi này (phiếu ghi người giữ số {place_of(share)}: {_name(people, share)}). "
                "/ This share is not of this exam.",
                422,
                officer=_name(people, share),
            )
        complete = await self._keep(by, exam, known, share, people)
        return Entered(people[known.place].name, known.kind, complete, await self.state(exam_id))

    async def state(self, exam_id: ExamId) -> OfficersView:
        """Who has a slip, who has entered what."""
        exam = await self._exams.exam(exam_id)
        people = await self._database.read(lambda conn: release_store.officers(conn, exam_id))
        waiting = await self._database.read(lambda conn: release_store.slips(conn, exam_id))
        kept = {(s.kind, s.place): s for s in await self._database.read(lambda c: release_store.shares(c, exam_id))}

        def entered(kind: str, place: int) -> int | None:
            share = kept.get((kind, place))
            return share.entered_ns // MS if share and share.entered_ns else None

        return OfficersView(
            exam=exam.id,
            title=exam.title,
            state=exam.stage.value,
            starts_ms=exam.t0_ns // MS,
            from_ms=_from_ns(exam) // MS,
            needed=NEEDED,
            has_reserve=exam.releasing.reserve,
            release_here=exam.release_sealed is not None,
            reserve_here=exam.releasing.reserve_sealed is not None,
            officers=[
                OfficerView(
                    place=one.place,
                    name=one.name,
                    phone=one.phone,
                    printed_ms=one.printed_ns // MS if one.printed_ns else None,
                    slip_waits=one.place in waiting and self._safe.holds(waiting[one.place]),
                    release_ms=entered(RELEASE, one.place),
                    reserve_ms=entered(RESERVE, one.place),
                )
                for one in people
            ],
        )

    async def due(self) -> list[OfficersView]:
        """The exams that officers release and that are not over, the nearest first."""
        stages = {Stage.SEALED, *RUNNING} - {Stage.CLOSED}
        exams = await self._database.read(lambda conn: store.at_stages(conn, stages))
        by_officers = [exam for exam in reversed(exams) if exam.plan.release == OFFICERS]
        return [await self.state(exam.id) for exam in by_officers]

    async def offline_page(self, exam_id: ExamId) -> str:
        """The page that two officers use without any network: it knows the digests of the secrets, and no secret."""
        exam = await self._exams.exam(exam_id)
        if exam.manifest is None or exam.plan.release != OFFICERS:
            raise Refused("no_officers", "Kỳ thi này không do cán bộ mở đề. / No officers release this exam.", 409)
        manifest = msgspec.msgpack.decode(exam.manifest, type=Manifest)
        told = {
            "title": exam.title,
            "starts_ms": exam.t0_ns // MS,
            "digests": {RELEASE: manifest.release_sha256.hex(), RESERVE: manifest.reserve_sha256.hex()},
        }
        # "<" never closes the script element that the JSON stands in.
        written = msgspec.json.encode(told).decode().replace("<", "\\u003c")
        return OFFLINE_PAGE.read_text(encoding="utf-8").replace('"__EXAM__"', written)

    def _in_time(self, exam: Exam) -> None:
        if exam.stage not in (Stage.ARMED, Stage.RELEASED, Stage.OPEN):
            message = f"Kỳ thi đang ở bước “{exam.stage}”, chưa nhận mã. / Shares are not taken in this state."
            raise Refused("not_now", message, 409)
        if self._clock.now_ns() < _from_ns(exam):
            raise Refused("too_early", "Chưa đến giờ nhập mã. / It is too early to enter shares.", 409)

    async def _keep(self, by: str, exam: Exam, known: KeptShare, share: bytes, people: dict[int, Officer]) -> bool:
        """Keep a right share; True when the secret is here with it."""
        done = False

        def work(held: Exam) -> Callable[[Connection], None]:
            now = self._clock.now_ns()
            sealed = self._sealer.keep_share(held, known.kind, share)

            def write(conn: Connection) -> None:
                nonlocal done
                told = {"officer": people[known.place].name, "of": KIND_WORDS[known.kind]}
                release_store.enter(conn, held.id, KeptShare(known.kind, known.place, known.digest, now, by, sealed))
                self._trail.record(conn, by, "exam.share_entered", held.id, told)
                done = self._complete(conn, held, known.kind, by)

            return write

        if known.entered_ns is not None:
            return self._here(exam, known.kind)
        await self._exams.change(exam.id, work)
        return done

    def _here(self, exam: Exam, kind: str) -> bool:
        return (exam.release_sealed if kind == RELEASE else exam.releasing.reserve_sealed) is not None

    def _complete(self, conn: Connection, exam: Exam, kind: str, by: str) -> bool:
        """Put two entered shares together; True when the secret is known then."""
        if self._here(exam, kind):
            return True
        entered = [one for one in release_store.shares(conn, exam.id) if one.kind == kind and one.sealed is not None]
        if len(entered) < NEEDED:
            return False
        one, other = (self._sealer.read_share(exam, kind, each.sealed or b"") for each in entered[:NEEDED])
        secret = combined(one, other)
        assert exam.manifest is not None
        manifest = msgspec.msgpack.decode(exam.manifest, type=Manifest)
        wanted = manifest.release_sha256 if kind == RELEASE else manifest.reserve_sha256
        if not hmac.compare_digest(release_digest(secret), wanted):
            log.error("shares_do_not_fit", exam=exam.id, kind=kind)
            return False
        sealed = self._sealer.keep_secret(exam, kind, secret)
        if kind == RELEASE:
            store.keep_release(conn, exam.id, sealed)
        else:
            release_store.change(conn, exam.id, reserve_sealed=sealed)
        release_store.forget_shares(conn, exam.id, kind)
        self._trail.record(conn, by, "exam.shares_complete", exam.id, {"of": KIND_WORDS[kind]})
        return True


def _is(exam: ExamId, kept: KeptShare, share: bytes) -> bool:
    return hmac.compare_digest(kept.digest, share_digest(exam, kept.kind, share))


def _name(people: dict[int, Officer], share: bytes) -> str:
    officer = people.get(place_of(share))
    return officer.name if officer else "?"


def _from_ns(exam: Exam) -> int:
    return exam.t0_ns - round(exam.plan.officers_lead_s * SECOND)
