"""What every test run shares: properties are checked without a stopwatch, because a loaded machine is not a fault."""

from collections.abc import Callable, Generator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.doubles.lost_answers import LostAnswers

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

HERE = Path(__file__).parent
SLOW = ("browser", "faults", "e2e", "contracts")
"""Folders whose tests take longest, the slowest first: begun last, one of them alone would keep all others waiting."""


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Generator[None, None, None]:
    """Slow files first; within a folder the order stays as it was shuffled."""
    yield
    places = {folder: place for place, folder in enumerate(SLOW)}
    items.sort(key=lambda item: places.get(item.path.relative_to(HERE).parts[0], len(SLOW)))


@pytest.fixture
def count_lost(record_property: Callable[[str, object], None]) -> LostAnswers:
    """Call with what showed ✓ and what is kept."""
    return LostAnswers(record_property)
