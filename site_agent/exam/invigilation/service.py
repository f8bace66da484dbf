"""What an invigilator does, and what the site measures of itself. Everything is on the disk before it takes effect."""

import asyncio
import contextlib
from collections.abc import Iterable

import structlog

from site_agent.exam.hall import Hall
from site_agent.exam.invigilation import ledger
from site_agent.exam.invigilation.allowance import Allowance, Note
from site_agent.exam.invigilation.presence import Gap, Presence, unsaved_s
from site_agent.exam.invigilation.rules import Denied, check_extra, check_withdrawal, too_late
from site_agent.exam.invigilation.unseen import countable_ns, unseen_ns
from site_agent.exam.journal import JournalRefused
from site_agent.exam.service import ExamSite
from site_agent.exam.window import OVER, Anchor, Phase, Reading, anchor, elapsed_ns
from wire.exam_fairness import (
    Cause,
    ExamExtra,
    ExamExtraWithdrawn,
    ExamGrants,
    ExamGrantsTaken,
    ExamIncident,
    ExamOutage,
    ExamResumed,
    ExamStopped,
    FairnessRecord,
    Grant,
    IncidentKind,
)
from wire.ids import ExamId, new_id

BEAT_S = 2.0
LOOK_S = 1.0
OUTAGE_NS = 6_000_000_000
"""Less than this between two signs of life is the disk being slow."""
ITSELF = "máy của điểm cầu / the site's computer"
"""Who writes a note that nobody wrote."""
NOT_COUNTED = (
    "Máy của điểm cầu đã tắt; trong đó khoảng {} phút không bị tính vào giờ làm bài. / "
    "The site's computer was off; about {} minutes of it were not counted as time of the exam."
)
_MS = 1_000_000

log = structlog.get_logger()


