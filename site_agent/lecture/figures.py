"""What the big screen really shows, decided from the counters it sends: playing, stalled, dark or idle."""

from collections import deque
from dataclasses import dataclass

from wire.ids import ScreenState, SessionId
from wire.ladder import PHONE
from wire.messages import ScreenHealth

STALLED_AFTER_S = 2.0
DARK_AFTER_S = 10.0
RATE_OVER_S = 3.0


@dataclass(frozen=True, slots=True)
class Reading:
    """One report of a screen: counters since its page or connection began, and momentary values.

    path is the class of the path that the packets take: udp, tcp, tls, or turn for a detour over UDP.

    audio_dbfs is the RMS level of the decoded sound relative to full scale, None while no sound is decoded.
    """

    frames_decoded: int
    width: int = 0
    height: int = 0
    audio_dbfs: float | None = None
    packets_lost: int = 0
    jitter_ms: float = 0.0
    rung: str = ""
    """What of the lecture reaches the room: picture, sound or phone; empty from a screen that does not judge it."""
    rung_why: str = ""
    path: str = ""
    sound_blocked: bool = False


NOTHING = Reading(0)


class ScreenFigures:
    """Turns readings into a site's ScreenHealth. Times are seconds of any one steady clock.

    A page that starts anew counts from zero; the totals here go on.
    """

    def __init__(self) -> None:
        self._session: SessionId | None = None
        self._by_phone = False
        self._last = NOTHING
        self._frames = 0
        self._lost = 0
        self._moved_at_s = 0.0
        self._read_at_s = 0.0
        self._recent: deque[tuple[float, int]] = deque(maxlen=64)

    def lecture(self, session: SessionId | None, now_s: float, *, by_phone: bool = False) -> None:
        """The lecture to be shown changed, or ended (None); a repeat for the same session changes nothing.

        `by_phone`: by order nothing of it is shown, which is no fault of the screen.
        """
        if (session, by_phone) == (self._session, self._by_phone):
            return
        self._session, self._by_phone = session, by_phone
        self._moved_at_s = now_s
        self._recent.clear()

    def read(self, reading: Reading, now_s: float) -> None:
        """A reading arrived."""
        grown = _growth(self._last.frames_decoded, reading.frames_decoded)
        self._lost += _growth(self._last.packets_lost, reading.packets_lost)
        self._frames += grown
        self._last = reading
        self._read_at_s = now_s
        self._recent.append((now_s, self._frames))
        if grown:
            self._moved_at_s = now_s

    def state(self, now_s: float) -> ScreenState:
        """Idle without a lecture to show; otherwise by the time since the picture last moved."""
        if self._session is None or self._by_phone:
            return ScreenState.IDLE
        still_s = now_s - self._moved_at_s
        if still_s >= DARK_AFTER_S:
            return ScreenState.DARK
        if still_s >= STALLED_AFTER_S or not self._recent:
            return ScreenState.STALLED
        return ScreenState.PLAYING

    def fps(self, now_s: float) -> float:
        """Decoded frames per second over the last few seconds."""
        recent = [(at, frames) for at, frames in self._recent if now_s - at <= RATE_OVER_S]
        if len(recent) < 2 or recent[-1][0] == recent[0][0]:
            return 0.0
        return (recent[-1][1] - recent[0][1]) / (recent[-1][0] - recent[0][0])

    def health(self, now_s: float) -> ScreenHealth:
        """What the heartbeat tells the centre."""
        if self._by_phone and self._session is not None:
            return ScreenHealth(
                frames_decoded=self._frames,
                packets_lost=self._lost,
                session=self._session,
                rung=PHONE,
                rung_why="ordered",
            )
        fresh = now_s - self._read_at_s < STALLED_AFTER_S and self._session is not None
        return ScreenHealth(
            state=self.state(now_s),
            fps=round(self.fps(now_s), 2),
            frames_decoded=self._frames,
            width=self._last.width,
            height=self._last.height,
            audio_dbfs=self._last.audio_dbfs if fresh else None,
            packets_lost=self._lost,
            jitter_ms=self._last.jitter_ms,
            session=self._session,
            rung=self._last.rung if fresh else "",
            rung_why=self._last.rung_why if fresh else "",
            path=self._last.path if fresh else "",
        )


def _growth(before: int, now: int) -> int:
    """How far a counter went on; one that went back began anew."""
    return now - before if now >= before else now
