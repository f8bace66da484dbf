"""Adds up what several processes count, each from nought: a sum that never goes back. Pure."""

from __future__ import annotations


class Tally:
    """``total`` since this program began."""

    def __init__(self) -> None:
        self._last: dict[str, int] = {}
        self.total = 0

    def hear(self, who: str, count: int) -> None:
        """Somebody's count so far. One that is smaller than the last was begun anew."""
        last = self._last.get(who, 0)
        self.total += count - last if count >= last else count
        self._last[who] = count

    def forget(self, who: str) -> None:
        """What they told stays in the total; whoever comes under this name begins at nought."""
        self._last.pop(who, None)
