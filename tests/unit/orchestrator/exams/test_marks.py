import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.exams.marks import (
    CandidateState,
    Heard,
    Key,
    count_correct,
    in_order,
    mark_hundredths,
    read_sheet,
)
from wire.chain import GENESIS, EventKind, JournalEvent, next_hash
from wire.ids import EnrolmentId, ExamId, ItemId, OptionId

ITEMS = [ItemId(f"i{number}") for number in range(6)]
OPTIONS = [OptionId(letter) for letter in "abcd"]
KEY = Key(1, {item: (OPTIONS[number % 4],) for number, item in enumerate(ITEMS)})
END = 10**15
Step = tuple[EventKind, ItemId | None, OptionId | None, int]


def chain(steps: list[Step], enrolment: str = "enr-1", prev: bytes = GENESIS, first: int = 1) -> list[Heard]:
    heard = []
    for seq, (kind, item, option, at_ns) in enumerate(steps, first):
        event = JournalEvent(ExamId("exam-1"), "0001", seq, kind, item, option, at_ns, 5, enrolment, seq)
        heard.append(Heard(event, prev, next_hash(prev, event), EnrolmentId(enrolment)))
        prev = heard[-1].hash
    return heard


def answered(item: int, option: int, at_ns: int = 1) -> Step:
    return EventKind.ANSWER, ITEMS[item], OPTIONS[option], at_ns


SIGN_IN: Step = (EventKind.SIGN_IN, None, None, 0)
OPEN: Step = (EventKind.OPEN, None, None, 0)
HAND_IN: Step = (EventKind.HAND_IN, None, None, 9)
CLOSE: Step = (EventKind.CLOSE, None, None, 9)
ANSWERS = st.tuples(st.integers(0, 5), st.integers(0, 4))


@given(st.lists(ANSWERS), st.randoms(use_true_random=False))
def test_marks_equal_an_independent_count_whatever_order_events_come_in(
    told: list[tuple[int, int]], chance: random.Random
) -> None:
    last = dict(told)
    independent = sum(1 for item, option in last.items() if option < 4 and option == item % 4)
    steps: list[Step] = [
        answered(item, option) if option < 4 else (EventKind.CLEAR, ITEMS[item], None, 1) for item, option in told
    ]
    heard = chain([SIGN_IN, OPEN, *steps, HAND_IN])
    chance.shuffle(heard)
    assert count_correct(read_sheet(heard, END).answers, KEY) == independent


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        ([], CandidateState.ABSENT),
        ([CLOSE], CandidateState.ABSENT),
        ([SIGN_IN], CandidateState.NOT_OPENED),
        ([SIGN_IN, CLOSE], CandidateState.NOT_OPENED),
        ([SIGN_IN, OPEN], CandidateState.WRITING),
        ([SIGN_IN, OPEN, CLOSE], CandidateState.NO_ANSWER),
        ([SIGN_IN, OPEN, answered(0, 0), CLOSE], CandidateState.CLOSED),
        ([SIGN_IN, OPEN, answered(0, 0), HAND_IN, CLOSE], CandidateState.HANDED_IN),
    ],
)
def test_absent_not_opened_and_no_answer_are_different(steps: list[Step], state: CandidateState) -> None:
    assert read_sheet(chain(steps), END).state is state


def test_an_answer_after_the_hand_in_does_not_count() -> None:
    sheet = read_sheet(chain([SIGN_IN, OPEN, answered(0, 0), HAND_IN, answered(0, 1)]), END)
    assert sheet.answers == {ITEMS[0]: OPTIONS[0]}


def test_an_answer_within_the_clock_bound_of_the_end_counts_and_a_later_one_is_set_aside() -> None:
    bound = 5_000_000
    sheet = read_sheet(chain([OPEN, answered(0, 0, END + bound), answered(1, 1, END + bound + 1)]), END)
    assert (sheet.answers, sheet.late) == ({ITEMS[0]: OPTIONS[0]}, 1)


def test_a_fork_is_left_to_a_person() -> None:
    trunk = chain([SIGN_IN, OPEN])
    branches = [chain([answered(0, option)], prev=trunk[-1].hash, first=3) for option in (0, 1)]
    assert read_sheet([*trunk, *branches[0]], END).state is not CandidateState.CONFLICT
    assert read_sheet([*trunk, *branches[0], *branches[1]], END).state is CandidateState.CONFLICT


def test_a_candidate_who_moved_to_another_computer_goes_on_there() -> None:
    first = chain([SIGN_IN, OPEN, answered(0, 0, 1), answered(1, 0, 2)], "enr-1")
    second = chain([(EventKind.SIGN_IN, None, None, 5), answered(1, 1, 6), HAND_IN], "enr-2")
    sheet = read_sheet([*second, *first], END)
    assert (sheet.state, sheet.answers) == (
        CandidateState.HANDED_IN,
        {ITEMS[0]: OPTIONS[0], ITEMS[1]: OPTIONS[1]},
    )
    assert sheet.ended_by == second[-1].hash


