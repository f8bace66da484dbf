import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.exams.bank import Question
from orchestrator.exams.gift import TRUE_FALSE, parse_gift

SAMPLES = Path(__file__).parents[5] / "shared/data/exam"


def only(text: str) -> Question:
    parsed = parse_gift(text)
    assert parsed.refused == ()
    assert len(parsed.questions) == 1
    return parsed.questions[0]


def test_a_question_has_stem_options_and_one_right_one() -> None:
    question = only("::Q1:: Thủ đô của Việt Nam? {~Huế =Hà Nội ~Đà Nẵng}")
    assert (question.title, question.text) == ("Q1", "Thủ đô của Việt Nam?")
    assert (question.options, question.right, question.letter) == (("Huế", "Hà Nội", "Đà Nẵng"), 1, "B")


@pytest.mark.parametrize(("word", "right"), [("T", 0), ("TRUE", 0), ("F", 1), ("FALSE", 1), ("true", 0)])
def test_true_or_false_is_a_question_of_two_options_that_stay_in_place(word: str, right: int) -> None:
    question = only(f"Trái Đất quay.{{{word}#sai rồi#đúng rồi}}")
    assert (question.options, question.right, question.pinned) == (TRUE_FALSE, right, (0, 1))


def test_escaped_signs_are_plain_text() -> None:
    question = only(r"Tính 2\:1 \{x\}? {=\= 2 # vì \~ 2 ~\~3 ~a\\b ~c\#d}")
    assert question.text == "Tính 2:1 {x}?"
    assert question.options == ("= 2", "~3", "a\\b", "c#d")


def test_a_backslash_n_breaks_the_line_and_other_line_breaks_do_not() -> None:
    assert only("Dòng một,\n   dòng hai\\nvà ba? {=a ~b}").text == "Dòng một, dòng hai\nvà ba?"


def test_markdown_keeps_its_lines() -> None:
    question = only("[markdown]dòng một  \ndòng hai {=a  \nb ~c}")
    assert (question.format, question.text, question.options[0]) == ("markdown", "dòng một  \ndòng hai", "a  \nb")


def test_comments_and_categories_are_read_where_they_stand() -> None:
    parsed = parse_gift("// lời\n$CATEGORY: $course$/Toán\n\n// nữa\nA? {\n// trong câu\n=a\n~b\n}\n\nB? {=a ~b}\n")
    assert [question.line for question in parsed.questions] == [5, 11]
    assert {question.category for question in parsed.questions} == {"$course$/Toán"}
    assert parsed.questions[0].options == ("a", "b")


def test_a_gap_in_the_sentence_is_shown_as_one() -> None:
    assert only("Hà Nội là {~sông =thủ đô} của Việt Nam.").text == "Hà Nội là _____ của Việt Nam."


def test_html_of_endless_tags_and_endless_options_are_refused_at_once() -> None:
    parsed = parse_gift("[html]" + "<a " * 500 + "{=a ~b}\n\nB? {=" + "~" * 500 + "}")
    assert ["quá" in refusal.reason for refusal in parsed.refused] == [True, True]


def test_feedback_is_left_out_and_full_weight_means_right() -> None:
    question = only("A? {~%100%đúng#tốt ~%0%sai#không ~khác####chung}")
    assert (question.options, question.right) == (("đúng", "sai", "khác"), 0)


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        ("Chỉ là lời dẫn.", "mô tả"),
        ("Viết đoạn văn. {}", "tự luận"),
        ("2 + 2 = ? {#4}", "số"),
        ("Ai? {=Hoa =Lan}", "ngắn"),
        ("Ghép {=a -> b =c -> d =e -> f}", "ghép đôi"),
        ("Chọn {~%50%a ~%50%b ~c}", "phần trăm"),
        ("Chọn {~a ~b}", "có 0"),
        ("Chọn {=a =b ~c}", "có 2"),
        ("Chọn {~%100%a}", "hai phương án"),
        ("Chọn {=a ~a}", "giống hệt"),
        ("Chọn {=a ~}", "để trống"),
        ("Chọn {=a ~b", "thiếu dấu đóng"),
        ("Chọn {=a ~b} rồi {=c ~d}", "hơn một phần"),
        ("Chọn {a =b ~c}", "bắt đầu bằng"),
        ("::T:: {=a ~b}", "không có nội dung"),
        ("Chọn {" + "=a " + " ".join(f"~{n}" for n in range(10)) + "}", "quá 10"),
    ],
)
def test_what_is_no_single_choice_is_refused_with_line_and_reason(item: str, reason: str) -> None:
    parsed = parse_gift(f"Trước? {{=a ~b}}\n\n{item}\n\n::S:: Sau? {{=a ~b}}")
    assert [question.text for question in parsed.questions] == ["Trước?", "Sau?"]
    assert [refusal.line for refusal in parsed.refused] == [3]
    assert reason in parsed.refused[0].reason


