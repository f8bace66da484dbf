"""Questions of the centre about a roll call's numbers: at the desk until somebody answers, after a restart too."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import msgspec
import structlog

from site_agent.kept import keep
from site_agent.state import QuestionView, SiteState
from wire.heartbeat import MOST_ASKED
from wire.ids import RollCallId
from wire.rooms import CountQuestion, CountQuestionWithdrawn
from wire.unreadable import UNREADABLE

FILE = "count-questions.json"
REMEMBERED = 100
MS = 1_000_000

log = structlog.get_logger()


class Known(msgspec.Struct, frozen=True):
    """The whole file: what is open, the oldest first, and which were answered with the question they answered."""

    open: tuple[CountQuestion, ...] = ()
    answered: tuple[CountQuestion, ...] = ()


class Questions:
    """One file in ``home``. With more than ``MOST_ASKED`` open the oldest goes: the newest roll call matters most."""

    def __init__(self, home: Path, state: SiteState) -> None:
        self._path = home / FILE
        self._state = state
        self._writing = asyncio.Lock()
        self._known = _read(self._path)
        self._show()

    def asks(self, roll_call: RollCallId) -> bool:
        """Whether this roll call's numbers are asked about."""
        return any(each.roll_call == roll_call for each in self._known.open)

    def open(self) -> list[RollCallId]:
        """The roll calls that are asked about, the oldest first."""
        return [each.roll_call for each in self._known.open]

    async def on_question(self, question: CountQuestion) -> None:
        """For the line: ask the desk. What was answered is asked again only when the numbers have changed since."""
        if question in self._known.answered:
            return
        others = [each for each in self._known.open if each.roll_call != question.roll_call]
        await self._become(Known(tuple([*others, question][-MOST_ASKED:]), self._known.answered))

    async def on_withdrawn(self, withdrawn: CountQuestionWithdrawn) -> None:
        """For the line: nobody asks any more. It counts as unanswered, should the centre ask again."""
        if self.asks(withdrawn.roll_call):
            still = tuple(each for each in self._known.open if each.roll_call != withdrawn.roll_call)
            await self._become(Known(still, self._known.answered))

    async def answered(self, roll_call: RollCallId) -> None:
        """The desk has given its number and its word."""
        closed = [each for each in self._known.open if each.roll_call == roll_call]
        still = tuple(each for each in self._known.open if each.roll_call != roll_call)
        await self._become(Known(still, (*self._known.answered, *closed)[-REMEMBERED:]))

    async def _become(self, known: Known) -> None:
        self._known = known
        self._show()
        try:
            async with self._writing:
                await asyncio.to_thread(keep, self._path, msgspec.json.encode(self._known))
        except OSError as fault:
            log.error("questions_not_kept", error=str(fault))

    def _show(self) -> None:
        self._state.put(questions=_views(self._known.open))


def _views(questions: Sequence[CountQuestion]) -> tuple[QuestionView, ...]:
    return tuple(
        QuestionView(each.roll_call, each.at_ns // MS, each.expected, each.camera, each.declared, each.signed_in)
        for each in questions
    )


def _read(path: Path) -> Known:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Known)
    except FileNotFoundError:
        return Known()
    except (OSError, *UNREADABLE) as fault:
        log.error("questions_unreadable", error=str(fault))
        return Known()
