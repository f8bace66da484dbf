"""Centre time under a test's control."""

import time

from site_agent.exam.window import Reading
from wire.ids import ClockState

S = 1_000_000_000


class SteadyTime:
    """Centre time that is this computer's own, with a stated bound."""

    def __init__(self, state: ClockState = ClockState.SYNCED, bound_ms: float | None = 5.0, ahead_ns: int = 0) -> None:
        self.state = state
        self.bound_ms = bound_ms
        self.ahead_ns = ahead_ns

    @property
    def heard(self) -> bool:
        """A clock that knows nothing has heard of nobody."""
        return self.state is not ClockState.BLIND

    def now_ns(self) -> int:
        """Now."""
        return time.time_ns() + self.ahead_ns

    def interval_ns(self) -> tuple[int, int]:
        """Now, give or take the bound."""
        now, give = self.now_ns(), round((self.bound_ms or 0) * 1e6)
        return now - give, now + give


class HeldTime:
    """Centre time that stands at `ns` until the test moves it."""

    state = ClockState.SYNCED
    heard = True
    bound_ms: float | None = 5.0

    def __init__(self, ns: int) -> None:
        self.ns = ns

    def now_ns(self) -> int:
        """Now."""
        return self.ns

    def interval_ns(self) -> tuple[int, int]:
        """Now, give or take the bound."""
        return self.ns - 5_000_000, self.ns + 5_000_000


def reading(
    centre_s: float,
    *,
    mono_s: float | None = None,
    boot: str = "boot-1",
    wall_s: float | None = None,
    bound_ms: float | None = 5.0,
    state: ClockState = ClockState.SYNCED,
    earlier: dict[str, int] | None = None,
    began_s: float = 0,
) -> Reading:
    """A reading at `centre_s` seconds of centre time; the other clocks follow unless told otherwise. A clock that knows
    nothing has heard of nobody."""
    return Reading(
        mono_ns=round((centre_s if mono_s is None else mono_s) * S),
        boot=boot,
        wall_ns=round((centre_s if wall_s is None else wall_s) * S),
        centre_ns=round(centre_s * S),
        bound_ms=bound_ms,
        state=state,
        heard=state is not ClockState.BLIND or bound_ms is not None,
        earlier=earlier or {},
        began_ns=round(began_s * S),
    )
