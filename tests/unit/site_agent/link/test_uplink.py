"""How long the uplink waits before it calls again."""

from site_agent.link.uplink import backoff_s


def highest(_lo: float, hi: float) -> float:
    return hi


def test_the_ceiling_doubles_from_one_second_to_thirty() -> None:
    assert [backoff_s(attempt, highest) for attempt in range(1, 8)] == [1, 2, 4, 8, 16, 30, 30]


def test_the_pause_is_drawn_from_the_whole_range() -> None:
    assert backoff_s(6, lambda lo, _hi: lo) == 0.0


def test_many_failures_do_not_overflow() -> None:
    assert backoff_s(10_000, highest) == 30


def test_the_pause_is_short_while_an_exam_waits_for_the_line() -> None:
    assert [backoff_s(attempt, highest, at_most_s=4.0) for attempt in (1, 2, 3, 4, 9)] == [1, 2, 4, 4, 4]
