"""The real system's calls, as far as any computer can show them."""

import os
import subprocess
import sys
import threading
from pathlib import Path

from site_agent.platform.system import RealSystem

SYSTEM = RealSystem()
ECHO = [sys.executable, "-c", "import sys; sys.stdin.read()"]


def test_a_held_command_ends_when_it_is_released() -> None:
    held = SYSTEM.hold(ECHO)
    assert held is not None
    held.release()


def test_a_command_that_is_not_there_is_not_held_and_not_run() -> None:
    assert SYSTEM.hold(["/nowhere/at-all"]) is None
    assert SYSTEM.run(["/nowhere/at-all"]) == -1


def test_a_short_command_tells_its_exit_code() -> None:
    assert SYSTEM.run([sys.executable, "-c", "raise SystemExit(3)"]) == 3


def test_a_thread_can_step_back_without_the_program() -> None:
    before = os.getpriority(os.PRIO_PROCESS, 0)
    seen: list[tuple[bool, int]] = []

    def step_back() -> None:
        seen.append((SYSTEM.nice(19, thread=True), os.getpriority(os.PRIO_PROCESS, threading.get_native_id())))

    thread = threading.Thread(target=step_back)
    thread.start()
    thread.join()
    assert seen == [(True, 19)]
    assert os.getpriority(os.PRIO_PROCESS, 0) == before


def test_ending_a_group_ends_its_leader_and_is_harmless_twice() -> None:
    child = subprocess.Popen(ECHO, stdin=subprocess.PIPE, start_new_session=True)
    SYSTEM.kill_group(child.pid)
    child.communicate()
    assert child.returncode == -9
    SYSTEM.kill_group(child.pid)


def test_a_missing_file_reads_as_nothing(tmp_path: Path) -> None:
    assert SYSTEM.read_text(str(tmp_path / "none")) == ""
