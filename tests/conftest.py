"""What every test run shares: properties are checked without a stopwatch, because a loaded machine is not a fault."""

from collections.abc import Callable

import pytest
from hypothesis import settings

from tests.doubles.lost_answers import LostAnswers

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture
def count_lost(record_property: Callable[[str, object], None]) -> LostAnswers:
    """Call with what showed ✓ and what is kept."""
    return LostAnswers(record_property)
