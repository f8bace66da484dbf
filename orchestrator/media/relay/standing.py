"""What is ordered for streams, whether anybody is on them yet or not: air, rungs, silence. Pure; bounded."""

from __future__ import annotations

from orchestrator.media.port import AirOrder, Rung
from orchestrator.media.relay.limits import Full, Limits


class StandingOrders:
    """By the stream's name, until its orders are forgotten."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._air: dict[str, AirOrder] = {}
        self._rungs: dict[str, dict[str, Rung]] = {}
        self._hushed: set[str] = set()

    def air(self, name: str) -> AirOrder:
        """Who is ordered on air."""
        return self._air.get(name, AirOrder())

    def rungs(self, name: str) -> dict[str, Rung]:
        """What viewers are ordered to get, by subject."""
        return self._rungs.get(name, {})

    def is_hushed(self, name: str) -> bool:
        """Whether the stream's sound is dropped."""
        return name in self._hushed

    def set_air(self, name: str, order: AirOrder) -> None:
        """Raises :class:`Full`."""
        if order == AirOrder():
            self._air.pop(name, None)
        elif name not in self._air and len(self._air) >= self._limits.streams:
            raise Full("orders")
        else:
            self._air[name] = order

    def set_rungs(self, name: str, rungs: dict[str, Rung]) -> None:
        """Instead of those before. Raises :class:`Full`."""
        if len(rungs) > self._limits.viewers_per_stream or (
            rungs and name not in self._rungs and len(self._rungs) >= self._limits.streams
        ):
            raise Full("orders")
        self._rungs.pop(name, None)
        if rungs:
            self._rungs[name] = rungs

    def hush(self, name: str, *, hushed: bool) -> None:
        """Raises :class:`Full`."""
        if not hushed:
            self._hushed.discard(name)
        elif name not in self._hushed and len(self._hushed) >= self._limits.streams:
            raise Full("hushed")
        else:
            self._hushed.add(name)

    def forget(self, name: str) -> None:
        """The stream is closed."""
        self._air.pop(name, None)
        self._rungs.pop(name, None)
        self._hushed.discard(name)
