"""Cookie sessions: tokens, CSRF, expiry."""

from hypothesis import given
from hypothesis import strategies as st

from orchestrator.access.login import IDLE_NS, LONGEST_NS, csrf_fits, csrf_of, expired, new_token, token_hash


def test_tokens_hold_256_bits_and_differ() -> None:
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(len(token) == 43 for token in tokens)


def test_what_is_stored_and_what_is_sent_tell_nothing_of_each_other() -> None:
    token = new_token()
    assert token.encode() not in token_hash(token)
    assert csrf_of(token) not in token
    assert token_hash(token) != token_hash(token + "x")


def test_a_csrf_token_fits_its_own_session_only() -> None:
    mine, other = new_token(), new_token()
    assert csrf_fits(mine, csrf_of(mine))
    assert not csrf_fits(mine, csrf_of(other))
    assert not csrf_fits(mine, "")


@given(st.text())
def test_no_text_in_the_header_breaks_the_comparison(told: str) -> None:
    assert not csrf_fits("a token", told)


def test_a_session_ends_after_twelve_idle_hours_or_a_week() -> None:
    assert not expired(0, 0, IDLE_NS - 1)
    assert expired(0, 0, IDLE_NS)
    assert not expired(0, LONGEST_NS - 1, LONGEST_NS - 1)
    assert expired(0, LONGEST_NS, LONGEST_NS)
