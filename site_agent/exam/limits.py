"""How much a page may ask for: leaky buckets, with time as an argument (seconds of any monotonic clock)."""

from collections import OrderedDict
from dataclasses import dataclass, field


@dataclass(slots=True)
class Bucket:
    """Lets `burst` requests through at once and `per_s` a second in the long run."""

    burst: float
    per_s: float
    level: float = 0.0
    at: float = 0.0

    def allows(self, now: float) -> bool:
        """Count one request; False means that it is one too many."""
        self.level = max(0.0, self.level - (now - self.at) * self.per_s)
        self.at = now
        if self.level + 1.0 > self.burst:
            return False
        self.level += 1.0
        return True


@dataclass(slots=True)
class Failures:
    """Counts failed attempts per key; after `allowed` in a row the key waits until they have leaked away.

    Remembers at most `remembered` keys and forgets the oldest first.
    """

    allowed: int
    forgets_per_s: float
    remembered: int = 10_000
    _counts: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def wait_s(self, key: str, now: float) -> float:
        """Seconds until `key` may try again; 0 = now."""
        excess = self._level(key, now) - (self.allowed - 1)
        return max(0.0, excess / self.forgets_per_s)

    def count(self, key: str, now: float) -> None:
        """One failed attempt of `key`."""
        self._counts[key] = (self._level(key, now) + 1.0, now)
        self._counts.move_to_end(key)
        while len(self._counts) > self.remembered:
            self._counts.popitem(last=False)

    def forgive(self, key: str) -> None:
        """`key` has shown that it was in the right."""
        self._counts.pop(key, None)

    def _level(self, key: str, now: float) -> float:
        level, at = self._counts.get(key, (0.0, now))
        return max(0.0, level - (now - at) * self.forgets_per_s)
