"""Linux: systemd for sleep, niceness for priority, process groups for ending a browser."""

from pathlib import Path

from site_agent.platform.port import Work
from site_agent.platform.system import Started, System

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
NICENESS = {Work.AGENT: -5, Work.COUNTING: 10}
# `cat` ends when the agent does, however it ends, and the wish to stay awake with it.
INHIBIT = ("systemd-inhibit", "--what=idle:sleep:handle-lid-switch", "--who=Diem Cau", "--why=live session", "cat")


class Linux:
    """A Platform over Linux."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._inhibitor: Started | None = None

    def clock_ns(self) -> int:
        """CLOCK_BOOTTIME; CLOCK_MONOTONIC stands still in suspend."""
        return self._system.clock_ns("boottime")

    def home(self) -> Path:
        """systemd's STATE_DIRECTORY for a service, else the user's XDG state folder."""
        environ = self._system.environ
        if given := environ.get("STATE_DIRECTORY"):
            # systemd lists several folders with colons; the agent's unit names one.
            return Path(given.split(":")[0])
        state = environ.get("XDG_STATE_HOME")
        return (Path(state) if state else self._system.user_home() / ".local" / "state") / "diemcau-site"

    def browsers(self) -> list[str]:
        """Chromium and its relatives on the path."""
        return [found for name in BROWSERS if (found := self._system.which(name)) is not None]

    def keep_awake(self, *, on: bool) -> bool:
        """Hold systemd's inhibitor lock, and X11's own blanking off where there is X11."""
        self._blank_screen(on=not on)
        if not on:
            if self._inhibitor is not None:
                self._inhibitor.release()
            self._inhibitor = None
            return True
        if self._inhibitor is None and self._system.which(INHIBIT[0]) is not None:
            self._inhibitor = self._system.hold(INHIBIT)
        return self._inhibitor is not None

    def prioritise(self, work: Work) -> bool:
        """Niceness −5 for the agent (needs CAP_SYS_NICE), 10 for the counting thread."""
        return self._system.nice(NICENESS[work], thread=work is Work.COUNTING)

    def sound_outputs(self) -> int:
        """ALSA cards; their lines begin with a number."""
        lines = self._system.read_text("/proc/asound/cards").splitlines()
        return sum(line.lstrip()[:1].isdigit() for line in lines)

    def end_group(self, leader: int) -> None:
        """SIGKILL to the group that the child leads."""
        self._system.kill_group(leader)

    def _blank_screen(self, *, on: bool) -> None:
        if self._system.environ.get("DISPLAY") and self._system.which("xset") is not None:
            self._system.run(["xset", "s", "on", "+dpms"] if on else ["xset", "s", "off", "-dpms"])
