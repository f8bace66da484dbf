"""What a computer says of itself on Linux and on Windows, from what their commands really print."""

from __future__ import annotations

from pathlib import Path

import pytest

from site_agent.platform import choose_computer
from site_agent.platform.computer import Address, Power, Restart
from site_agent.platform.computer_windows import RESTART_KEYS, SESSION_MANAGER
from tests.doubles.system import FakeSystem

ROUTE = '[{"dst":"192.0.2.1","gateway":"10.0.0.1","dev":"enp3s0","prefsrc":"10.0.0.5","flags":[],"uid":0,"cache":[]}]'
OWN = (
    '[{"ifname":"enp3s0","addr_info":[{"family":"inet","local":"10.0.0.5","prefixlen":24,"dynamic":true,'
    '"valid_life_time":3500}]}]'
)
POWERCFG = """
Subgroup GUID: 238c9fa8-0aad-41ed-83f4-97be242c8f20  (Ngủ)
    Power Setting GUID: 29f6c1db-86da-48c5-9fdb-f2b67b1f44da  (Ngủ sau)
      Minimum Possible Setting: 0x00000000
      Maximum Possible Setting: 0xffffffff
      Possible Settings increment: 0x00000001
      Possible Settings units: Giây
    Current AC Power Setting Index: 0x00000708
    Current DC Power Setting Index: 0x00000384
"""


def test_linux_tells_its_address_and_whether_it_is_leased() -> None:
    system = FakeSystem(outputs={"route get": ROUTE, "address show": OWN})
    assert choose_computer("linux", system).address() == Address("10.0.0.5", dynamic=True)
    fixed = FakeSystem(outputs={"route get": ROUTE, "address show": OWN.replace('"dynamic":true,', "")})
    assert choose_computer("linux", fixed).address() == Address("10.0.0.5", dynamic=False)


@pytest.mark.parametrize("told", ["", "[]", '[{"dst":"192.0.2.1"}]', "not json"])
def test_linux_without_a_network_has_no_address(told: str) -> None:
    assert choose_computer("linux", FakeSystem(outputs={"route get": told})).address() == Address()


def test_linux_reads_debians_mark_of_a_restart_and_gnomes_sleep() -> None:
    system = FakeSystem(
        texts={"/run/reboot-required": "*** System restart required ***"},
        outputs={"ac-type": "'suspend'\n", "ac-timeout": "1200\n"},
        battery=(63.0, False),
        up_s=7200.0,
    )
    computer = choose_computer("linux", system)
    assert computer.restart() == Restart(pending=True, up_h=2.0)
    assert computer.power() == Power(63.0, plugged=False, sleeps_after_min=20.0)


def test_linux_that_never_sleeps_or_has_no_gnome_says_so() -> None:
    assert choose_computer("linux", FakeSystem(outputs={"ac-type": "'nothing'"})).power().sleeps_after_min == 0
    assert choose_computer("linux", FakeSystem()).power() == Power()


def test_linux_asks_the_browser_itself() -> None:
    system = FakeSystem(outputs={"--version": "Chromium 130.0.6723.58 built on Debian\n"})
    assert choose_computer("linux", system).browser_version("/usr/bin/chromium").startswith("Chromium 130.0")


def test_windows_tells_its_address_and_where_it_comes_from() -> None:
    leased = FakeSystem(outputs={"Get-NetIPAddress": '{"IPAddress":"10.0.0.7","Origin":3}\r\n'})
    fixed = FakeSystem(outputs={"Get-NetIPAddress": '{"IPAddress":"10.0.0.7","Origin":1}'})
    assert choose_computer("win32", leased).address() == Address("10.0.0.7", dynamic=True)
    assert choose_computer("win32", fixed).address() == Address("10.0.0.7", dynamic=False)
    assert choose_computer("win32", FakeSystem()).address() == Address()


def test_windows_reads_the_power_plan_in_whatever_language_it_prints() -> None:
    system = FakeSystem(outputs={"powercfg": POWERCFG}, battery=(90.0, True))
    assert choose_computer("win32", system).power() == Power(90.0, plugged=True, sleeps_after_min=30.0)


@pytest.mark.parametrize("mark", [*RESTART_KEYS, f"{SESSION_MANAGER}|PendingFileRenameOperations"])
def test_windows_waits_for_a_restart_for_any_of_its_three_reasons(mark: str) -> None:
    assert choose_computer("win32", FakeSystem(registry=[mark])).restart() == Restart(pending=True, up_h=1.0)
    assert not choose_computer("win32", FakeSystem()).restart().pending


def test_windows_reads_the_browsers_file_and_never_starts_it() -> None:
    program = r"C:\Program Files\Google\Chrome\Application\chrome.exe"
    system = FakeSystem(outputs={"VersionInfo": "130.0.6723.58\r\n"})
    assert choose_computer("win32", system).browser_version(program) == "chrome 130.0.6723.58"
    assert all(command[0] == "powershell" for command in system.ran)


@pytest.mark.parametrize(("printed", "expected"), [("3\r\n", True), ("4", False), ("0", None), ("", None)])
def test_windows_tells_a_disk_that_turns(printed: str, expected: bool | None) -> None:
    system = FakeSystem(outputs={"Get-PhysicalDisk": printed})
    assert choose_computer("win32", system).disk_spins(Path("C:/Users/teacher")) is expected


def test_windows_knows_no_disk_of_a_folder_without_a_letter() -> None:
    assert choose_computer("win32", FakeSystem()).disk_spins(Path("//server/share")) is None
