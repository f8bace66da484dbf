import pytest

from wire.seal import voucher_text
from wire.voucher import (
    message_mark,
    resume_proof,
    resumed_session_key,
    same,
    voucher_name,
    voucher_proof,
    voucher_session_key,
)

KEY = bytes(range(16))
SESSION_KEY = "0f" * 32


def test_the_marks_are_the_ones_the_page_makes() -> None:
    """The other half stands in dashboard/src/exam/marks.test.ts."""
    assert voucher_text(KEY) == "0004-1061-050R-3GG2-8A1C-60T3-GF5E"
    assert voucher_name(KEY) == "a505bf7747745246"
    proof = "4c5c23774ef6235e732a440933299da34a07e6ccf4911ab65f8deaf4294230bd"
    assert voucher_proof(KEY, "exam-1", "aa", "bb") == proof
    mark = "0101b42c24d290f487dfe56edcf0bbcb6c30e6909f9da5741d905bcc035855b5"
    assert message_mark(SESSION_KEY, "answer", "s1", 7, "item-1", "opt-2") == mark
    following = "fd6ff5afa71fa61a379278f64a2bc5367fc88600192946f6808b19545dd153da"
    assert resumed_session_key(SESSION_KEY, "s2") == following


@pytest.mark.parametrize(
    "other",
    [
        ("hand_in", "s1", 7, "item-1", "opt-2"),
        ("answer", "s2", 7, "item-1", "opt-2"),
        ("answer", "s1", 8, "item-1", "opt-2"),
        ("answer", "s1", 7, "item-2", "opt-2"),
        ("answer", "s1", 7, "item-1", "opt-3"),
        ("answer", "s1", 7, "item-1|opt-2", ""),
    ],
)
def test_a_mark_fits_one_message_only(other: tuple[str, str, int, str, str]) -> None:
    assert not same(message_mark(SESSION_KEY, "answer", "s1", 7, "item-1", "opt-2"), message_mark(SESSION_KEY, *other))


def test_a_proof_fits_one_connection_only() -> None:
    assert voucher_proof(KEY, "exam-1", "aa", "bb") != voucher_proof(KEY, "exam-1", "ab", "bb")
    assert resume_proof(SESSION_KEY, "s1", "aa") != resume_proof(SESSION_KEY, "s1", "ab")


def test_the_name_of_a_voucher_is_not_its_proof_or_its_key() -> None:
    assert not voucher_proof(KEY, "exam-1", "aa", "bb").startswith(voucher_name(KEY))
    assert voucher_session_key(KEY, "aa", "bb") != voucher_session_key(KEY, "aa", "bc")
