"""The room's hand and questions, and the picture of the floor that the centre tells, put into what the pages are told.

The centre keeps the truth. A wish of the room is said again every few seconds until the centre's picture names it as
heard; a wish made while the line is down waits for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import msgspec
import structlog

from site_agent.link.outbox import OutboxRefused
from site_agent.state import AsideView, DoorView, FloorView, SiteState, SpeakerView
from wire.floor import QUESTION_LETTERS, AsideNow, Door, FloorNow, FloorQuestion, HandWish
from wire.ids import SessionId, SiteId, new_id
from wire.messages import Record, Up

log = structlog.get_logger()

MS = 1_000_000
LOOK_S = 0.5
AGAIN_S = 3.0
KEPT_QUESTIONS = 20


class FloorRefused(Exception):
    """Not now; the code and the sentence for the person who asked."""

    def __init__(self, code: str, message: str, status: int) -> None:
        super().__init__(message)
        self.code, self.message, self.status = code, message, status


class Asked(msgspec.Struct, frozen=True):
    """A question of this room, as its desk shows it."""

    id: str
    text: str
    at_ms: int
    state: str


class SiteFloor:
    """`on_floor` is fed by the line. `connection`: which connection of the line stands, 0 for none."""

    def __init__(
        self,
        site: SiteId,
        state: SiteState,
        *,
        tell: Callable[[Up], None],
        connection: Callable[[], int],
        keep: Callable[[Record], Awaitable[object]],
        now_ns: Callable[[], int],
    ) -> None:
        self._site = site
        self._state = state
        self._tell = tell
        self._connection = connection
        self._keep = keep
        self._now_ns = now_ns
        self._now: FloorNow | None = None
        self._wish: HandWish | None = None
        self._said_s = float("-inf")
        self._asked: dict[str, Asked] = {}
        self._changes = 0

    async def on_floor(self, now: FloorNow) -> None:
        """The centre's whole picture."""
        self._now = now
        if self._wish is not None and (self._wish.session != now.session or self._wish.id == now.heard):
            self._wish = None
        for question in now.questions:
            mine = self._asked.get(question.id)
            if mine is not None and mine.state != question.state:
                self._asked[question.id] = msgspec.structs.replace(mine, state=question.state)
                self._changes += 1
        self._show()

    # --- what the room does ----------------------------------------------------------------------------------------

    def wish(self, *, up: bool) -> None:
        """Raise the hand, or lower it, or give the floor back. Raises `FloorRefused`."""
        session = self._session()
        self._wish = HandWish(id=new_id("wish"), session=session, up=up, at_ns=max(0, self._now_ns()))
        self._said_s = float("-inf")
        self._say(asyncio.get_running_loop().time())
        self._show()

    async def question(self, name: str, text: str) -> None:
        """Ask in writing; `name` is the page's own, the same again asks once. Raises `FloorRefused`."""
        session, text = self._session(), text.strip()
        if not 1 <= len(text) <= QUESTION_LETTERS or not 1 <= len(name) <= 40:
            raise FloorRefused(
                "bad_question", f"Câu hỏi dài 1 đến {QUESTION_LETTERS} chữ. / 1 to {QUESTION_LETTERS} letters.", 400
            )
        if name in self._asked:
            return
        at_ns = max(0, self._now_ns())
        try:
            await self._keep(FloorQuestion(id=name, session=session, text=text, at_ns=at_ns))
        except OutboxRefused as fault:
            raise FloorRefused(
                "not_kept", "Máy này chưa ghi được câu hỏi. / This computer could not keep the question.", 503
            ) from fault
        self._asked[name] = Asked(name, text, at_ns // MS, "kept")
        self._changes += 1
        while len(self._asked) > KEPT_QUESTIONS:
            del self._asked[next(iter(self._asked))]
        self._show()

    def questions(self) -> list[Asked]:
        """This room's questions since the agent started, the newest last. `kept`: not at the centre yet."""
        return list(self._asked.values())

    async def run(self) -> None:
        """Say an unheard wish again. Runs until cancelled."""
        while True:
            self._say(asyncio.get_running_loop().time())
            await asyncio.sleep(LOOK_S)

    def _session(self) -> SessionId:
        if self._now is None or self._now.session is None:
            raise FloorRefused("no_session", "Chưa có buổi học nào. / No session is on.", 409)
        return self._now.session

    def _say(self, now_s: float) -> None:
        if self._wish is None or not self._connection() or now_s - self._said_s < AGAIN_S:
            return
        self._said_s = now_s
        self._tell(self._wish)

    # --- what the pages are told -----------------------------------------------------------------------------------

    def _show(self) -> None:
        now = self._now
        self._state.put(floor=self._view(now) if now is not None and now.session is not None else None)

    def _view(self, now: FloorNow) -> FloorView:
        waiting = self._wish is not None
        hand = "up" if now.place else "down"
        return FloorView(
            session=now.session or "",
            hear=_door(now.hear),
            speaker=self._speaker(now),
            speak=_door(now.speak),
            muted=now.muted,
            asked=now.asked,
            hand="sending" if waiting else hand,
            place=now.place,
            aside=_aside(now.aside),
            questions=self._changes,
        )

    def _speaker(self, now: FloorNow) -> SpeakerView | None:
        told = now.speaker
        if told is None:
            return None
        return SpeakerView(told.code, told.name, told.since_ns // MS, told.until_ns // MS, told.site == self._site)


def _door(door: Door | None) -> DoorView | None:
    return DoorView(door.url, door.token) if door is not None else None


def _aside(aside: AsideNow | None) -> AsideView | None:
    if aside is None:
        return None
    speak, hear = aside.speak, aside.hear
    return AsideView(aside.id, aside.said_by, DoorView(speak.url, speak.token), DoorView(hear.url, hear.token))
