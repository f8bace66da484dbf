from orchestrator.exams.distractors import OptionNote
from orchestrator.exams.items import ItemNote, item_figures
from orchestrator.exams.responses import from_letters

KEY = {"1": frozenset("A"), "2": frozenset("A"), "3": frozenset("A")}


def test_shares_are_of_all_candidates_and_means_of_the_other_items() -> None:
    answers = [["A", "A", "A"], ["A", "A", "B"], ["B", "A", "B"], ["", "B", "B"]]
    told = item_figures(from_letters("abcd", answers, KEY))[0]
    assert [(one.option, one.key, one.count, one.share, one.mean_rest) for one in told.options] == [
        ("A", True, 2, 0.5, 1.5),
        ("B", False, 1, 0.25, 1.0),
    ]
    assert told.answered == 3


def test_an_option_that_draws_better_candidates_than_the_key_casts_doubt_on_it() -> None:
    answers = [["B", "A", "A"]] * 5 + [["A", "B", "B"]] * 5
    told = item_figures(from_letters("abcdefghij", answers, KEY))[0]
    assert told.options[1].notes == [OptionNote.ABOVE_KEY]
    assert ItemNote.KEY_DOUBT in told.notes


def test_a_rare_option_is_told_but_does_not_accuse_the_key() -> None:
    answers = [["A", "A", "A"]] * 20 + [["A", "B", "B"]] * 20 + [["C", "A", "A"]]
    told = item_figures(from_letters([f"{n:02d}" for n in range(41)], answers, KEY))[0]
    assert told.options[1].notes == [OptionNote.RARE, OptionNote.ABOVE_KEY]
    assert ItemNote.KEY_DOUBT not in told.notes


def test_an_accepted_option_that_nobody_chose_stands_in_the_table() -> None:
    told = item_figures(from_letters("ab", [["A"], ["B"]], {"1": frozenset("AD")}))[0]
    assert [(one.option, one.key, one.count, one.mean_rest) for one in told.options] == [
        ("A", True, 1, 0.0),
        ("B", False, 1, 0.0),
        ("D", True, 0, None),
    ]
