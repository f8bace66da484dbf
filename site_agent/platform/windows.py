"""Windows 10 and 11: kernel32 for sleep and priority, taskkill for ending a browser and its children.

Constants are those of the Windows SDK's winbase.h and processthreadsapi.h.
"""

from pathlib import Path

from site_agent.platform.port import Work
from site_agent.platform.system import System

ES_CONTINUOUS = 0x80000000
ES_SYSTEM_REQUIRED = 0x00000001
ES_DISPLAY_REQUIRED = 0x00000002
ABOVE_NORMAL_PRIORITY_CLASS = 0x00008000
THREAD_PRIORITY_BELOW_NORMAL = -1
THIS_PROCESS = -1
THIS_THREAD = -2

BROWSERS = (
    ("PROGRAMFILES(X86)", r"Microsoft\Edge\Application\msedge.exe"),
    ("PROGRAMFILES", r"Microsoft\Edge\Application\msedge.exe"),
    ("PROGRAMFILES", r"Google\Chrome\Application\chrome.exe"),
    ("PROGRAMFILES(X86)", r"Google\Chrome\Application\chrome.exe"),
    ("LOCALAPPDATA", r"Google\Chrome\Application\chrome.exe"),
)


class Windows:
    """A Platform over Windows."""

    def __init__(self, system: System) -> None:
        self._system = system

    def clock_ns(self) -> int:
        """QueryPerformanceCounter; Python's own monotonic clock ticks at 15.6 ms up to 3.12."""
        return self._system.clock_ns("perf_counter")

    def home(self) -> Path:
        """The user's own local folder, which others on the computer cannot read."""
        local = self._system.environ.get("LOCALAPPDATA")
        return (Path(local) if local else self._system.user_home() / "AppData" / "Local") / "DiemCau"

    def browsers(self) -> list[str]:
        """Edge, which every Windows 10 has, then Chrome."""
        environ = self._system.environ
        programs = [f"{environ[folder]}\\{path}" for folder, path in BROWSERS if environ.get(folder)]
        return [found for program in programs if (found := self._system.which(program)) is not None]

    def keep_awake(self, *, on: bool) -> bool:
        """SetThreadExecutionState; 0 says that it was refused."""
        wish = ES_CONTINUOUS | ES_SYSTEM_REQUIRED | ES_DISPLAY_REQUIRED if on else ES_CONTINUOUS
        return self._system.call("kernel32", "SetThreadExecutionState", wish) != 0

    def prioritise(self, work: Work) -> bool:
        """Above normal for the program, below normal for the counting thread; both without special rights."""
        if work is Work.AGENT:
            return self._system.call("kernel32", "SetPriorityClass", THIS_PROCESS, ABOVE_NORMAL_PRIORITY_CLASS) != 0
        return self._system.call("kernel32", "SetThreadPriority", THIS_THREAD, THREAD_PRIORITY_BELOW_NORMAL) != 0

    def sound_outputs(self) -> int:
        """Wave output devices."""
        return self._system.call("winmm", "waveOutGetNumDevs")

    def end_group(self, leader: int) -> None:
        """taskkill with its tree: Windows has no process groups that a signal reaches."""
        self._system.run(["taskkill", "/T", "/F", "/PID", str(leader)])
