"""Merges the keyframe requests of all viewers into few requests to one publisher."""

from __future__ import annotations


class KeyframeRequests:
    """At most one request an interval; a wish made meanwhile is kept, and dropped when a keyframe comes first."""

    def __init__(self, interval_s: float) -> None:
        self._interval = interval_s
        self._sent: float | None = None
        self._wanted = False

    def want(self) -> None:
        """Somebody needs a keyframe."""
        self._wanted = True

    def due(self, now: float) -> bool:
        """Whether to send a request now; true once per wish and interval."""
        if not self._wanted or (self._sent is not None and now - self._sent < self._interval):
            return False
        self._wanted, self._sent = False, now
        return True

    def seen(self) -> None:
        """A keyframe came: earlier wishes are fulfilled."""
        self._wanted = False

    def forget(self) -> None:
        """Another publisher: nothing has been asked of it yet."""
        self._sent = None
