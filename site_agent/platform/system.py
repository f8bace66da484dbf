"""The few system calls that the platforms decide with; a test gives its own."""

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

import psutil


class Started(Protocol):
    """A program that was started and is still held."""

    def release(self) -> None:
        """Close what it reads from and wait until it has ended."""
        ...


class System(Protocol):
    """An operating system's calls, without any decision."""

    @property
    def environ(self) -> Mapping[str, str]: ...

    def user_home(self) -> Path: ...

    def clock_ns(self, name: str) -> int:
        """Read the clock of this name: ``boottime`` or ``perf_counter``."""
        ...

    def read_text(self, path: str) -> str:
        """The file's text, empty when there is no such file."""
        ...

    def which(self, program: str) -> str | None:
        """The full path of a program by name or path, None when it cannot be run."""
        ...

    def run(self, command: Sequence[str]) -> int:
        """Run a short command to its end; its exit code, -1 when it could not be run or took over ten seconds."""
        ...

    def output(self, command: Sequence[str]) -> str:
        """What a short command prints; empty when it could not be run, failed, or took over ten seconds."""
        ...

    def registry_has(self, key: str, value: str = "") -> bool:
        """Whether a key of Windows' local machine registry is there, or a value in it that is not empty."""
        ...

    def battery(self) -> tuple[float, bool | None] | None:
        """Percent and whether power is plugged in (None: not known); None without a battery."""
        ...

    def up_s(self) -> float:
        """Seconds since the system started."""
        ...

    def hold(self, command: Sequence[str]) -> Started | None:
        """Start a command that reads from the agent and so ends with it; None when it could not be started."""
        ...

    def nice(self, level: int, *, thread: bool) -> bool:
        """Set the niceness of this program or of the calling thread (Linux); whether it was allowed."""
        ...

    def kill_group(self, leader: int) -> None:
        """SIGKILL to a process group (POSIX); harmless when it is gone."""
        ...

    def call(self, library: str, function: str, *arguments: int) -> int:
        """Call a function of a Windows system library."""
        ...


class HeldChild:
    """A child that lives until its standard input closes."""

    def __init__(self, child: subprocess.Popen[bytes]) -> None:
        self._child = child

    def release(self) -> None:
        if self._child.stdin is not None:
            self._child.stdin.close()
        try:
            self._child.wait(5)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()


class RealSystem:
    """The system that the agent runs on."""

    @property
    def environ(self) -> Mapping[str, str]:
        return os.environ

    def user_home(self) -> Path:
        return Path.home()

    def clock_ns(self, name: str) -> int:
        if name == "boottime" and sys.platform != "win32":
            # macOS, where only developers are, has no CLOCK_BOOTTIME.
            return time.clock_gettime_ns(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))
        return time.perf_counter_ns()

    def read_text(self, path: str) -> str:
        try:
            return Path(path).read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""

    def which(self, program: str) -> str | None:
        return shutil.which(program)

    def run(self, command: Sequence[str]) -> int:
        quiet = subprocess.DEVNULL
        try:
            ended = subprocess.run(command, check=False, timeout=10, stdin=quiet, stdout=quiet, stderr=quiet)
        except (OSError, subprocess.TimeoutExpired):
            return -1
        return ended.returncode

    def output(self, command: Sequence[str]) -> str:
        quiet = subprocess.DEVNULL
        try:
            ended = subprocess.run(command, check=True, timeout=10, stdin=quiet, stdout=subprocess.PIPE, stderr=quiet)
        except (OSError, subprocess.SubprocessError):
            return ""
        return ended.stdout.decode(errors="replace")

    def registry_has(self, key: str, value: str = "") -> bool:
        if sys.platform == "win32":
            import winreg

            try:
                with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, key) as opened:
                    return not value or bool(winreg.QueryValueEx(opened, value)[0])
            except OSError:
                return False
        return False

    def battery(self) -> tuple[float, bool | None] | None:
        # psutil has no such function on a system that has no idea of batteries.
        told = getattr(psutil, "sensors_battery", lambda: None)()
        return None if told is None else (float(told.percent), told.power_plugged)

    def up_s(self) -> float:
        return max(0.0, time.time() - float(psutil.boot_time()))

    def hold(self, command: Sequence[str]) -> Started | None:
        quiet = subprocess.DEVNULL
        try:
            return HeldChild(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=quiet, stderr=quiet))
        except OSError:
            return None

    def nice(self, level: int, *, thread: bool) -> bool:
        if sys.platform == "win32":
            return False
        # Linux keeps niceness per thread, and 0 means the calling one; the main thread stands for the program.
        who = threading.get_native_id() if thread else os.getpid()
        try:
            os.setpriority(os.PRIO_PROCESS, who, level)
        except OSError:
            return False
        return True

    def kill_group(self, leader: int) -> None:
        if sys.platform == "win32":
            return
        import signal

        try:
            os.killpg(leader, signal.SIGKILL)
        except ProcessLookupError:
            return

    def call(self, library: str, function: str, *arguments: int) -> int:
        # Only Windows has these libraries, so nothing of this is imported elsewhere.
        import ctypes

        # Pointer-wide arguments, because the pseudo-handles -1 and -2 must keep their sign on 64 bits.
        wide = [ctypes.c_ssize_t(argument) for argument in arguments]
        return int(getattr(ctypes.WinDLL(library), function)(*wide))  # type: ignore[attr-defined]
