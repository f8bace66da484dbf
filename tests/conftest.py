"""What every test run shares: properties are checked without a stopwatch, because a loaded machine is not a fault."""

import os
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import settings

from tests.doubles.lost_answers import LostAnswers

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

LONG = {
    "test_accessible", "test_agent_killed", "test_agent_replaced", "test_centre_gone_at_t0", "test_centre_killed",
    "test_exam_desk", "test_floor_browser", "test_key_stays_home", "test_lecturer_sees", "test_load",
    "test_moving_school", "test_never_dark", "test_outage_credit", "test_printed_slips", "test_ready_after_repair",
    "test_slip_code", "test_slides", "test_udp_blocked", "test_wall_browser", "test_wall_on_air",
}  # fmt: skip
"""Files that take a minute or more: one of them begun last would keep everything waiting."""
WHOLE = ("browser", "e2e", "faults")
"""Where a test runs a browser or a whole day: few tests, much work."""
UNIT = 0.05
"""What a unit test takes of the time that a test with servers takes."""


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Generator[None, None, None]:
    """Files are begun in this order by workers that share them. Those of whole days are spread evenly over the others:
    several browsers that send pictures at once leave each other no processor. Among the whole days the long ones come
    first, among the others those of many tests; where that is equal, and in a file, the order stays as shuffled."""
    yield
    tests = Counter(item.path for item in items)
    whole = sorted((path for path in tests if _is_whole(path)), key=lambda path: path.stem not in LONG)
    others = sorted((path for path in tests if not _is_whole(path)), key=lambda path: -tests[path])
    places = _spread(whole, lambda _: 1.0) | _spread(others, lambda path: tests[path] * _cost(path))
    items.sort(key=lambda item: places[item.path])


def _is_whole(path: Path) -> bool:
    return path.parent.name in WHOLE


def _cost(path: Path) -> float:
    return UNIT if "unit" in path.parts else 1.0


def _spread(paths: Sequence[Path], cost: Callable[[Path], float]) -> dict[Path, tuple[float, str]]:
    """When each begins, as a share of the time of all; no two at the same place."""
    total, done, places = sum(map(cost, paths)), 0.0, dict[Path, tuple[float, str]]()
    for path in paths:
        places[path] = done / total, str(path)
        done += cost(path)
    return places


@pytest.fixture(autouse=True)
def usual_priority() -> Iterator[None]:
    """An agent in this process asks for more of the processor, for good; the tests after it do not want that."""
    before = os.getpriority(os.PRIO_PROCESS, os.getpid())
    yield
    if os.getpriority(os.PRIO_PROCESS, os.getpid()) != before:
        os.setpriority(os.PRIO_PROCESS, os.getpid(), before)


@pytest.fixture
def count_lost(record_property: Callable[[str, object], None]) -> LostAnswers:
    """Call with what showed ✓ and what is kept."""
    return LostAnswers(record_property)