class Invigilation:
    """Keeps the allowances of all exams of a site. `start` after the exams' `start` and before their `run`.

    central: this is the desk for people outside the schools, where a candidate's own outage counts.
    """

    def __init__(self, site: ExamSite, *, central: bool = False) -> None:
        self.site = site
        self.presences: dict[ExamId, Presence] = {}
        self._central = central
        self._allowances: dict[ExamId, Allowance] = {}
        self._turns: dict[ExamId, asyncio.Lock] = {}
        """What an invigilator does is looked at and written down before the next deed is looked at."""
        self._found: dict[ExamId, Anchor] = {}
        self._not_counted: set[ExamId] = set()
        self._beats: dict[ExamId, Anchor] = {}

    # --- life ------------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Take up what was noted; raises `JournalRefused`."""
        await self.site.journal.alongside(ledger.prepare)
        for note in await self.site.journal.alongside(ledger.notes):
            self.allowance(note.record.exam).take(note)
            if isinstance(note.record, ExamIncident) and note.record.who == ITSELF:
                self._not_counted.add(note.record.exam)
        self._found = await self.site.journal.alongside(ledger.beats)
        for hall in self.site.halls.values():
            self._take_up(hall)
        self.site.admitted = self._take_up

    async def run(self) -> None:
        """Look after seats and signs of life until cancelled."""
        while True:
            now = self.site.read()
            for hall in list(self.site.halls.values()):
                self._attach(hall)
                with contextlib.suppress(JournalRefused):
                    await self._look(hall, now)
            with contextlib.suppress(JournalRefused):
                await self._count_unseen()
            await asyncio.sleep(LOOK_S)

    def allowance(self, exam: ExamId) -> Allowance:
        """The allowance of an exam, which a plan may not have come for yet."""
        return self._allowances.setdefault(exam, Allowance())

    def presence(self, exam: ExamId) -> Presence:
        """The seats of an exam."""
        return self.presences.setdefault(exam, Presence())

    def beating(self, exam: ExamId) -> bool:
        """Whether a sign of life of this exam has been kept."""
        return exam in self._beats

    def _attach(self, hall: Hall) -> None:
        if hall.allowance is not self.allowance(hall.exam):
            hall.allowance = self.allowance(hall.exam)
            hall.stretch()

    def _take_up(self, hall: Hall) -> None:
        self._attach(hall)
        opening = hall.opening or hall.earlier
        if opening is not None and hall.window.phase not in OVER:
            self.site.go_on_from(opening.opened)
            if hall.exam in self._found:
                self.site.go_on_from(self._found[hall.exam])

    async def _look(self, hall: Hall, now: Reading) -> None:
        gaps = self.presence(hall.exam).look(hall, now.mono_ns)
        hall.in_trouble = self._in_trouble(hall, now)
        if hall.window.phase is not Phase.OPEN:
            return
        await self._place_outage(hall, now)
        before = self._beats.get(hall.exam)
        if before is not None and not _under_this_paper(hall, before):
            before = None  # before the reserve paper opened nobody had anything to write at
        if before is not None and elapsed_ns(before, now) > OUTAGE_NS:
            await self._outage(hall, Cause.COMPUTER, before.centre_ns, elapsed_ns(before, now), exact=True)
        if before is None or elapsed_ns(before, now) >= BEAT_S * 1e9:
            await self._beat(hall)
        if self._central:
            await self._device_gaps(hall, now, gaps)

    def _in_trouble(self, hall: Hall, now: Reading) -> int:
        presence = self.presence(hall.exam)
        return sum(
            1
            for number in hall.live
            if presence.away_s(hall, number, now.mono_ns)
            or unsaved_s(hall, number, now.mono_ns)
            or presence.changed_device(number, now.mono_ns)
        )

    async def _beat(self, hall: Hall) -> None:
        self._beats[hall.exam] = at = anchor(self.site.read())
        await self.site.journal.alongside(lambda conn: ledger.beat(conn, hall.exam, at))

    async def _place_outage(self, hall: Hall, now: Reading) -> None:
        """The program is back, and the computer had not been off: the time of its absence is known."""
        found = self._found.get(hall.exam)
        if found is not None and found.boot == now.boot and hall.exam not in self._beats:
            gap_ns = elapsed_ns(found, now)
            if gap_ns > OUTAGE_NS and _under_this_paper(hall, found):
                await self._outage(hall, Cause.AGENT, found.centre_ns, gap_ns, exact=True)

    async def _count_unseen(self) -> None:
        """The computer had been off, and centre time now says for how long: it is told, and counted as far as it may
        be. Exams that run side by side have one clock."""
        now = self.site.read()
        open_halls = [hall for hall in self.site.halls.values() if hall.exam not in self._not_counted]
        behind = {hall.exam: unseen_ns(hall, now) for hall in open_halls}
        halls = [hall for hall in open_halls if behind[hall.exam] > OUTAGE_NS]
        counted_ns = min((min(behind[hall.exam], countable_ns(hall, now)) for hall in halls), default=0)
        if counted_ns <= OUTAGE_NS:
            counted_ns = 0
        for hall in halls:
            await self._tell_unseen(hall, now, counted_ns, behind[hall.exam] - counted_ns)
        self.site.put_on(counted_ns)
        for hall in halls:
            await self._beat(hall)
            self.site.retimed(hall)

    async def _tell_unseen(self, hall: Hall, now: Reading, counted_ns: int, rest_ns: int) -> None:
        found = self._found.get(hall.exam)
        since_ns = found.centre_ns if found is not None and found.known else now.centre_ns - counted_ns - rest_ns
        if counted_ns > 0:
            await self._outage(hall, Cause.COMPUTER, since_ns, counted_ns, exact=False)
        if rest_ns > OUTAGE_NS:
            minutes = max(1, round(rest_ns / 60e9))
            text = NOT_COUNTED.format(minutes, minutes)
            await self.write_down(ITSELF, hall.exam, IncidentKind.POWER, text, None)
            self._not_counted.add(hall.exam)

    async def _outage(self, hall: Hall, cause: Cause, since_ns: int, gap_ns: int, *, exact: bool) -> None:
        if hall.allowance.stop is not None:
            return  # the clock stood anyway: what the fire button gives back holds this too
        record = ExamOutage(
            exam=hall.exam,
            id=new_id("credit"),
            cause=cause,
            candidate=None,
            from_ns=max(0, since_ns),
            gap_ms=gap_ns // _MS,
            exact=exact,
        )
        await self._note(Note(record))
        log.warning("exam_outage", exam=hall.exam, cause=cause, gap_ms=record.gap_ms)

    async def _device_gaps(self, hall: Hall, now: Reading, gaps: Iterable[Gap]) -> None:
        for gap in gaps:
            record = ExamOutage(
                exam=hall.exam,
                id=new_id("credit"),
                cause=Cause.DEVICE,
                candidate=gap.number,
                from_ns=max(0, now.centre_ns - (now.mono_ns - gap.from_ns)),
                gap_ms=gap.gap_ns // _MS,
                exact=True,
            )
            await self._note(Note(record))

    # --- what the province says ------------------------------------------------------------------------------------

    async def on_grants(self, message: ExamGrants) -> None:
        """The whole list of grants; a repetition and an older list change nothing. Raises `JournalRefused`."""
        allowance = self.allowance(message.exam)
        if message.serial <= allowance.serial:
            return
        hall = self.site.halls.get(message.exam)
        now = self.site.read()
        known = allowance.listed.keys() | allowance.gaps_ms.keys()
        known |= {name for name, extra in allowance.extras.items() if not extra.asked}
        fresh = [grant for grant in message.grants if grant.id not in known]
        late = [grant.id for grant in fresh if hall is not None and too_late(hall, grant)]
        record = ExamGrantsTaken(
            exam=message.exam,
            serial=message.serial,
            applied=[g.id for g in message.grants if g.id not in set(late) | allowance.too_late],
            too_late=[g.id for g in message.grants if g.id in set(late) | allowance.too_late],
            at_ns=max(0, now.centre_ns),
        )
        await self._note(Note(record, heard=message))
        log.info("grants_taken", exam=message.exam, serial=message.serial, grants=len(message.grants), late=len(late))

    # --- what an invigilator does ----------------------------------------------------------------------------------

    def hall(self, exam: str) -> Hall:
        """The hall of an exam; raises `Denied`."""
        hall = self.site.halls.get(ExamId(exam))
        if hall is None:
            raise Denied("no_exam")
        self._attach(hall)
        return hall

    async def give(
        self, who: str, exam: str, candidate: str | None, minutes: int, cause: Cause, text: str, *, ask: bool = False
    ) -> str:
        """Extra time for one person or the whole site, at once; `ask`: only ask the province. Returns the grant's id;
        raises `Denied`."""
        hall = self.hall(exam)
        async with self._turn(hall):
            check_extra(hall, candidate, minutes, ask=ask)
            grant = Grant(
                id=new_id("credit"),
                candidate=candidate,
                seconds=minutes * 60,
                cause=cause,
                who=who,
                at_ns=self._at_ns(),
            )
            await self._note(Note(ExamExtra(exam=hall.exam, grant=grant, text=text, asked=ask)))
        return grant.id

    def _turn(self, hall: Hall) -> asyncio.Lock:
        return self._turns.setdefault(hall.exam, asyncio.Lock())

    async def withdraw(self, who: str, exam: str, grant: str) -> None:
        """Take back what was given here, as long as nobody writes in it; raises `Denied`."""
        hall = self.hall(exam)
        async with self._turn(hall):
            check_withdrawal(hall, grant, self.site.read())
            await self._note(Note(ExamExtraWithdrawn(exam=hall.exam, id=grant, who=who, at_ns=self._at_ns())))

    async def stop(self, who: str, exam: str, text: str) -> None:
        """The fire button: every screen blank, the clock stands; pressed twice it is pressed once. Raises `Denied`."""
        hall = self.hall(exam)
        async with self._turn(hall):
            if hall.window.phase is not Phase.OPEN:
                raise Denied("not_open")
            if hall.allowance.stop is not None:
                return
            now = self.site.read()
            record = ExamStopped(exam=hall.exam, id=new_id("credit"), who=who, text=text, at_ns=max(0, now.centre_ns))
            await self._note(Note(record, anchor=anchor(now)))
        log.warning("exam_stopped", exam=hall.exam)

    async def resume(self, who: str, exam: str) -> None:
        """The exam goes on; everybody gets back what was measured. Raises `Denied`."""
        hall = self.hall(exam)
        async with self._turn(hall):
            stop = hall.allowance.stop
            if stop is None:
                raise Denied("not_stopped")
            now = self.site.read()
            gap_ms = elapsed_ns(stop.anchor, now) // _MS
            record = ExamResumed(exam=hall.exam, id=stop.id, who=who, at_ns=max(0, now.centre_ns), gap_ms=gap_ms)
            await self._note(Note(record))
        hall.push_papers()
        log.warning("exam_resumed", exam=hall.exam, gap_ms=gap_ms)

    async def write_down(self, who: str, exam: str, kind: IncidentKind, text: str, candidate: str | None) -> None:
        """An incident note; raises `Denied`."""
        hall = self.hall(exam)
        if candidate is not None and candidate not in hall.roster:
            raise Denied("no_candidate")
        if not text.strip() and kind is IncidentKind.OTHER:
            raise Denied("no_text")
        record = ExamIncident(
            exam=hall.exam,
            id=new_id("note"),
            kind=kind,
            text=text.strip(),
            candidate=candidate,
            who=who,
            at_ns=self._at_ns(),
        )
        await self._note(Note(record))

    async def forgive_pin(self, who: str, exam: str, candidate: str) -> None:
        """Let somebody try the PIN again who has mistyped it too often; noted. Raises `Denied`."""
        await self.write_down(who, exam, IncidentKind.PIN_RESET, "", candidate)
        self.site.doorkeeper.forgive(self.hall(exam), candidate)

    def _at_ns(self) -> int:
        return max(0, self.site.read().centre_ns)

    async def _note(self, note: Note) -> None:
        record: FairnessRecord = note.record
        await self.site.journal.alongside(lambda conn: ledger.add(conn, note), grows=True)
        self.allowance(record.exam).take(note)
        hall = self.site.halls.get(record.exam)
        if hall is not None:
            self._attach(hall)
            if not isinstance(record, ExamIncident | ExamOutage):
                self.site.retimed(hall)


def _under_this_paper(hall: Hall, beat: Anchor) -> bool:
    """Whether a sign of life is of the window that is open now, not of the paper before it."""
    opened = hall.window.opened
    if opened is None or not hall.held.turned:
        return True
    if opened.boot == beat.boot or opened.boot in beat.earlier:
        return beat.mono_ns + beat.earlier.get(opened.boot, 0) >= opened.mono_ns
    return beat.centre_ns >= opened.centre_ns
