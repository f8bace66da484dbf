"""Every test of a fault counts the answers that showed ✓ and are gone; `python -m tests.faults` prints the counts."""

from collections.abc import Callable, Collection, Hashable

import pytest

Count = Callable[[Collection[Hashable], Collection[Hashable]], None]


@pytest.fixture
def count_lost(record_property: Callable[[str, object], None]) -> Count:
    """Call with what showed ✓ and what is kept: both are counted for the table, and nothing may be missing."""

    def count(acked: Collection[Hashable], kept: Collection[Hashable]) -> None:
        lost = set(acked) - set(kept)
        record_property("acked", len(set(acked)))
        record_property("lost", len(lost))
        assert not lost

    return count
