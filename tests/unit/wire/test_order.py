from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.ids import ExamId, ItemId, OptionId
from wire.order import Unsealed, own_paper, unseal_paper
from wire.paper import Item, Option, Paper, Picture, Shuffle, paper_bytes
from wire.seal import SealBroken, new_paper_key, seal_paper

KEYS = st.binary(min_size=32, max_size=32)
NUMBERS = st.text(min_size=1, max_size=20)
SHUFFLED = st.sampled_from([Shuffle.OPTIONS, Shuffle.WHOLE])


def item(number: int, options: int, pinned: frozenset[int] = frozenset()) -> Item:
    offered = tuple(Option(OptionId(f"o{number}-{place}"), f"{number}.{place}") for place in range(options))
    return Item(ItemId(f"i{number}"), f"Câu {number}?", offered, tuple(offered[place].id for place in sorted(pinned)))


@st.composite
def papers(draw: st.DrawFn) -> Paper:
    """Any paper: some options pinned, some not."""
    items = []
    for number in range(draw(st.integers(0, 12))):
        options = draw(st.integers(2, 6))
        items.append(item(number, options, draw(st.frozensets(st.integers(0, options - 1)))))
    return Paper(ExamId("exam-1"), "101", tuple(items), (Picture("p", "image/png", 1, 1, b"x"),))


LONG = Unsealed(Paper(ExamId("exam-1"), "101", tuple(item(n, 4) for n in range(20))), b"k" * 32)
PINNED = Unsealed(Paper(ExamId("exam-1"), "101", tuple(item(n, 4, frozenset({3})) for n in range(20))), b"k" * 32)


@given(papers(), KEYS, NUMBERS, SHUFFLED)
def test_an_own_paper_is_a_permutation_of_the_sealed_one(paper: Paper, key: bytes, number: str, how: Shuffle) -> None:
    own = own_paper(Unsealed(paper, key), number, how)
    assert Counter(one.id for one in own.items) == Counter(one.id for one in paper.items)
    sealed = {one.id: one for one in paper.items}
    for one in own.items:
        assert Counter(one.options) == Counter(sealed[one.id].options)
        assert (one.text, one.pinned, one.images) == (
            sealed[one.id].text, sealed[one.id].pinned, sealed[one.id].images,
        )  # fmt: skip
    assert (own.exam, own.code, own.pictures) == (paper.exam, paper.code, paper.pictures)


@given(papers(), KEYS, NUMBERS, SHUFFLED)
def test_pinned_options_stay_in_their_place(paper: Paper, key: bytes, number: str, how: Shuffle) -> None:
    sealed = {one.id: one for one in paper.items}
    for one in own_paper(Unsealed(paper, key), number, how).items:
        for place, option in enumerate(sealed[one.id].options):
            if option.id in one.pinned:
                assert one.options[place] == option


@given(papers(), KEYS, NUMBERS, SHUFFLED)
def test_the_same_candidate_has_the_same_order_every_time(paper: Paper, key: bytes, number: str, how: Shuffle) -> None:
    assert own_paper(Unsealed(paper, key), number, how) == own_paper(Unsealed(paper, key), number, how)


@given(papers(), KEYS, NUMBERS)
def test_questions_that_keep_their_order_keep_it_and_their_options_are_the_same(
    paper: Paper, key: bytes, number: str
) -> None:
    kept = own_paper(Unsealed(paper, key), number, Shuffle.OPTIONS)
    assert [one.id for one in kept.items] == [one.id for one in paper.items]
    assert set(kept.items) == set(own_paper(Unsealed(paper, key), number, Shuffle.WHOLE).items)


@given(papers(), KEYS, NUMBERS)
def test_without_shuffling_everybody_has_the_sealed_paper_itself(paper: Paper, key: bytes, number: str) -> None:
    assert own_paper(Unsealed(paper, key), number, Shuffle.NONE) is paper


@given(st.lists(NUMBERS, min_size=2, max_size=6, unique=True), KEYS)
def test_candidates_differ_from_each_other(numbers: list[str], key: bytes) -> None:
    # 20 questions have 20! orders: two alike would be a fault, not chance.
    own = [own_paper(Unsealed(LONG.paper, key), number, Shuffle.WHOLE) for number in numbers]
    assert len({tuple(one.id for one in paper.items) for paper in own}) == len(numbers)


@given(KEYS, KEYS, NUMBERS)
def test_another_key_gives_another_order(one: bytes, other: bytes, number: str) -> None:
    found = [own_paper(Unsealed(LONG.paper, key), number, Shuffle.WHOLE).items for key in (one, other)]
    assert (found[0] == found[1]) is (one == other)


def test_every_option_comes_to_every_free_place_equally_often() -> None:
    counted: Counter[tuple[str, int]] = Counter()
    people = 2000
    for number in range(people):
        for place, option in enumerate(own_paper(PINNED, f"{number:04}", Shuffle.WHOLE).items[0].options):
            counted[option.text.partition(".")[2], place] += 1
    assert {place for letter, place in counted if letter == "3"} == {3}
    for letter in "012":
        for place in range(3):
            assert abs(counted[letter, place] - people / 3) < people * 0.05


def test_only_the_key_of_the_seal_gives_the_order_whatever_the_wrap() -> None:
    key, other = new_paper_key(), new_paper_key()
    sealed = seal_paper(key, paper_bytes(LONG.paper))
    once, again = unseal_paper(key, sealed), unseal_paper(key, seal_paper(key, paper_bytes(LONG.paper)))
    assert once == again
    assert once.order_key not in (key, unseal_paper(other, seal_paper(other, paper_bytes(LONG.paper))).order_key)
    with pytest.raises(SealBroken):
        unseal_paper(other, sealed)


def test_the_order_is_the_one_that_earlier_versions_made() -> None:
    """An appeal comes months later: what was shown then must come out again."""
    own = own_paper(LONG, "SBD001", Shuffle.WHOLE)
    assert [int(one.id[1:]) for one in own.items][:8] == [10, 4, 15, 6, 9, 0, 17, 1]
    assert [option.text for option in own.items[0].options] == ["10.3", "10.1", "10.2", "10.0"]
