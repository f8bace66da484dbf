"""Attempts in a sliding window, with time as an argument."""

import pytest

from orchestrator.errors import Refused
from orchestrator.web.rate import Attempts, refuse_until

SECOND = 10**9


def test_attempts_beyond_the_limit_are_told_how_long_to_wait() -> None:
    attempts = Attempts(3, 60 * SECOND)
    assert [attempts.take("a", at * SECOND) for at in (0, 10, 20)] == [0, 0, 0]
    assert attempts.take("a", 30 * SECOND) == 30 * SECOND


def test_a_refused_attempt_does_not_prolong_the_wait() -> None:
    attempts = Attempts(1, 60 * SECOND)
    attempts.take("a", 0)
    for at in range(1, 60):
        assert attempts.take("a", at * SECOND) == (60 - at) * SECOND
    assert attempts.take("a", 60 * SECOND) == 0


def test_keys_do_not_share_their_attempts() -> None:
    attempts = Attempts(1, 60 * SECOND)
    attempts.take("a", 0)
    assert attempts.take("b", 0) == 0


def test_asking_for_the_wait_counts_nothing() -> None:
    attempts = Attempts(1, 60 * SECOND)
    assert [attempts.wait_ns("a", 0) for _ in range(5)] == [0] * 5
    assert attempts.take("a", 0) == 0
    assert attempts.wait_ns("a", SECOND) == 59 * SECOND


def test_a_good_attempt_is_given_back() -> None:
    attempts = Attempts(1, 60 * SECOND)
    attempts.take("a", 0)
    attempts.give_back("a")
    attempts.give_back("never seen")
    assert attempts.take("a", 0) == 0


def test_a_forgotten_key_starts_anew() -> None:
    attempts = Attempts(1, 60 * SECOND)
    attempts.take("a", 0)
    attempts.forget("a")
    assert attempts.take("a", 0) == 0


def test_no_more_keys_are_remembered_than_allowed() -> None:
    attempts = Attempts(1, 60 * SECOND, keys=2)
    for key in ("a", "b", "c"):
        attempts.take(key, 0)
    assert attempts.wait_ns("a", 0) == 0
    assert attempts.wait_ns("b", 0) > 0
    assert attempts.wait_ns("c", 0) > 0


def test_the_refusal_says_whole_seconds_rounded_up() -> None:
    refuse_until(0)
    with pytest.raises(Refused) as refused:
        refuse_until(SECOND + 1)
    assert refused.value.status == 429
    assert refused.value.fields == {"retry_after_s": 2}
