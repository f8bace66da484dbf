"""Looks at what the room is shown: the big screen, the exam's paper; and at the clock and the line, which the agent
knows of itself."""

from collections.abc import Awaitable, Callable, Sequence

import msgspec

from site_agent.readiness.judging.line import judge_paired
from site_agent.readiness.judging.show import HeldPaper, judge_paper, judge_screen
from site_agent.readiness.judging.time import judge_clock
from site_agent.readiness.memory import Memory
from wire.ids import ScreenState
from wire.messages import ClockHealth, ScreenHealth
from wire.readiness import Check, CheckName

TRIAL = "trial"


class ShowLooks:
    """``page_alive``: whether the screen's page reports; ``browser``: whether one is there, or none is needed;
    ``trial`` shows this computer's own test picture and tells what the screen decoded of it."""

    def __init__(
        self,
        memory: Memory,
        now_ns: Callable[[], int],
        said: Callable[[CheckName], Check | None],
        *,
        screen: Callable[[], ScreenHealth],
        page_alive: Callable[[], bool],
        browser: Callable[[], bool],
        trial: Callable[[], Awaitable[ScreenHealth]],
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
        self._trial = trial
        self._papers = papers
        self._opened = opened
        self._clock = clock
        self._line = line
        self._site = site

    async def screen(self) -> list[Check]:
        """Frames that the screen's page counts of whatever is on air."""
        return [self._judged(self._screen())]

    async def screen_asked(self) -> list[Check]:
        """The same; while nothing is on air, of this computer's own test picture."""
        health = self._screen()
        idle = health.state is ScreenState.IDLE and health.session is None
        if not (idle and self._browser() and self._page_alive()):
            return await self.screen()
        check = self._judged(await self._trial())
        return [msgspec.structs.replace(check, note=TRIAL)]

    def _judged(self, health: ScreenHealth) -> Check:
        return judge_screen(
            health,
            browser=self._browser(),
            page_alive=self._page_alive(),
            before=self._said(CheckName.SCREEN),
            now_ns=self._now_ns(),
        )

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
