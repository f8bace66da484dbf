"""What one page and the desk say to each other, message by message."""

import secrets

import msgspec

from site_agent.exam.doorkeeper import whole_ms
from site_agent.exam.hall import Hall, Page
from site_agent.exam.journal import JournalRefused
from site_agent.exam.ledger import Session
from site_agent.exam.limits import Failures
from site_agent.exam.protocol import (
    Answer,
    Down,
    HandIn,
    Hello,
    Moved,
    Ping,
    Pong,
    Receipt,
    ReleaseCode,
    Resume,
    Saved,
    SignIn,
    Trouble,
    Unreadable,
    VoucherIn,
    Welcome,
    read_up,
    write_down,
)
from site_agent.exam.protocol import Answers as AnswersNow
from site_agent.exam.service import ExamSite
from site_agent.exam.sitting import Draft
from site_agent.exam.troubles import Turned, trouble
from site_agent.exam.window import Phase
from wire.chain import EventKind
from wire.ids import Assurance, ExamId, ItemId, OptionId
from wire.voucher import message_mark, same

_NOTES = {EventKind.LATE: "late", EventKind.ASIDE: "aside", EventKind.CONFLICT: "conflict"}


class Conversation:
    """One connection. Messages are taken one at a time, in order."""

    def __init__(self, site: ExamSite, page: Page, peer: str, codes: Failures) -> None:
        self._site = site
        self._page = page
        self._peer = peer
        self._codes = codes
        self._nonce = secrets.token_hex(16)
        self._hall: Hall | None = None
        self._session: Session | None = None

    async def hear(self, text: str) -> None:
        """Take one frame and answer it."""
        try:
            await self._take(read_up(text))
        except Unreadable:
            self._say(trouble("unreadable"))
        except Turned as turned:
            self._say(turned.trouble)
        except JournalRefused as refused:
            self._say(trouble(refused.code))

    def leave(self) -> None:
        """The connection is gone."""
        if self._hall is not None and self._session is not None:
            self._hall.leave(self._session.candidate, self._page)

    async def _take(self, message: object) -> None:
        match message:
            case Hello():
                self._welcome()
            case Ping():
                self._note_waiting(message.waiting)
                self._say(Pong(now_ms=self._site.read().centre_ns // 1_000_000))
            case SignIn():
                hall = self._find(message.exam)
                await self._seat(hall, await self._site.doorkeeper.sign_in(hall, message, self._peer))
            case VoucherIn():
                hall = self._find(message.exam)
                await self._seat(hall, await self._site.doorkeeper.voucher(hall, message, self._nonce, self._peer))
            case Resume():
                await self._resume(message)
            case Answer():
                await self._answer(message)
            case HandIn():
                await self._hand_in(message)
            case ReleaseCode():
                await self._code(message)

    def _note_waiting(self, count: int | None) -> None:
        if count is not None and self._hall is not None and self._session is not None:
            self._hall.note_waiting(self._session.candidate, self._page, count, self._site.read().mono_ns)

    def _welcome(self) -> None:
        now = self._site.read()
        cards = [hall.card(now) for hall in self._site.halls.values()]
        self._say(Welcome(site=self._site.name, nonce=self._nonce, now_ms=now.centre_ns // 1_000_000, exams=cards))

    def _find(self, exam: str) -> Hall:
        hall = self._site.halls.get(ExamId(exam))
        if hall is None:
            raise Turned("no_exam")
        return hall

    async def _resume(self, message: Resume) -> None:
        hall = self._find(message.exam)
        session = await self._site.doorkeeper.resume(hall, message, self._nonce)
        if session is None:
            self._say(Moved(session=message.session))
            return
        await self._seat(hall, session, resumed=message.session)

    async def _seat(self, hall: Hall, session: Session, resumed: str | None = None) -> None:
        self.leave()
        self._hall, self._session = hall, session
        shown = session.key if resumed is None and session.assurance is Assurance.PIN else None
        signed_in = hall.signed_in(session, key=shown, resumed=resumed)
        key, place = self._site.rescue_to.hex(), self._site.rescue_at
        self._say(msgspec.structs.replace(signed_in, rescue_to=key, rescue_at=place))
        hall.seat(session, self._page)
        now = self._site.read()
        self._say(hall.card(now, session.candidate))
        paper = hall.paper_for(session.candidate)
        if paper is not None:
            self._page.send(paper)
            if hall.is_live(session.candidate, now):
                await self._site.mark_open(hall, [session.candidate])
        if hall.window.phase is Phase.CLOSED or (paper is not None and not hall.is_live(session.candidate, now)):
            self._say(hall.closed(session.candidate))

    async def _answer(self, message: Answer) -> None:
        hall, session = self._own(message)
        wanted = message_mark(session.key, "answer", session.session, message.client_seq, message.item, message.option)
        if not same(wanted, message.mac):
            self._refuse("mac_refused", message)
        elif hall.opening is None:
            self._refuse("not_open", message)
        elif not hall.offers(session.candidate, message.item, message.option):
            self._refuse("unknown_item", message)
        else:
            draft = self._draft(hall, session, message, EventKind.ANSWER)
            await self._write(hall, draft, message)

    async def _hand_in(self, message: HandIn) -> None:
        hall, session = self._own(message)
        if not same(message_mark(session.key, "hand_in", session.session, message.client_seq), message.mac):
            self._refuse("mac_refused", message)
        elif hall.opening is None:
            self._refuse("not_open", message)
        else:
            await self._write(hall, self._draft(hall, session, message, EventKind.HAND_IN), message)
            sitting = hall.sitting(session.candidate)
            if sitting.handed_in is not None and self._session is not None:
                self._say(Receipt(code=sitting.handed_in, answered=len(sitting.answers)))

    async def _write(self, hall: Hall, draft: Draft, message: Answer | HandIn) -> None:
        try:
            written = await self._site.journal.append(draft)
        except JournalRefused as refused:
            self._refuse(refused.code, message)
            return
        kind = written.entry.event.kind
        self._say(Saved(session=draft.session, client_seq=draft.client_seq, note=_NOTES.get(kind, "")))
        if written.repeated:
            received = hall.confirmed_again(written.entry)
            if received is not None:
                self._say(received)
        elif self._session is None:
            return
        elif kind is EventKind.ANSWER and draft.session != hall.live.get(draft.candidate):
            hall.tell(draft.candidate, AnswersNow(answers=hall.kept(draft.candidate)))

    def _own(self, message: Answer | HandIn) -> tuple[Hall, Session]:
        """The session that a message names, if it is of the candidate who sits here: a page also brings what an
        earlier session of the same candidate could not send. Where nobody sits, a computer that is shared in shifts
        brings what the person before could not send: the message's mark is proof enough, as it is for a resume."""
        if self._hall is None or self._session is None:
            for hall in self._site.halls.values():
                if message.session in hall.sessions:
                    return hall, hall.sessions[message.session]
            raise Turned("sign_in_again", session=message.session, client_seq=message.client_seq)
        named = self._hall.sessions.get(message.session)
        if named is None:
            # Begun on a computer whose disk is no more: the page says it again under the session of this one.
            raise Turned("session_unknown", session=message.session, client_seq=message.client_seq)
        if named.candidate != self._session.candidate:
            raise Turned("mac_refused")
        return self._hall, named

    def _draft(self, hall: Hall, session: Session, message: Answer | HandIn, kind: EventKind) -> Draft:
        now = self._site.read()
        item, option = (message.item, message.option) if isinstance(message, Answer) else (None, None)
        return Draft(
            exam=hall.exam,
            candidate=session.candidate,
            kind=kind,
            at_ns=max(0, now.centre_ns),
            bound_ms=whole_ms(now),
            session=session.session,
            client_seq=message.client_seq,
            epoch=session.epoch,
            item=ItemId(item) if item else None,
            option=OptionId(option) if option else None,
            live=hall.is_live(session.candidate, now),
        )

    async def _code(self, message: ReleaseCode) -> None:
        hall = self._find(message.exam)
        at = self._site.read().mono_ns / 1e9
        wait = self._codes.wait_s(self._peer, at)
        if wait > 0:
            raise Turned("wait", wait)
        if not await self._site.type_code(hall.exam, message.text):
            self._codes.count(self._peer, at)
            raise Turned("wrong_code")

    def _refuse(self, code: str, message: Answer | HandIn) -> None:
        self._say(trouble(code, session=message.session, client_seq=message.client_seq))

    def _say(self, message: Down | Trouble) -> None:
        self._page.send(write_down(message))
