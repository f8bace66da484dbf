"""What every test run shares: properties are checked without a stopwatch, because a loaded machine is not a fault."""

from collections import Counter
from collections.abc import Callable, Generator

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
"""Files of few tests that take a minute or more: begun last, one of them alone would keep everything waiting."""
AS_MANY = 6


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Generator[None, None, None]:
    """The files of the most tests first, as the workers that share files would take them, but long files before those
    of few tests; in a file and among files alike the order stays as it was shuffled."""
    yield
    tests = Counter(item.path for item in items)
    places = {path: place for place, path in enumerate(tests)}

    def order(item: pytest.Item) -> tuple[int, int]:
        count = tests[item.path]
        return (-max(count, AS_MANY) if item.path.stem in LONG else -count), places[item.path]

    items.sort(key=order)


@pytest.fixture
def count_lost(record_property: Callable[[str, object], None]) -> LostAnswers:
    """Call with what showed ✓ and what is kept."""
    return LostAnswers(record_property)
