"""How often somebody may try: attempts per key in a sliding window. Pure; the caller brings the time."""

from collections import deque

from orchestrator.errors import Refused

MOST_KEYS = 10_000


class Attempts:
    """At most `limit` attempts of one key within `window_ns`. Keys are bounded: the one seen longest ago goes first."""

    def __init__(self, limit: int, window_ns: int, *, keys: int = MOST_KEYS) -> None:
        self._limit = limit
        self._window_ns = window_ns
        self._keys = keys
        self._times: dict[str, deque[int]] = {}

    def wait_ns(self, key: str, now_ns: int) -> int:
        """0 when an attempt may be made, else the nanoseconds until one may; counts nothing."""
        times = self._times.get(key)
        while times and times[0] <= now_ns - self._window_ns:
            times.popleft()
        return times[0] + self._window_ns - now_ns if times and len(times) >= self._limit else 0

    def take(self, key: str, now_ns: int) -> int:
        """Count an attempt: 0 when it may go on, else (not counted) the nanoseconds until the next may."""
        wait_ns = self.wait_ns(key, now_ns)
        times = self._times.pop(key, None) or deque()
        self._times[key] = times
        if wait_ns == 0:
            times.append(now_ns)
        if len(self._times) > self._keys:
            del self._times[next(iter(self._times))]
        return wait_ns

    def give_back(self, key: str) -> None:
        """Uncount the newest attempt: it turned out to be a good one."""
        if times := self._times.get(key):
            times.pop()

    def forget(self, key: str) -> None:
        """Start anew for `key`."""
        self._times.pop(key, None)


def refuse_until(wait_ns: int) -> None:
    """Raise 429 with the whole seconds to wait, if there is anything to wait for (RFC 6585 §4)."""
    if wait_ns > 0:
        seconds = -(-wait_ns // 1_000_000_000)
        raise Refused(
            "too_many_attempts",
            f"Thử quá nhiều lần, hãy đợi {seconds} giây. / Too many attempts.",
            429,
            retry_after_s=seconds,
        )
