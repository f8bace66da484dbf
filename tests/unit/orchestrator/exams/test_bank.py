import pytest

from orchestrator.exams.bank import Question, digest, pinned_places, shown


@pytest.mark.parametrize(
    ("options", "pinned"),
    [
        (("a", "b", "c"), ()),
        (("a", "b", "Tất cả các phương án trên"), (2,)),
        (("a", "All of the above", "None of these"), (1, 2)),
        (("a", "Tất cả đều sai", "c"), ()),
        (("x", "y", "Cả A và B"), (0, 1, 2)),
        (("x", "y", "Không có đáp án nào đúng"), (2,)),
        (("Vitamin A", "Vitamin B"), ()),
        (("Sai", "Đúng"), (0, 1)),
        (("a", "b", "c", "Cả 3 đáp án trên"), (3,)),
    ],
)
def test_options_that_speak_of_others_stay_in_place(options: tuple[str, ...], pinned: tuple[int, ...]) -> None:
    assert pinned_places(options) == pinned


def test_questions_are_the_same_whatever_title_and_order() -> None:
    first = Question(1, "t1", "c", "plain", "A?", ("a", "b"), 0)
    assert digest(first) == digest(Question(9, "t2", "", "plain", "A?", ("b", "a"), 1))
    assert digest(first) != digest(Question(1, "t1", "c", "plain", "A?", ("a", "c"), 0))


def test_html_reaches_a_paper_as_text_only() -> None:
    html = "<p>Chọn <b>một</b> &amp; chỉ một<br>câu</p><script>alert(1)</script>"
    assert "<" not in shown(html, "html")
    assert shown(html, "html").startswith("Chọn một & chỉ một\ncâu")
    assert shown("a <![x b", "html") == "a <![x b"
    assert shown("2 < 3", "moodle") == "2 < 3"
