"""What the rest of the agent knows of a big screen."""

from typing import Protocol

import msgspec

from wire.ids import SessionId
from wire.ladder import PHONE
from wire.messages import ScreenHealth


class Lecture(msgspec.Struct, frozen=True):
    """A lecture to be shown: where to ask for it (WHEP) and with which right.

    `rung` `phone` (`wire.ladder`): nothing is asked for, the screen says whom to call; `hotline`: the centre's number.
    """

    session: SessionId
    stream: str
    whep_url: str
    token: str
    title: str
    lecturer: str
    rung: str = ""
    hotline: str = ""

    @property
    def by_phone(self) -> bool:
        """Whether the room is to telephone in place of watching."""
        return self.rung == PHONE


class BigScreen(Protocol):
    """A room's screen. Adapters: `KioskScreen` (a browser) and `HeadlessScreen` (decodes and shows nothing)."""

    async def start(self) -> None:
        """Begin to work; returns at once."""

    async def stop(self) -> None:
        """End everything that start began."""

    def show(self, lecture: Lecture | None) -> None:
        """Show this lecture from now on, or none. A new token for the same session counts as a new lecture."""

    async def restart(self) -> bool:
        """Begin anew as if the computer had just started; whether it works again within half a minute."""

    def health(self) -> ScreenHealth:
        """What is really decoded now."""

    @property
    def page_alive(self) -> bool:
        """Whether there is a page that reports, or none is needed."""
