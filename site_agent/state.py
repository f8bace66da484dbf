"""What the pages on this computer are told: one frozen picture of the site, and a way to wait for the next."""

import asyncio
from typing import Any

import msgspec

from site_agent.lecture.port import Lecture
from wire.ids import ClockState, PicturePolicy, RollCallId, SiteId


class SiteName(msgspec.Struct, frozen=True):
    """Who this computer is."""

    id: SiteId
    code: str
    name: str


class ClockView(msgspec.Struct, frozen=True):
    """How well this computer knows centre time; bound in milliseconds."""

    state: ClockState = ClockState.BLIND
    bound_ms: float | None = None


class NoticeView(msgspec.Struct, frozen=True):
    """A line for the big screen until until_ms of centre time."""

    id: str
    text_vi: str
    text_en: str
    until_ms: int


class RollCallView(msgspec.Struct, frozen=True):
    """A roll call is being taken; at_ms is the moment of the pictures, centre time."""

    at_ms: int


class CountedView(msgspec.Struct, frozen=True):
    """The last roll call that was counted here. `still`: of the count, how many never moved; `ratio`: people by hand
    for one by camera, where this room was counted both ways."""

    roll_call: RollCallId
    at_ms: int
    count: int | None
    reason: str
    still: int = 0
    ratio: float | None = None


class RulesView(msgspec.Struct, frozen=True):
    """What the people in the room are told: what may leave it, for how many days that is kept, who sees it, and
    whether the others see it as it is while it speaks."""

    policy: PicturePolicy
    keep_days: int
    seen_by: str
    speaker_seen: bool = False


class QuestionView(msgspec.Struct, frozen=True):
    """The centre asks about the numbers of a roll call: expected, by camera, declared, signed in."""

    roll_call: RollCallId
    at_ms: int
    expected: int
    camera: int | None
    declared: int | None
    signed_in: int | None = None


class ExamView(msgspec.Struct, frozen=True):
    """The exam of this site; url is what candidates open on the room's own network."""

    title: str
    state: str
    t0_ms: int
    url: str


class DeclaredView(msgspec.Struct, frozen=True):
    """The last head count that a person entered here; at_ms is centre time; signed_by is empty when nobody signed.
    `listed`: how many people signed the room's list, None when that was not said."""

    number: int
    at_ms: int
    signed_by: str = ""
    listed: int | None = None


class ChatMark(msgspec.Struct, frozen=True):
    """The chat of the desk: changes with each line and mark; `unread` lines of operators wait. What they say is not in
    this picture, because the big screen's page is told it too."""

    changes: int = 0
    unread: int = 0


class DoorView(msgspec.Struct, frozen=True):
    """Where to publish (WHIP) or view (WHEP) a stream, and the token that allows it."""

    url: str
    token: str


class SpeakerView(msgspec.Struct, frozen=True):
    """The room that has the floor; times are centre time. `here`: it is this one."""

    code: str
    name: str
    since_ms: int
    until_ms: int
    here: bool


class AsideView(msgspec.Struct, frozen=True):
    """An operator has a private word with this room."""

    id: str
    said_by: str
    speak: DoorView
    hear: DoorView


class FloorView(msgspec.Struct, frozen=True):
    """The floor as this room knows it. `hand`: `down`, `sending` while the centre has not taken the wish, or `up`;
    `place` in the queue, 0 when it is down; `speak` is there while this room has the floor, `asked` when it is because
    its own hand was up; `questions` changes
    with each written question and what becomes of it: what they say is asked for by the desk."""

    session: str
    hear: DoorView | None = None
    speaker: SpeakerView | None = None
    speak: DoorView | None = None
    muted: bool = False
    asked: bool = False
    hand: str = "down"
    place: int = 0
    aside: AsideView | None = None
    questions: int = 0


class SlidesView(msgspec.Struct, frozen=True):
    """The page of the lecture's slides; ``picture`` its address on this computer, empty until it has come; ``near``:
    pages that may be next. ``layout`` is a word of `wire.slides.SlideLayout`."""

    layout: str
    page: int
    pages: int
    picture: str
    near: tuple[str, ...] = ()


class Contact(msgspec.Struct, frozen=True):
    """Whom to call."""

    hotline: str = ""


class SiteView(msgspec.Struct, frozen=True, kw_only=True):
    """The whole picture. link is `up`, `down`, or `never` since this program started; language, `vi` or `en`, is that
    of the big screen."""

    site: SiteName
    link: str = "never"
    clock: ClockView = ClockView()
    lecture: Lecture | None = None
    notices: tuple[NoticeView, ...] = ()
    roll_call: RollCallView | None = None
    exam: ExamView | None = None
    contact: Contact = Contact()
    declared: DeclaredView | None = None
    counted: CountedView | None = None
    rules: RulesView | None = None
    questions: tuple[QuestionView, ...] = ()
    chat: ChatMark = ChatMark()
    floor: FloorView | None = None
    slides: SlidesView | None = None
    recording: bool = False
    language: str = "vi"


class SiteState:
    """Holds the newest SiteView; only the loop's own thread writes."""

    def __init__(self, view: SiteView) -> None:
        self._view = view
        self._version = 0
        self._changed = asyncio.Event()

    @property
    def view(self) -> SiteView:
        """The picture as it is now."""
        return self._view

    @property
    def version(self) -> int:
        """Counts the changes."""
        return self._version

    def put(self, **fields: Any) -> None:
        """Replace these fields; waiters wake only if something really changed."""
        view = msgspec.structs.replace(self._view, **fields)
        if view == self._view:
            return
        self._view = view
        self._version += 1
        self._changed.set()
        self._changed = asyncio.Event()

    async def after(self, version: int) -> None:
        """Until the picture is newer than `version`; at once if it already is."""
        while self._version <= version:
            await self._changed.wait()
