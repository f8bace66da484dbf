import json
from pathlib import Path

import pytest

from orchestrator.errors import Refused
from orchestrator.exams.formats import parse

SAMPLES = Path(__file__).parents[5] / "shared/data/exam/bank"
AIKEN = """Thủ đô của Việt Nam?
A) Huế
B. Hà Nội
ANSWER: B

Số lớn nhất
trong các số?
A) 1
B) 2
còn nữa
ANSWER: b
"""


def test_aiken_items_are_read() -> None:
    parsed = parse(AIKEN.encode(), "aiken")
    assert [(q.line, q.text, q.options, q.letter) for q in parsed.questions] == [
        (1, "Thủ đô của Việt Nam?", ("Huế", "Hà Nội"), "B"),
        (6, "Số lớn nhất trong các số?", ("1", "2 còn nữa"), "B"),
    ]


@pytest.mark.parametrize(
    ("item", "reason"),
    [("A?\nA) a\nB) b", "ANSWER"), ("A?\nA) a\nB) b\nANSWER: C", "không chỉ vào"), ("A?\nA) a\nANSWER: A", "hai")],
)
def test_a_faulty_aiken_item_is_refused_with_its_line(item: str, reason: str) -> None:
    parsed = parse(f"{AIKEN}\n{item}\n\nSau?\nA) a\nB) b\nANSWER: A\n".encode(), "aiken")
    assert len(parsed.questions) == 3
    assert [refusal.line for refusal in parsed.refused] == [13]
    assert reason in parsed.refused[0].reason


@pytest.mark.parametrize("content", [AIKEN, AIKEN.replace("\n", "\r\n"), "\ufeff" + AIKEN])
def test_the_format_is_found_whatever_the_line_ends(content: str) -> None:
    assert len(parse(content.encode()).questions) == 2
    assert len(parse(b"A? {=a ~b}\r\n\r\nB? {\r\n=a\r\n~b}").questions) == 2


def test_a_file_that_is_no_utf8_is_refused_with_the_line() -> None:
    with pytest.raises(Refused) as refused:
        parse("tốt\nxấu".encode() + b"\xff")
    assert (refused.value.code, refused.value.fields) == ("not_utf8", {"line": 2})


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(Refused, match="unknown_format"):
        parse(b"", "odt")


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="no folder of data beside the checkout")
@pytest.mark.parametrize("question_format", ["aiken", "gift"])
def test_two_hundred_questions_come_out_as_they_are_in_both_formats(question_format: str) -> None:
    parsed = parse((SAMPLES / f"bank200.{question_format}.txt").read_bytes())
    want = json.loads((SAMPLES / "bank200.json").read_text(encoding="utf-8"))
    assert len(want) == 200
    assert parsed.refused == ()
    assert [(q.text, list(q.options), q.letter) for q in parsed.questions] == [
        (item["stem"], item["options"], item["key"]) for item in want
    ]


def test_the_demo_bank_has_only_good_questions_with_four_options() -> None:
    parsed = parse((Path(__file__).parents[4] / "demo/bank/dao_tao.gift").read_bytes())
    assert parsed.refused == ()
    assert len(parsed.questions) >= 20
    assert {len(question.options) for question in parsed.questions} == {4}
