"""Looks at what the room is shown: the big screen, the exam's paper; and at the clock and the line, which the agent
knows of itself."""

from collections.abc import Callable, Sequence

from site_agent.readiness.judging.line import judge_paired
from site_agent.readiness.judging.show import HeldPaper, judge_paper, judge_screen
from site_agent.readiness.judging.time import judge_clock
from site_agent.readiness.memory import Memory
from wire.ids import ExamState
from wire.messages import ClockHealth, ScreenHealth
from wire.readiness import Check, CheckName

_OPENED = frozenset({ExamState.OPEN, ExamState.CLOSED})


class ShowLooks:
    """``page_alive``: whether the screen's page reports; ``browser``: whether one is there, or none is needed."""

    def __init__(
        self,
        memory: Memory,
        now_ns: Callable[[], int],
        said: Callable[[CheckName], Check | None],
        *,
        screen: Callable[[], ScreenHealth],
        page_alive: Callable[[], bool],
        browser: Callable[[], bool],
        papers: Callable[[], Sequence[HeldPaper]],
        opened: Callable[[], str],
        clock: Callable[[], ClockHealth],
        line: Callable[[], tuple[str, str | None]],
        site: str,
    ) -> None:
        self._memory = memory
        self._now_ns = now_ns
        self._said = said
        self._screen = screen
        self._page_alive = page_alive
        self._browser = browser
        self._papers = papers
        self._opened = opened
        self._clock = clock
        self._line = line
        self._site = site

    async def screen(self) -> list[Check]:
        """Frames that the screen's page counts."""
        check = judge_screen(
            self._screen(),
            browser=self._browser(),
            page_alive=self._page_alive(),
            before=self._said(CheckName.SCREEN),
            now_ns=self._now_ns(),
        )
        return [check]

    async def paper(self) -> list[Check]:
        """Papers held, and whether one was ever opened here."""
        if opened := self._opened():
            self._memory.put(opened=opened)
        return [judge_paper(self._papers(), self._memory.now.opened)]

    async def clock(self) -> list[Check]:
        """Centre time and this computer's own clock."""
        return [judge_clock(self._clock())]

    async def paired(self) -> list[Check]:
        """The line to the centre."""
        state, refusal = self._line()
        return [judge_paired(paired=True, line=state, refusal=refusal, note=self._site)]
