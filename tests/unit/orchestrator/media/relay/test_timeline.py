"""One numbering through publishers that come and go."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from orchestrator.media.relay.timeline import Timeline


def test_a_new_source_goes_on_where_the_old_one_ended() -> None:
    line = Timeline(90000)
    line.new_source(65534, 1000, 0.0)
    assert line.place(65534, 1000, 0.0) == (1, 0)
    assert line.place(65535, 4000, 0.1) == (2, 3000)
    assert line.place(0, 7000, 0.2) == (3, 6000)
    line.new_source(500, 123456, 1.2)
    assert line.place(500, 123456, 1.2) == (4, 6000 + 90000)


def test_packets_older_than_the_sources_first_are_refused() -> None:
    line = Timeline(90000)
    line.new_source(100, 0, 0.0)
    line.place(100, 0, 0.0)
    assert line.place(99, 0, 0.0) is None
    assert line.place(102, 3000, 0.1) == (3, 3000)
    assert line.place(101, 3000, 0.1) == (2, 3000)
    assert line.sequence == 3


@given(
    st.lists(st.tuples(st.integers(0, 65535), st.integers(0, 2**32 - 1), st.integers(1, 50)), min_size=1, max_size=6)
)
def test_the_numbering_never_skips_or_repeats(sources: list[tuple[int, int, int]]) -> None:
    line, now, placed = Timeline(90000), 0.0, []
    for first, stamp, count in sources:
        line.new_source(first, stamp, now)
        for n in range(count):
            now += 0.01
            place = line.place((first + n) % 65536, (stamp + n * 900) % 2**32, now)
            assert place is not None
            placed.append(place)
    assert [sequence for sequence, _ in placed] == [n % 65536 for n in range(1, len(placed) + 1)]
    steps = [(b - a) % 2**32 for (_, a), (_, b) in pairwise(placed)]
    assert all(0 < step < 2**31 for step in steps)
