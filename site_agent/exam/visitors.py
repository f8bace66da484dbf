"""Candidates who come from another desk or go to one: a roster entry belongs to one desk at a time.

Whoever arrives brings the chain's end and the answers that the centre has; what is written here follows on it. Whoever
has left may not write here any more; what their page still sends is kept for a person to look at.
"""

import asyncio
from collections.abc import Callable

import msgspec
import structlog

from site_agent.exam.arrivals import arrive
from site_agent.exam.hall import Hall
from site_agent.exam.openings import desk_marks
from site_agent.exam.protocol import Answers, VoucherIn, write_down
from site_agent.exam.service import ExamSite
from site_agent.exam.troubles import trouble
from site_agent.exam.window import Anchor, Phase, Reading
from wire.chain import EventKind
from wire.exam_home import ExamLetGo, ExamSeats, Seat, VisitorAsk, VisitorRefused
from wire.ids import ClockState, ExamId
from wire.messages import Up

ASK_EVERY_NS = 10 * 1_000_000_000
MOST_ASKED = 200
LOOK_EVERY_S = 0.5

log = structlog.get_logger()


class Visitors:
    """`tell`: the line to the centre; `is_up`: whether there is one."""

    def __init__(
        self, exams: ExamSite, site_secret: bytes, *, tell: Callable[[Up], None], is_up: Callable[[], bool]
    ) -> None:
        self._exams = exams
        self._site_secret = site_secret
        self._tell = tell
        self._is_up = is_up
        self._asked: dict[tuple[str, str], int] = {}
        self._refused: dict[tuple[str, str], str] = {}
        self._resuming: dict[ExamId, ExamSeats] = {}
        exams.doorkeeper.stranger = self.stranger

    def stranger(self, hall: Hall, message: VoucherIn, desk_nonce: str) -> str:
        """A voucher that is not of this exam's roster: asks the centre to bring its holder here, unless another exam of
        this site knows it; returns the word for the page, which tries again in a moment."""
        key = (hall.exam, message.name)
        if any(message.name in other.vouchers for other in self._exams.halls.values()):
            return "other_exam"
        if (refused := self._refused.pop(key, None)) is not None:
            return refused
        if not self._is_up():
            return "visitor_no_line"
        now = self._exams.read().mono_ns
        if now - self._asked.get(key, -ASK_EVERY_NS) >= ASK_EVERY_NS:
            if len(self._asked) >= MOST_ASKED:
                self._asked.clear()
            self._asked[key] = now
            self._tell(
                VisitorAsk(
                    exam=hall.exam,
                    name=message.name,
                    desk_nonce=desk_nonce,
                    page_nonce=message.nonce,
                    proof=message.proof,
                )
            )
        return "visitor_asked"

    async def run(self) -> None:
        """Let windows that had opened on another computer go on from then as soon as they are open here."""
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            self._go_on()

    def _go_on(self) -> None:
        now = self._exams.read()
        for exam, message in list(self._resuming.items()):
            hall = self._exams.halls.get(exam)
            if hall is not None and hall.opening is not None and _opened_before(hall, message, now):
                del self._resuming[exam]
                self._exams.retimed(hall)

    async def on_refused(self, refused: VisitorRefused) -> None:
        """The centre does not bring them here."""
        if len(self._refused) >= MOST_ASKED:
            self._refused.clear()
        code = "moved_elsewhere_closed" if refused.code == "closed" else "wrong_voucher"
        self._refused[refused.exam, refused.name] = code

    async def on_seats(self, message: ExamSeats) -> None:
        """Candidates go on here; raises `JournalRefused`, and the centre says it again on the next link."""
        hall = self._exams.halls.get(message.exam)
        if hall is None:
            log.warning("seats_without_exam", exam=message.exam)
            return
        kept = await self._exams.journal.seat(message.exam, message.seats)
        for seed in kept:
            arrive(hall, seed, self._site_secret)
        if hall.held.turned:
            # What they bring of the paper before must be over before they write anything of the reserve.
            fresh = [seed.seat.number for seed in kept]
            await self._exams.journal.mark(desk_marks(hall, fresh, EventKind.SWITCH, self._exams.read()))
        for seed in kept:
            hall.tell(seed.seat.number, Answers(answers=hall.kept(seed.seat.number)))
        if message.opened_hi_ns is not None and (hall.opening is None or hall.window.phase is Phase.OPEN):
            hall.window.resume()
            self._resuming[message.exam] = message
            self._go_on()
        self._exams.retimed(hall)
        log.info("seats_taken", exam=message.exam, fresh=len(kept))

    async def on_let_go(self, message: ExamLetGo) -> None:
        """A candidate sits elsewhere now: the session here ends with a calm sentence."""
        hall = self._exams.halls.get(message.exam)
        if hall is None:
            return
        for seed in await self._exams.journal.seat(message.exam, [Seat(number=message.number)], gone=True):
            arrive(hall, seed, self._site_secret)
        page = hall.pages.get(message.number)
        if page is not None:
            page.send(write_down(trouble("moved_away")))
            hall.leave(message.number, page)


def _opened_before(hall: Hall, message: ExamSeats, now: Reading) -> bool:
    """The exam had opened here on a computer that is no more: the window runs from then, not from this one's start.
    False while this computer does not know what time it is."""
    lo_ns, hi_ns = message.opened_lo_ns, message.opened_hi_ns
    if now.bound_ms is None or now.state is ClockState.BLIND:
        return False
    if lo_ns is None or hi_ns is None or hall.opening is None or hall.opening.hi_ns <= hi_ns:
        return True
    back_ns = now.centre_ns - (lo_ns + hi_ns) // 2
    at = Anchor(now.mono_ns - back_ns, now.boot, now.wall_ns - back_ns, now.centre_ns - back_ns)
    hall.window.opened = at
    hall.opening = msgspec.structs.replace(hall.opening, opened=at, lo_ns=lo_ns, hi_ns=hi_ns)
    return True
