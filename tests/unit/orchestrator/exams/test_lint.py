import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from orchestrator.exams import lint as linting
from orchestrator.exams.bank import Parsed, Question, Refusal, Remark, RemarkKind
from orchestrator.exams.lint import Known, lint, remarks_on_taken

LONG = "Giáo viên cần làm gì trước tiên khi đưa một bức ảnh lấy trên mạng vào bài giảng sẽ chia sẻ công khai"


def asked(text: str, *options: str, line: int = 1, pinned: tuple[int, ...] = ()) -> Question:
    return Question(line, "", "", "plain", text, options or ("a", "b"), 0, pinned)


def kinds(remarks: tuple[Remark, ...]) -> list[tuple[int, RemarkKind]]:
    return [(remark.line, remark.kind) for remark in remarks]


def test_good_questions_give_no_remarks() -> None:
    assert lint([asked("Thủ đô?", "Huế", "Hà Nội"), asked("Hai cộng hai?", "3", "4", line=2)]) == ()


def test_options_that_differ_in_signs_or_capitals_only_are_told() -> None:
    assert kinds(lint([asked("A?", "Hà Nội", "hà nội.", "Huế")])) == [(1, RemarkKind.ALIKE_OPTIONS)]
    assert lint([asked("A?", "+", "-")]) == ()


def test_an_option_that_speaks_of_the_others_is_told_unless_pinned() -> None:
    for words in ("Tất cả các đáp án trên", "Không có đáp án nào", "Cả 3 đáp án trên", "Các phương án trên đều sai"):
        assert kinds(lint([asked("A?", words, "b", "c")])) == [(1, RemarkKind.LOOSE_TAIL)]
        assert lint([asked("A?", "b", "c", words, pinned=(2,))]) == ()


def test_nearly_the_same_question_is_told_within_the_file_and_against_the_bank() -> None:
    again = asked(f"{LONG} vậy?", line=7)
    assert kinds(lint([asked(f"{LONG}?"), again])) == [(7, RemarkKind.ALIKE_QUESTIONS)]
    assert "trong ngân hàng" in lint([again], [Known("x", LONG, ("a", "b"))])[0].reason


def test_comparing_stops_at_its_bound_and_says_so() -> None:
    # Any six of twelve words, none rarer than another and no two sets alike: many pairs to look at.
    sixes = [" ".join(word) for word in itertools.combinations("abcdefghijkl", 6)]
    told = lint([asked(text, "1", "2", line=place) for place, text in enumerate(sixes)], most=50)
    assert [remark.kind for remark in told] == [RemarkKind.NOT_COMPARED]


def test_remarks_on_refused_repeats_are_dropped() -> None:
    remark = Remark(3, RemarkKind.ALIKE_QUESTIONS, "gần giống")
    left_out = Remark(1, RemarkKind.LEFT_OUT, "lời giải")
    parsed = Parsed((), (), (left_out,))
    assert remarks_on_taken(parsed, [remark], [Refusal(3, "đã có")]) == [left_out]
    assert remarks_on_taken(parsed, [remark], []) == [left_out, remark]


@settings(deadline=None)
@given(st.lists(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=8), max_size=25))
def test_near_duplicates_are_those_that_comparing_every_pair_finds(texts: list[list[str]]) -> None:
    questions = [asked(" ".join(words), "1", "2", line=place) for place, words in enumerate(texts)]
    sets = [{*words, "1", "2"} for words in texts]
    expected = {
        place
        for place, words in enumerate(sets)
        if any(100 * len(words & other) >= linting.ALIKE * len(words | other) for other in sets[:place])
    }
    assert {remark.line for remark in lint(questions) if remark.kind is RemarkKind.ALIKE_QUESTIONS} == expected
