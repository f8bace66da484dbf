"""Both platforms keep the port's promises; which calls each makes is checked on a fake system."""

import sys
from pathlib import Path

import pytest

from site_agent.platform import Linux, Platform, RealSystem, Windows, choose
from site_agent.platform.port import Work
from tests.doubles.system import FakeSystem

EDGE = r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe"
CHROME = r"C:\Program Files\Google\Chrome\Application\chrome.exe"
WINDOWS_ENVIRON = {
    "PROGRAMFILES": r"C:\Program Files",
    "PROGRAMFILES(X86)": r"C:\Program Files (x86)",
    "LOCALAPPDATA": r"C:\Users\gv\AppData\Local",
}
CARDS = (
    " 0 [PCH            ]: HDA-Intel - HDA Intel PCH\n"
    "                      HDA Intel PCH at 0xf7f10000 irq 29\n"
    " 1 [Webcam         ]: USB-Audio - HD Webcam\n"
    "                      HD Webcam at usb-0000:00:14.0-1\n"
)


def equipped(name: str) -> FakeSystem:
    """A computer of that kind with everything that a school computer may have."""
    if name == "win32":
        return FakeSystem(
            environ=WINDOWS_ENVIRON, programs=[CHROME, EDGE], answers={"waveOutGetNumDevs": 2, "SetPriorityClass": 1}
        )
    return FakeSystem(
        environ={"DISPLAY": ":0"},
        programs=["google-chrome", "chromium", "systemd-inhibit", "xset"],
        texts={"/proc/asound/cards": CARDS},
    )


def bare(name: str) -> FakeSystem:
    """A computer of that kind with nothing, and with no rights."""
    refused = {"SetThreadExecutionState": 0, "SetPriorityClass": 0, "SetThreadPriority": 0, "waveOutGetNumDevs": 0}
    return FakeSystem(answers=refused, may_nice=False)


@pytest.fixture(params=["linux", "win32"])
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_the_platform_is_chosen_by_name() -> None:
    assert isinstance(choose("win32", FakeSystem()), Windows)
    assert isinstance(choose("linux", FakeSystem()), Linux)


def test_the_clock_goes_forward(name: str) -> None:
    platform = choose(name, equipped(name))
    first, second = platform.clock_ns(), platform.clock_ns()
    assert first < second


def test_the_home_folder_belongs_to_the_product(name: str) -> None:
    assert "diemcau" in choose(name, equipped(name)).home().name.lower()
    assert "diemcau" in choose(name, bare(name)).home().name.lower()


def test_only_browsers_that_are_there_are_named_best_first(name: str) -> None:
    expected = {"linux": ["chromium", "google-chrome"], "win32": [EDGE, CHROME]}
    assert choose(name, equipped(name)).browsers() == expected[name]
    assert choose(name, bare(name)).browsers() == []


def test_staying_awake_is_taken_twice_and_given_back_twice(name: str) -> None:
    platform = choose(name, equipped(name))
    assert [platform.keep_awake(on=on) for on in (True, True, False, False)] == [True] * 4


def test_a_system_that_cannot_stay_awake_says_so(name: str) -> None:
    assert not choose(name, bare(name)).keep_awake(on=True)


@pytest.mark.parametrize("work", list(Work))
def test_priority_is_granted_or_refused_without_a_fault(name: str, work: Work) -> None:
    assert choose(name, equipped(name)).prioritise(work)
    assert not choose(name, bare(name)).prioritise(work)


def test_sound_devices_are_counted(name: str) -> None:
    assert choose(name, equipped(name)).sound_outputs() == 2
    assert choose(name, bare(name)).sound_outputs() == 0


def test_a_group_is_ended_by_its_leader(name: str) -> None:
    system = equipped(name)
    choose(name, system).end_group(4321)
    assert system.killed or system.ran


def test_linux_asks_the_clock_that_counts_sleep() -> None:
    system = FakeSystem()
    Linux(system).clock_ns()
    assert system.asked_clocks == ["boottime"]


def test_linux_prefers_the_folder_of_its_service() -> None:
    environ = {"STATE_DIRECTORY": "/var/lib/diemcau-site", "XDG_STATE_HOME": "/elsewhere"}
    assert Linux(FakeSystem(environ=environ)).home() == Path("/var/lib/diemcau-site")
    assert Linux(FakeSystem(environ={"XDG_STATE_HOME": "/s"})).home() == Path("/s/diemcau-site")
    assert Linux(FakeSystem()).home() == Path("/home/teacher/.local/state/diemcau-site")


def test_linux_holds_one_inhibitor_and_the_screen_stays_lit() -> None:
    system = equipped("linux")
    platform = Linux(system)
    platform.keep_awake(on=True)
    platform.keep_awake(on=True)
    assert [held.released for held in system.held] == [False]
    assert system.ran[0] == ["xset", "s", "off", "-dpms"]
    platform.keep_awake(on=False)
    assert [held.released for held in system.held] == [True]
    assert system.ran[-1] == ["xset", "s", "on", "+dpms"]


def test_linux_raises_the_agent_and_lowers_only_the_counting_thread() -> None:
    system = FakeSystem()
    platform = Linux(system)
    platform.prioritise(Work.AGENT)
    platform.prioritise(Work.COUNTING)
    assert system.niced == [(-5, False), (10, True)]


def test_windows_asks_the_performance_counter() -> None:
    system = FakeSystem()
    Windows(system).clock_ns()
    assert system.asked_clocks == ["perf_counter"]


def test_windows_keeps_system_and_display_on_until_told_otherwise() -> None:
    system = FakeSystem()
    platform = Windows(system)
    platform.keep_awake(on=True)
    platform.keep_awake(on=False)
    assert system.called == [
        ("kernel32", "SetThreadExecutionState", (0x80000003,)),
        ("kernel32", "SetThreadExecutionState", (0x80000000,)),
    ]


def test_windows_sets_the_class_of_the_program_and_the_level_of_the_thread() -> None:
    system = FakeSystem()
    platform = Windows(system)
    platform.prioritise(Work.AGENT)
    platform.prioritise(Work.COUNTING)
    assert system.called == [
        ("kernel32", "SetPriorityClass", (-1, 0x8000)),
        ("kernel32", "SetThreadPriority", (-2, -1)),
    ]


def test_windows_ends_the_whole_tree() -> None:
    system = FakeSystem()
    Windows(system).end_group(77)
    assert system.ran == [["taskkill", "/T", "/F", "/PID", "77"]]


def test_this_computer_fits_the_port() -> None:
    platform: Platform = choose(sys.platform, RealSystem())
    assert platform.clock_ns() <= platform.clock_ns()
    assert platform.sound_outputs() >= 0
    assert platform.home().is_absolute()
    assert all(Path(program).is_absolute() for program in platform.browsers())
