"""Keeps a site's centre time: bursts of exchanges while the line is up, a watch over clocks that jump or sleep."""

import asyncio
import sys
import time
from collections.abc import Callable, Sequence
from typing import Protocol

import structlog

from site_agent.link.dialling import within
from wire.ids import ClockState
from wire.messages import ClockHealth
from wire.timesync import BURST, Exchange, TimeSync, Verdict

log = structlog.get_logger()

EVERY_S = 64.0
RETRY_S = 4.0
BETWEEN_PINGS_S = 0.01
WATCH_EVERY_S = 1.0
SOURCE = "centre"
UNKNOWN = (0, 2**63 - 1)
"""An interval of centre time that holds any moment: nothing is known."""


class CentreTime(Protocol):
    """Centre time as the rest of the agent reads it: Unix nanoseconds."""

    @property
    def state(self) -> ClockState: ...

    @property
    def bound_ms(self) -> float | None: ...

    def now_ns(self) -> int: ...

    def interval_ns(self) -> tuple[int, int]: ...


class NoExchange(Exception):
    """The line is down, or the centre did not answer a ping in time."""


class Pinger(Protocol):
    """The line, as the clock needs it."""

    async def up(self) -> int:
        """Wait until the line is up; return which connection it is (1, 2, 3, …)."""
        ...

    async def exchange(self) -> Exchange:
        """Return the stamps of one ping; raise `NoExchange`."""
        ...


def monotonic_ns() -> int:
    """Return a monotonic reading that counts sleep where the platform has one, and ticks finer than a millisecond."""
    if sys.platform == "win32":
        return time.perf_counter_ns()  # time.monotonic ticks at 15.6 ms there before Python 3.13
    return time.clock_gettime_ns(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class ClockDiscipline:
    """Centre time of this site. `mono_ns` and `wall_ns` read this computer's clocks."""

    def __init__(
        self,
        mono_ns: Callable[[], int] = monotonic_ns,
        wall_ns: Callable[[], int] = time.time_ns,
        *,
        every_s: float = EVERY_S,
        watch_every_s: float = WATCH_EVERY_S,
    ) -> None:
        self._mono_ns = mono_ns
        self._wall_ns = wall_ns
        self._every_s = every_s
        self._watch_every_s = watch_every_s
        self._sync = TimeSync()
        self._centre = ""
        self._others: dict[str, str] = {}
        self._voided = asyncio.Event()

    @property
    def state(self) -> ClockState:
        """How well centre time is known."""
        return self._sync.state(self._mono_ns())

    @property
    def bound_ms(self) -> float | None:
        """Largest possible error of `now_ns` in milliseconds; None if unknown."""
        bound = self._sync.bound(self._mono_ns())
        return None if bound is None else bound / 1e6

    @property
    def heard(self) -> bool:
        """Whether the centre was ever heard; until then `now_ns` is the wall clock."""
        return self._sync.last_lead is not None

    def now_ns(self) -> int:
        """Return the best estimate of centre time; the wall clock if the centre was never heard."""
        lo, hi = self.interval_ns()
        if (lo, hi) != UNKNOWN:
            return (lo + hi) // 2
        lead = self._sync.last_lead
        return self._wall_ns() if lead is None else self._mono_ns() + lead

    def interval_ns(self) -> tuple[int, int]:
        """Return (lo, hi) that holds centre time now; `UNKNOWN` if nothing is known."""
        now = self._mono_ns()
        lead = self._sync.lead(now)
        return UNKNOWN if lead is None else (now + lead[0], now + lead[1])

    def health(self) -> ClockHealth:
        """Return the heartbeat's figures; the offset is centre − wall clock."""
        bound, delay = self.bound_ms, self._sync.delay()
        return ClockHealth(
            state=self.state,
            offset_ms=None if bound is None else (self.now_ns() - self._wall_ns()) / 1e6,
            bound_ms=bound,
            delay_ms=None if delay is None else delay / 1e6,
        )

    def freeze(self) -> None:
        """From now on take only a better fix that agrees (used from T0 − 60 s)."""
        self._sync.freeze()

    def thaw(self) -> None:
        """Take every fix again."""
        self._sync.thaw()

    def follow(self, centre_boot: str) -> None:
        """Note which start of the centre answers: another start has another anchor, so old fixes say nothing of it."""
        if self._centre not in {"", centre_boot}:
            self._void("centre_restarted")
        self._centre = centre_boot

    def look(self) -> None:
        """Compare the clocks once; the epoch is void after a jump or sleep."""
        reason = self._sync.watch(self._mono_ns(), self._wall_ns())
        if reason is not None:
            self._void(reason)

    def take(self, exchanges: Sequence[Exchange]) -> Verdict:
        """Take a burst."""
        verdict = self._sync.burst(SOURCE, exchanges)
        if verdict is not Verdict.ACCEPTED:
            log.warning("clock_burst", verdict=verdict)
        return verdict

    def take_from(self, centre: str, boot: str, exchanges: Sequence[Exchange]) -> Verdict:
        """Take a burst of another centre's, of this start of it. From then on the site's time is where the most of all
        centres agree; without a majority it is unknown."""
        if self._others.get(centre, boot) != boot:
            self._sync.forget(centre)
        self._others[centre] = boot
        verdict = self._sync.burst(centre, exchanges)
        if verdict is not Verdict.ACCEPTED:
            log.warning("clock_burst", verdict=verdict, centre=centre)
        return verdict

    async def run(self, line: Pinger) -> None:
        """Send bursts on each new connection, every 64 s, and after the epoch was voided; watch the clocks."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._watch())
            while True:
                connection = await line.up()
                pause = self._every_s if await self._burst(line, connection) else RETRY_S
                await self._rest(line, connection, pause)

    async def _burst(self, line: Pinger, connection: int) -> bool:
        self._voided.clear()
        exchanges: list[Exchange] = []
        try:
            for _ in range(BURST):
                exchanges.append(await line.exchange())
                if await line.up() != connection:
                    return False  # perhaps another start of the centre, with another anchor
                await asyncio.sleep(BETWEEN_PINGS_S)
        except NoExchange:
            log.info("clock_burst_broken", exchanges=len(exchanges))
            return False
        return self.take(exchanges) in {Verdict.ACCEPTED, Verdict.IGNORED}

    async def _rest(self, line: Pinger, connection: int, seconds: float) -> None:
        """Wait, but not on into another connection or a void epoch."""
        try:
            async with asyncio.timeout(seconds):
                while await line.up() == connection and not await within(self._watch_every_s, self._voided):
                    pass
        except TimeoutError:
            return

    async def _watch(self) -> None:
        while True:
            self.look()
            await asyncio.sleep(self._watch_every_s)

    def _void(self, reason: str) -> None:
        log.warning("clock_epoch_void", reason=reason)
        self._sync.void()
        self._voided.set()
