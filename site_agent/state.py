"""What the pages on this computer are told: one frozen picture of the site, and a way to wait for the next."""

import asyncio
from typing import Any

import msgspec

from site_agent.lecture.port import Lecture
from wire.ids import ClockState, SiteId


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


class ExamView(msgspec.Struct, frozen=True):
    """The exam of this site; url is what candidates open on the room's own network."""

    title: str
    state: str
    t0_ms: int
    url: str


class DeclaredView(msgspec.Struct, frozen=True):
    """The last head count that a person entered here; at_ms is centre time."""

    number: int
    at_ms: int


class Contact(msgspec.Struct, frozen=True):
    """Whom to call."""

    hotline: str = ""


class SiteView(msgspec.Struct, frozen=True, kw_only=True):
    """The whole picture. link is `up`, `down`, or `never` since this program started."""

    site: SiteName
    link: str = "never"
    clock: ClockView = ClockView()
    lecture: Lecture | None = None
    notices: tuple[NoticeView, ...] = ()
    roll_call: RollCallView | None = None
    exam: ExamView | None = None
    contact: Contact = Contact()
    declared: DeclaredView | None = None


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
