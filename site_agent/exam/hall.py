"""One exam at this site: who may sit it, who does, what each of them sees. No I/O; pages are told through `Page`."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

import msgspec

from site_agent.exam.invigilation.allowance import Allowance
from site_agent.exam.ledger import Opening, Session
from site_agent.exam.opened import OpenedPapers
from site_agent.exam.protocol import (
    Answers,
    Candidate,
    Closed,
    Down,
    ExamCard,
    Kept,
    Moved,
    Received,
    SignedIn,
    write_down,
)
from site_agent.exam.sitting import Entry, Sitting
from site_agent.exam.underway import Waits
from site_agent.exam.unsure import Unsure
from site_agent.exam.vault import Held
from site_agent.exam.window import (
    BEFORE_OPENING,
    OVER,
    Phase,
    Reading,
    Window,
    elapsed_ns,
    is_lost,
    may_be_now,
    moment_of,
    wait_for_opening_ns,
)
from wire.chain import EventKind
from wire.ids import Assurance, ClockState, ExamId, ExamState
from wire.messages import NEVER_NS, ExamProgress
from wire.paper import Picture
from wire.roster import RosterEntry
from wire.voucher import voucher_name

_MS = 1_000_000
_S = 1_000_000_000
STOP_GRACE_NS = 10 * _S
"""How long after the fire button an answer that was on its way still counts."""

_STATES = {
    Phase.WAITING: ExamState.MISSING,
    Phase.SEALED: ExamState.READY,
    Phase.ARMED: ExamState.RELEASED,
    Phase.OPEN: ExamState.OPEN,
    Phase.CLOSED: ExamState.CLOSED,
    Phase.CANCELLED: ExamState.CANCELLED,
    Phase.MISSED: ExamState.MISSING,
}


class Page(Protocol):
    """A candidate's page."""

    def send(self, text: str) -> None:
        """Queue a frame; a page too slow to take it is disconnected and comes back by itself."""


