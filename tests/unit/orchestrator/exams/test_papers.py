from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.exams.papers import Draw, Stored, answer_key, choose, code_names, item_id, make_paper, option_id
from wire.ids import ExamId, ItemId, OptionId
from wire.paper import Option

EXAM = ExamId("exam-1")
SEEDS = st.binary(min_size=32, max_size=32)


def question(number: int, pinned: tuple[int, ...] = ()) -> Stored:
    options = tuple(Option(OptionId(f"o{number}{letter}"), f"{number}{letter}") for letter in "abcd")
    return Stored(
        ItemId(f"q{number}"), f"Câu {number}?", options, options[0].id, tuple(options[place].id for place in pinned)
    )


BANK = [question(number) for number in range(20)]


@given(SEEDS)
def test_the_same_seed_makes_the_same_papers(seed: bytes) -> None:
    chosen = choose(BANK, 8, seed)
    assert chosen == choose(list(reversed(BANK)), 8, seed)
    assert make_paper(EXAM, "101", chosen, seed) == make_paper(EXAM, "101", chosen, seed)


@given(SEEDS)
def test_every_code_asks_the_same_questions_in_its_own_order(seed: bytes) -> None:
    chosen = choose(BANK, 12, seed)
    papers = [make_paper(EXAM, code, chosen, seed) for code in code_names(3)]
    assert len({frozenset(item.id for item in paper.items) for paper in papers}) == 1
    assert len({tuple(item.id for item in paper.items) for paper in papers}) == 3
    for paper in papers:
        assert [len(item.options) for item in paper.items] == [4] * 12
        assert all(answer_key(chosen, seed)[item.id] in {option.id for option in item.options} for item in paper.items)


@given(SEEDS, st.sets(st.integers(0, 3)))
def test_pinned_options_stay_in_their_place(seed: bytes, pinned: set[int]) -> None:
    asked = question(1, tuple(sorted(pinned)))
    (item,) = make_paper(EXAM, "101", [asked], seed).items
    for place in pinned:
        assert item.options[place].text == asked.options[place].text
    assert {option.text for option in item.options} == {option.text for option in asked.options}
    assert set(item.pinned) == {option_id(seed, asked.options[place].id) for place in pinned}


def test_ids_tell_nothing_about_the_bank_or_another_exam() -> None:
    one, other = b"1" * 32, b"2" * 32
    assert item_id(one, "q1") != item_id(other, "q1")
    assert "q1" not in item_id(one, "q1")


def test_the_right_option_stands_in_every_place_alike() -> None:
    places: Counter[int] = Counter()
    for number in range(800):
        seed = number.to_bytes(32, "big")
        (item,) = make_paper(EXAM, "101", [BANK[0]], seed).items
        places[[option.text for option in item.options].index("0a")] += 1
    assert all(150 < count < 250 for count in places.values())


def test_more_questions_than_the_bank_holds_cannot_be_chosen() -> None:
    with pytest.raises(ValueError, match="21 questions asked of 20"):
        choose(BANK, 21, b"s" * 32)


@given(SEEDS, st.integers(1, 2**40))
def test_a_draw_stays_below_its_limit(seed: bytes, limit: int) -> None:
    assert 0 <= Draw(seed, "x").below(limit) < limit


def test_codes_are_named_from_101_on() -> None:
    assert code_names(3) == ("101", "102", "103")
