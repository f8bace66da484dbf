"""What is taken, and what a turn may be."""

from __future__ import annotations

import pytest

from orchestrator.errors import Refused
from orchestrator.slides.model import LARGEST, MOST_DECKS, WORDS, Deck, DeckState, Fault, Page, Show, check_file, turned
from wire.ids import SessionId
from wire.slides import SlideLayout

SESSION = SessionId("session-a")
PAGE = Page(b"s" * 32, 10, b"l" * 32, 20, 1920, 1080)


def deck(state: DeckState = DeckState.READY) -> Deck:
    return Deck("deck-a", SESSION, "a.pdf", 100, state, "ann", 1, pages=(PAGE, PAGE))


@pytest.mark.parametrize(
    ("name", "size", "decks", "code"),
    [
        ("a.pptx", 10, 0, "needs_pdf"),
        ("a.exe", 10, 0, "wrong_type"),
        ("", 10, 0, "bad_name"),
        ("a.pdf", 0, 0, "too_large"),
        ("a.pdf", LARGEST + 1, 0, "too_large"),
        ("a.pdf", 10, MOST_DECKS, "too_many_decks"),
    ],
)
def test_what_will_not_be_taken_is_refused_before_it_is_sent(name: str, size: int, decks: int, code: str) -> None:
    with pytest.raises(Refused) as refused:
        check_file(name, size, decks, office=False)
    assert refused.value.code == code


def test_a_long_name_keeps_its_ending_and_a_presentation_is_taken_where_it_can_be_converted() -> None:
    assert check_file("x" * 500 + ".pdf", 10, 0, office=False).endswith("x.pdf")
    assert check_file("Bài  giảng.PPTX", 10, 0, office=True) == "Bài giảng.PPTX"


def test_a_turn_goes_to_a_page_that_is_there() -> None:
    before = Show(SESSION, version=4)
    after = turned(before, deck(), 2, SlideLayout.SLIDES, 7, "ann")
    assert (after.version, after.deck, after.page) == (5, "deck-a", 2)
    assert turned(after, None, 0, SlideLayout.BOTH, 8, "ann").deck is None
    for page in (0, 3):
        with pytest.raises(Refused, match="trang"):
            turned(before, deck(), page, SlideLayout.BOTH, 7, "ann")
    with pytest.raises(Refused) as refused:
        turned(before, deck(DeckState.CONVERTING), 1, SlideLayout.BOTH, 7, "ann")
    assert refused.value.code == "not_ready"


def test_every_fault_has_its_sentence_in_both_languages() -> None:
    assert set(WORDS) == set(Fault)
    assert all(" / " in sentence for sentence in WORDS.values())