def test_a_brace_that_never_closes_costs_one_item_only() -> None:
    parsed = parse_gift("Một {=a ~b\n\nHai? {=a ~b}\n\nBa? {=a ~b}")
    assert [(refusal.line, refusal.reason) for refusal in parsed.refused] == [(1, "thiếu dấu đóng }")]
    assert [question.text for question in parsed.questions] == ["Hai?", "Ba?"]


def test_blank_lines_inside_braces_are_allowed() -> None:
    assert only("A? {\n=a\n\n~b\n}").options == ("a", "b")


@given(st.text(alphabet="ab ~=#{}:\\n\n/$%[]>-TF10", max_size=120))
def test_no_text_makes_the_reader_fail(text: str) -> None:
    for question in parse_gift(text).questions:
        assert 0 <= question.right < len(question.options)


def escaped(text: str) -> str:
    return "".join("\\" + sign if sign in "~=#{}:\\" else sign for sign in text)


PLAIN = st.text(alphabet="abcĐặ ~=#{}:\\", min_size=1, max_size=12).map(str.strip).filter(bool)


@given(st.lists(PLAIN, min_size=2, max_size=5, unique=True), PLAIN, st.integers(0, 4))
def test_any_text_comes_through_escaped(options: list[str], stem: str, right: int) -> None:
    right %= len(options)
    # The empty-weight mark %…% and comment lines are GIFT's own and cannot be escaped: none is in this alphabet.
    body = "".join(f"\n{'=' if place == right else '~'}{escaped(text)}" for place, text in enumerate(options))
    question = only(f"::t:: [plain]{escaped(stem)} {{{body}\n}}")
    assert (question.text, question.options, question.right) == (stem, tuple(options), right)


def expected_of(item: dict[str, Any]) -> tuple[list[str], int] | None:
    if item["type"] == "TF":
        return list(TRUE_FALSE), 0 if item["isTrue"] else 1
    if item["type"] != "MC" or any(choice["weight"] is not None for choice in item["choices"]):
        return None
    return [c["text"]["text"] for c in item["choices"]], [c["isCorrect"] for c in item["choices"]].index(True)


REASON_OF = {
    "Description": "đoạn mô tả",
    "Numerical": "câu trả lời bằng số",
    "Short": "câu trả lời ngắn",
    "Essay": "câu tự luận",
    "Matching": "câu ghép đôi",
    "MC": "câu nhiều lựa chọn tính điểm phần trăm",
}
"""What the grammar calls an item, and what a person reads of why it was refused; an MC of one right option is taken."""


def lines_of(told: list[dict[str, Any]], text: str) -> list[int]:
    """The line at which each item of the grammar's reading begins, found by the first words of its title or stem.

    Where an answer stood within a stem the grammar puts " _____"."""
    lines = ["" if line.startswith("//") else line.replace("\\", "") for line in text.splitlines()]
    found, after = [], 0
    for item in told:
        words = (
            (item["title"] or item["stem"]["text"])
            .replace("\\", "")
            .splitlines()[0]
            .partition(" _____")[0]
            .strip()[:25]
        )
        after = next(number for number, line in enumerate(lines[after:], after + 1) if words in line)
        found.append(after)
    return found


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="no folder of data beside the checkout")
def test_published_samples_are_read_as_their_grammar_says() -> None:
    files = sorted((SAMPLES / "gift").glob("*.gift"))
    assert len(files) >= 20
    refused = 0
    for file in files:
        text = file.read_text(encoding="utf-8")
        parsed = parse_gift(text)
        told = [item for item in json.loads(file.with_suffix(".json").read_text()) if item["type"] != "Category"]
        taken = [(item, expected_of(item)) for item in told if expected_of(item) is not None]
        assert [(list(q.options), q.right) for q in parsed.questions] == [want for _, want in taken], file.name
        assert [q.text for q in parsed.questions] == [item["stem"]["text"] for item, _ in taken], file.name
        assert [q.title or None for q in parsed.questions] == [item["title"] for item, _ in taken], file.name
        begun = zip(told, lines_of(told, text), strict=True)
        want = [(line, REASON_OF[item["type"]]) for item, line in begun if expected_of(item) is None]
        assert [refusal.line for refusal in parsed.refused] == [line for line, _ in want], file.name
        for refusal, (_, reason) in zip(parsed.refused, want, strict=True):
            assert refusal.reason.startswith(("đây là " + reason, reason)), file.name
        refused += len(want)
    assert refused >= 20