@dataclass(slots=True)
class Hall:
    """State of one exam at this site."""

    held: Held
    window: Window
    roster: dict[str, RosterEntry]
    vouchers: dict[str, RosterEntry]
    sessions: dict[str, Session] = field(default_factory=dict)
    live: dict[str, str] = field(default_factory=dict)
    sittings: dict[str, Sitting] = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)
    opening: Opening | None = None
    earlier: Opening | None = None
    committed_row: int = 0
    allowance: Allowance = field(default_factory=Allowance)
    moves: dict[str, int] = field(default_factory=dict)
    guests: dict[str, RosterEntry] = field(default_factory=dict)
    gone: dict[str, RosterEntry] = field(default_factory=dict)
    short: list[str] = field(default_factory=list)
    in_trouble: int = 0
    waits: dict[str, Waits] = field(default_factory=dict)
    papers: OpenedPapers = field(default_factory=OpenedPapers)
    _unsure: Unsure = field(default_factory=Unsure)
    _told_over: set[str] = field(default_factory=set)
    _confirmed_once: int = 0
    _fallen: bool = False

    # --- what it knows ---------------------------------------------------------------------------------------------

    @property
    def exam(self) -> ExamId:
        """Which exam."""
        return self.held.manifest.exam

    def sitting(self, number: str) -> Sitting:
        """A candidate's state."""
        return self.sittings.setdefault(number, Sitting())

    def offers(self, number: str, item: str, option: str) -> bool:
        """Whether the candidate's paper has this option of this item."""
        entry = self.roster.get(number) or self.gone.get(number)
        return entry is not None and self.papers.offer(entry.code, item, option)

    def questions(self) -> int | None:
        """Questions of the longest paper; None while the papers are sealed."""
        return self.papers.longest()

    def left_ns(self, number: str, now: Reading) -> int:
        """What is left for a candidate while the window is open; it stays the same while the clock is stopped."""
        return self.window.left_ns(now, self._extra_s(number)) + self.allowance.extra_ns(number, now)

    def _extra_s(self, number: str) -> int:
        # A newer plan may have moved somebody away who sits here still.
        entry = self.roster.get(number)
        return entry.extra_s if entry is not None else 0

    def is_live(self, number: str, now: Reading) -> bool:
        """Whether an answer of this candidate counts now. What was on its way when the clock was stopped does."""
        stop = self.allowance.stop
        stopped = stop is not None and elapsed_ns(stop.anchor, now) > STOP_GRACE_NS
        return self._has_time(number, now) and not stopped

    def _has_time(self, number: str, now: Reading) -> bool:
        here = number not in self.gone
        return here and self.window.phase is Phase.OPEN and self.left_ns(number, now) > 0

    def stretch(self) -> None:
        """Let the window last as long as the candidate who has the most time."""
        self.window.longest_extra_s = self.allowance.longest_s({n: e.extra_s for n, e in self.roster.items()})

    def sign_in_open(self, now: Reading) -> bool:
        """Whether the page may ask for number and PIN or voucher. A site without centre time asks at once."""
        if self.window.phase in OVER:
            return False
        manifest = self.held.manifest
        early = manifest.t0_ns - round(manifest.plan.sign_in_lead_s * _S) - now.centre_ns
        return self.window.phase is Phase.OPEN or now.state is ClockState.BLIND or early <= 0

    def in_need(self, now: Reading) -> bool:
        """Whether the secret should be here by now, or may have to, and it or the papers are not."""
        manifest = self.held.manifest
        due_ns = manifest.t0_ns - round(manifest.plan.release_lead_s * _S)
        due = now.centre_ns >= due_ns or (is_lost(now) and may_be_now(manifest, now))
        return self.window.phase in (Phase.WAITING, Phase.SEALED) and due

    def wants_code(self, now: Reading) -> bool:
        """Whether a page says so in place of a countdown: T0 has passed, or nobody here knows when it will."""
        due = is_lost(now) or now.centre_ns >= self.held.manifest.t0_ns
        return self.window.phase in (Phase.WAITING, Phase.SEALED) and due

    def card(self, now: Reading, number: str | None = None) -> ExamCard:
        """Where the window stands, for a page; with a candidate's own closing time if one is named."""
        manifest, window = self.held.manifest, self.window
        now_ms = now.centre_ns // _MS
        opens_ms = manifest.t0_ns // _MS
        if window.phase is Phase.ARMED and window.release is not None:
            opens_ms = now_ms + wait_for_opening_ns(manifest, window.release, now) // _MS
        extra_ns = (self._extra_s(number) if number else 0) * _S + self.allowance.extra_ns(number, now)
        is_open = window.phase is Phase.OPEN
        return ExamCard(
            exam=manifest.exam,
            title=manifest.title,
            state=window.phase.value,
            t0_ms=opens_ms,
            duration_s=manifest.duration_s + extra_ns // _S,
            now_ms=now_ms,
            sign_in=self.sign_in_open(now),
            wants_code=self.wants_code(now),
            closes_ms=now_ms + max(0, window.left_ns(now) + extra_ns) // _MS if is_open else None,
            stopped=is_open and self.allowance.stop is not None,
            reserve=self.held.turned,
        )

    def place_opening(self, now: Reading) -> None:
        """An opening while nothing was known of centre time gets its place in it once something is."""
        if self.opening is not None and self.opening.hi_ns == NEVER_NS:
            moment = moment_of(self.opening.opened, now)
            if moment is not None:
                self.opening = msgspec.structs.replace(self.opening, lo_ns=moment[0], hi_ns=moment[1])

    def progress(self) -> ExamProgress:
        """Figures for the heartbeat; an opening that could have been at any time is not told."""
        state = _STATES[self.window.phase]
        if self.window.phase in BEFORE_OPENING and state is ExamState.READY and self.live:
            state = ExamState.SIGN_IN
        opening = self.opening if self.opening is not None and self.opening.hi_ns < NEVER_NS else None
        seen = [self.sittings[number] for number in self.live if number in self.sittings]
        return ExamProgress(
            exam=self.exam,
            state=state,
            signed_in=len(self.live),
            started=sum(1 for sitting in seen if sitting.answers),
            answered=sum(len(sitting.answers) for sitting in seen),
            handed_in=sum(1 for sitting in seen if sitting.handed_in),
            opened_lo_ns=opening.lo_ns if opening else None,
            opened_hi_ns=opening.hi_ns if opening else None,
            in_trouble=self.in_trouble,
            stopped=self.allowance.stop is not None,
            cancelled=self.held.cancelled,
        )

    # --- what happens to it ----------------------------------------------------------------------------------------

    def put_paper_away(self) -> None:
        """Another paper takes the place of this one: nothing of it is shown or taken any more."""
        self.papers.put_away()
        self._told_over.clear()

    def picture(self, name: str) -> Picture | None:
        """An image of an open paper; nothing of it may be seen before."""
        return self.papers.picture(name) if self.opening is not None else None

    def entered_by(self, number: str) -> Assurance | None:
        """How the candidate's live session began: PIN alone is shown amber to the invigilator; None: nobody sits."""
        session = self.sessions.get(self.live.get(number, ""))
        return session.assurance if session is not None else None

    def recall(self, session: Session) -> None:
        """Know a session; the newest epoch of a candidate is the live one."""
        self.sessions[session.session] = session
        current = self.sessions.get(self.live.get(session.candidate, ""))
        if current is None or session.epoch > current.epoch:
            self.live[session.candidate] = session.session

    def take(self, entry: Entry) -> None:
        """Fold in what the journal has written."""
        event = entry.event
        self.sitting(event.candidate).take(entry)
        if event.client_seq and entry.row > self.committed_row:
            self._unsure.add(entry.row, event.candidate, event.session, event.client_seq)

    def seat(self, session: Session, page: Page) -> None:
        """This page is now the candidate's; the page before it is told."""
        before = self.pages.get(session.candidate)
        self.pages[session.candidate] = page
        if before is not None and before is not page:
            self.waits.pop(session.candidate, None)
            self.moves[session.candidate] = self.moves.get(session.candidate, 0) + 1
            before.send(write_down(Moved(session=session.session)))

    def leave(self, number: str, page: Page) -> None:
        """The page is gone; the session stays."""
        if self.pages.get(number) is page:
            del self.pages[number]
            self.waits.pop(number, None)

    def note_waiting(self, number: str, page: Page, count: int, mono_ns: int) -> None:
        """How many answers the candidate's page says it holds that were never saved."""
        if self.pages.get(number) is not page:
            return
        if count == 0:
            self.waits.pop(number, None)
        else:
            before = self.waits.get(number)
            self.waits[number] = Waits(count, before.since_ns if before is not None else mono_ns)

    def signed_in(self, session: Session, *, key: str | None, resumed: str | None) -> SignedIn:
        """What a page is told when it may go on."""
        entry, sitting = self.roster[session.candidate], self.sitting(session.candidate)
        return SignedIn(
            exam=self.exam,
            session=session.session,
            epoch=session.epoch,
            assurance=session.assurance,
            candidate=Candidate(entry.number, entry.name, entry.code),
            answers=self.kept(session.candidate),
            receipt=sitting.handed_in,
            key=key,
            resumed=resumed,
        )

    def kept(self, number: str) -> list[Kept]:
        """The candidate's answers with ✓ or ✓✓."""
        return [
            Kept(item, placed.option, 2 if placed.row <= self.committed_row else 1)
            for item, placed in self.sitting(number).answers.items()
        ]

    def paper_for(self, number: str) -> str | None:
        """The frame with the candidate's paper; None before the opening, after the close and while the clock stands."""
        paper = self.make_ready(number)
        return paper if self.window.phase is Phase.OPEN and self.allowance.stop is None else None

    def make_ready(self, number: str) -> str | None:
        """The candidate's frame, made before the opening if the papers are here; nobody is shown it by this."""
        entry = self.roster.get(number)
        return self.papers.frame(entry.code, number) if entry is not None else None

    def push_papers(self, numbers: Iterable[str] | None = None) -> None:
        """Hand the paper to every seated page, or to these; at the opening the frames of a room are ready-made."""
        for number in list(self.pages if numbers is None else numbers):
            page, paper = self.pages.get(number), self.make_ready(number)
            if page is not None and paper is not None:
                page.send(paper)

    def tell_all(self, now: Reading) -> None:
        """Where the window stands, to every seated page."""
        for number, page in list(self.pages.items()):
            page.send(write_down(self.card(now, number)))

    def to_open(self) -> list[str]:
        """Candidates who have the paper before them and no OPEN in their chain."""
        return [number for number in self.pages if self.sitting(number).needs(EventKind.OPEN)]

    def to_close(self, now: Reading) -> list[str]:
        """Candidates whose own time is up and who have no CLOSE in their chain."""
        return [number for number in self._may_end(now) if self.left_ns(number, now) <= 0]

    def tell_over(self, now: Reading) -> None:
        """Tell each seated page whose own time is up, once."""
        few = self._few_are_due(now)
        for number in [n for n in (*self.gone, *self.short) if n in self.pages] if few else list(self.pages):
            if number not in self._told_over and not self._has_time(number, now):
                self._told_over.add(number)
                self.tell(number, self.closed(number))

    def next_end_ns(self, now: Reading) -> int | None:
        """Nanoseconds until the next candidate's own end, while the window is open; sooner, as long as nobody's is
        near: what is asked each second must not take a look at ten thousand."""
        if self.window.phase is not Phase.OPEN:
            return None
        lefts = [self.left_ns(number, now) for number in self._may_end(now)]
        if self.live and self._few_are_due(now):
            lefts.append(self.window.left_ns(now))
        return max(0, min(lefts)) if lefts else None

    def _may_end(self, now: Reading) -> list[str]:
        """Who writes, and may be at their own end."""
        asked = [n for n in self.short if n in self.live] if self._few_are_due(now) else self.live
        return [number for number in asked if self.sitting(number).needs(EventKind.CLOSE)]

    def _few_are_due(self, now: Reading) -> bool:
        """Only guests from a site that opened earlier have less than the plan's length: grants and stopped clocks add
        to it, and so does the roster for everybody else."""
        return self.window.phase is Phase.OPEN and self.window.left_ns(now) > 0

    def closed(self, number: str) -> Closed:
        """What a candidate is told at the end."""
        sitting = self.sitting(number)
        return Closed(exam=self.exam, receipt=sitting.receipt, answered=len(sitting.answers))

    def confirm(self, row: int) -> None:
        """The province has everything up to this journal row: ✓✓. After a restore of the centre the row may fall; the
        pages are then shown what is true until it has risen again."""
        fell, self.committed_row = row < self.committed_row, row
        self._confirmed_once = max(self._confirmed_once, row)
        if fell or self._fallen:
            self._fallen = row < self._confirmed_once
            for number in self.pages:
                self.tell(number, Answers(answers=self.kept(number)))
        for sure in self._unsure.confirm(row):
            self.tell(sure.number, Received(session=sure.session, through=sure.through))

    def confirmed_again(self, entry: Entry) -> Received | None:
        """What to say to a page that asks again about an old entry: ✓✓ if the province has it."""
        if entry.row > self.committed_row:
            return None
        through = self._unsure.again(entry.event.session, entry.event.client_seq)
        return None if through is None else Received(session=entry.event.session, through=through)

    def tell(self, number: str, message: Down) -> None:
        """A frame for a candidate's page, if there is one."""
        page = self.pages.get(number)
        if page is not None:
            page.send(write_down(message))


def new_hall(held: Held) -> Hall:
    """A hall as the vault has it; the window's past is put in by the caller."""
    hall = Hall(held=held, window=Window(held.manifest), roster={}, vouchers={})
    keep_roster(hall, held.roster)
    return hall


def keep_roster(hall: Hall, roster: list[RosterEntry]) -> None:
    """Who may sit here, from now on: those of the plan, guests from other sites, nobody who has left for one."""
    seated = {entry.number: entry for entry in roster if entry.number not in hall.gone} | hall.guests
    hall.roster = seated
    hall.short = [number for number, entry in seated.items() if entry.extra_s < 0]
    hall.vouchers = {voucher_name(entry.voucher_key): entry for entry in seated.values()}
    hall.stretch()