def test_what_the_site_marked_as_late_or_overtaken_counts_for_nothing() -> None:
    overtaken: Step = (EventKind.ASIDE, ITEMS[0], OPTIONS[1], 2)
    late: Step = (EventKind.LATE, ITEMS[1], OPTIONS[1], 3)
    steps = [OPEN, answered(0, 0), overtaken, CLOSE, late]
    sheet = read_sheet(chain(steps), END)
    assert (sheet.answers, sheet.late, sheet.state) == ({ITEMS[0]: OPTIONS[0]}, 1, CandidateState.CLOSED)


def test_a_page_that_said_two_things_under_one_key_is_left_to_a_person() -> None:
    heard = chain([OPEN, answered(0, 0), (EventKind.CONFLICT, ITEMS[0], OPTIONS[1], 2)])
    assert read_sheet(heard, END).state is CandidateState.CONFLICT


@pytest.mark.parametrize(("steps", "place"), [([HAND_IN, CLOSE], 3), ([CLOSE], 3), ([HAND_IN, answered(0, 1)], 3)])
def test_the_receipt_is_of_the_hand_in_and_else_of_the_close(steps: list[Step], place: int) -> None:
    heard = chain([SIGN_IN, OPEN, answered(0, 0), *steps])
    assert read_sheet(heard, END).ended_by == heard[place].hash
    assert read_sheet(heard[:3], END).ended_by == GENESIS


def test_without_a_clock_the_sites_own_word_holds() -> None:
    heard = chain([OPEN, answered(0, 0, END * 2)])
    assert read_sheet(heard, None).answers == {ITEMS[0]: OPTIONS[0]}


def test_two_beginnings_at_one_computer_are_a_fork() -> None:
    assert in_order([*chain([SIGN_IN]), *chain([OPEN])])[1]


def test_a_void_item_counts_for_nobody_and_a_second_right_option_for_all_who_chose_it() -> None:
    answers = {ITEMS[0]: OPTIONS[0], ITEMS[1]: OPTIONS[2]}
    assert count_correct(answers, KEY) == 1
    mended = Key(2, {**KEY.right, ITEMS[0]: (), ITEMS[1]: (OPTIONS[1], OPTIONS[2])})
    assert (count_correct(answers, mended), mended.maximum, KEY.maximum) == (1, 5, 6)


def test_a_credited_item_counts_for_everybody_and_stays_in_the_maximum() -> None:
    credited = Key(2, {**KEY.right, ITEMS[0]: ()}, frozenset({ITEMS[0]}))
    assert (count_correct({}, credited), count_correct({ITEMS[0]: OPTIONS[3]}, credited)) == (1, 1)
    assert (credited.maximum, credited.maximum_of(ITEMS[1:])) == (6, 5)


def test_a_switch_to_the_reserve_paper_is_told_with_the_sheet() -> None:
    switch: Step = (EventKind.SWITCH, None, None, 3)
    sheet = read_sheet(chain([SIGN_IN, OPEN, answered(0, 0), switch, OPEN, answered(3, 3), HAND_IN]), END)
    assert (sheet.switched, sheet.answers, sheet.state) == (True, {ITEMS[3]: OPTIONS[3]}, CandidateState.HANDED_IN)
    assert not read_sheet(chain([SIGN_IN, OPEN, HAND_IN]), END).switched


def test_another_computer_that_turns_to_the_reserve_takes_back_no_answer_to_it() -> None:
    """The computer that replaces one of a school has not seen that the candidates had turned."""
    switch: Step = (EventKind.SWITCH, None, None, 3)
    old = chain([SIGN_IN, OPEN, answered(0, 0), switch, OPEN, answered(3, 3, 4)])
    going_on = chain([(EventKind.SIGN_IN, None, None, 5), switch, answered(4, 0, 6)], "enr-2", old[-1].hash, 7)
    anew = chain([(EventKind.SIGN_IN, None, None, 5), switch, answered(4, 0, 6)], "enr-2")
    for new in (going_on, anew):
        sheet = read_sheet([*old, *new], END)
        assert sheet.answers == {ITEMS[3]: OPTIONS[3], ITEMS[4]: OPTIONS[0]}
        assert sheet.switched


@pytest.mark.parametrize(
    ("correct", "maximum", "mark"), [(0, 40, 0), (40, 40, 1000), (1, 3, 333), (2, 3, 667), (1, 800, 1), (0, 0, 0)]
)
def test_marks_are_rounded_half_up_from_integers(correct: int, maximum: int, mark: int) -> None:
    assert mark_hundredths(correct, maximum) == mark
