"""The number that a person gives for the room: kept for the centre with its roll call, signed with the school's PIN."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated

import msgspec
import structlog

from site_agent.exam.invigilation.pin_door import PinDoor
from site_agent.questions import Questions
from site_agent.state import DeclaredView, SiteState
from wire.ids import RollCallId
from wire.messages import DeclaredCount

MS = 1_000_000
HERE = "127.0.0.1"
BELONGS_MS = 3 * 3600 * 1000
"""A number given without a roll call belongs to the newest one of this long ago."""
SHORTEST_WORD = 3

log = structlog.get_logger()

_People = Annotated[int, msgspec.Meta(ge=0, le=10_000)]
_Name = Annotated[str, msgspec.Meta(max_length=80)]


class DeclaredNumber(msgspec.Struct, frozen=True):
    """Body of `POST /local/declared`: people in the room, counted by a person; signed when `who` and `pin` are given.

    `word`: why the number differs, for a roll call that the centre asks about. `listed`: how many people signed the
    room's list, where there is one.
    """

    number: _People
    roll_call: Annotated[str, msgspec.Meta(min_length=1, max_length=40)] | None = None
    who: _Name = ""
    pin: Annotated[str, msgspec.Meta(max_length=40)] = ""
    word: Annotated[str, msgspec.Meta(max_length=1000)] = ""
    listed: _People | None = None


class NotDeclared(Exception):
    """The number was not taken: `unsigned` (a question needs a name and the PIN, a PIN needs a name), `no_word`."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Declaring:
    """Takes numbers from the desk. ``keep`` stores a record durably before it returns (`OutboxRefused`)."""

    def __init__(
        self,
        keep: Callable[[DeclaredCount], Awaitable[object]],
        door: PinDoor,
        questions: Questions,
        state: SiteState,
        now_ns: Callable[[], int],
    ) -> None:
        self._keep = keep
        self._door = door
        self._questions = questions
        self._state = state
        self._now_ns = now_ns

    async def declare(self, said: DeclaredNumber) -> DeclaredView:
        """Keep the number; raises `NotDeclared`, `PinRefused`, `OutboxRefused`."""
        who, word = said.who.strip(), said.word.strip()
        roll_call = RollCallId(said.roll_call) if said.roll_call else self._newest()
        asked = roll_call is not None and said.roll_call is not None and self._questions.asks(roll_call)
        if bool(who) != bool(said.pin) or (asked and not who):
            raise NotDeclared("unsigned", "Cần cả họ tên và mã PIN để ký. / A name and the PIN are needed to sign.")
        if asked and len(word) < SHORTEST_WORD:
            raise NotDeclared("no_word", "Trung tâm cần lý do chênh lệch. / The centre needs a word of why.")
        if who:
            await self._door.knock(said.pin, HERE, here=True)
        at_ns = max(0, self._now_ns())
        await self._keep(
            DeclaredCount(
                roll_call=roll_call, number=said.number, at_ns=at_ns, signed_by=who, word=word, listed=said.listed
            )
        )
        log.info("number_declared", number=said.number, listed=said.listed, signed=bool(who), roll_call=roll_call)
        if asked and roll_call is not None:
            await self._questions.answered(roll_call)
        return DeclaredView(said.number, at_ns // MS, who, said.listed)

    def _newest(self) -> RollCallId | None:
        counted = self._state.view.counted
        if counted is None or self._now_ns() // MS - counted.at_ms > BELONGS_MS:
            return None
        return counted.roll_call
