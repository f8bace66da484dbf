import pytest

from orchestrator.exams.bank import Question
from orchestrator.exams.importing.package import UnreadableFile
from orchestrator.exams.importing.qti import parse_qti
from tests.doubles.word_files import CHOICES, QTI3, package, qti_item, qti_package


def only(content: str | bytes) -> Question:
    parsed = parse_qti(content.encode() if isinstance(content, str) else content)
    assert parsed.refused == ()
    return parsed.questions[0]


def reason(content: str) -> str:
    parsed = parse_qti(content.encode())
    assert parsed.questions == ()
    return parsed.refused[0].reason


@pytest.mark.parametrize("version", ["imsqti_v2p0", "imsqti_v2p1", "imsqti_v2p2"])
def test_an_item_of_qti_2_is_read_with_prompt_key_and_fixed_choice(version: str) -> None:
    question = only(qti_item(CHOICES, version=version))
    assert (question.title, question.text) == ("Câu thử", "Thủ đô của Việt Nam?\nChọn một.")
    assert (question.options, question.letter, question.pinned) == (("Huế", "Hà Nội", "Một nơi khác"), "B", (2,))


def test_an_item_of_qti_3_is_read_and_true_or_false_keeps_its_order() -> None:
    question = only(QTI3)
    assert question.text == "H₂O là nước, m² là diện tích."
    assert (question.options, question.letter, question.pinned) == (("Sai", "Đúng"), "B", (0, 1))


def test_a_package_is_read_by_its_manifest_and_each_refusal_names_its_file_and_line() -> None:
    bad = qti_item(CHOICES.replace('maxChoices="1"', 'maxChoices="2"'))
    parsed = parse_qti(qti_package({"items/1.xml": qti_item(CHOICES), "items/2.xml": bad, "3.xml": "<oops"}))
    assert [question.letter for question in parsed.questions] == ["B"]
    assert [refusal.reason.split(":")[0] for refusal in parsed.refused] == ["items/2.xml", "3.xml"]
    assert parsed.refused[0].line == 2


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("choiceInteraction", "orderInteraction", "orderInteraction"),
        ('maxChoices="1"', 'maxChoices="0"', "nhiều phương án"),
        ('cardinality="single"', 'cardinality="multiple"', "nhiều đáp án"),
        ("<value>B</value>", "", "thiếu đáp án"),
        ("<value>B</value>", "<value>B</value><value>C</value>", "đúng một"),
        ("<value>B</value>", "<value>Z</value>", "không chỉ vào"),
        ("<p>Thủ đô của Việt Nam?</p>", '<p>Xem <img src="a.png" alt=""/></p>', "img"),
        ("Huế", '<math xmlns="http://www.w3.org/1998/Math/MathML"><mtable/></math>', "mtable"),
        ("Huế", "Hà Nội", "giống hệt"),
        ('identifier="A"', 'identifier="B"', "cùng một identifier"),
        ("<itemBody>", "<templateDeclaration/><itemBody>", "template"),
        ("<itemBody>", '<assessmentStimulusRef href="x"/><itemBody>', "tệp khác"),
        ("<p>", "<p><printedVariable/>", "printedVariable"),
    ],
)
def test_whatever_is_not_a_plain_single_choice_is_refused_with_its_reason(old: str, new: str, words: str) -> None:
    assert words in reason(qti_item(CHOICES).replace(old, new))


def test_part_marks_for_another_choice_are_refused_and_marks_for_the_key_are_not() -> None:
    entry = '</correctResponse><mapping><mapEntry mapKey="{}" mappedValue="{}"/></mapping>'
    assert only(qti_item(CHOICES).replace("</correctResponse>", entry.format("B", 1))).letter == "B"
    assert "từng phần" in reason(qti_item(CHOICES).replace("</correctResponse>", entry.format("A", 0.5)))
    assert "từng phần" in reason(qti_item(CHOICES).replace("</correctResponse>", entry.format("A", "nan")))


def test_tables_become_lines_and_lost_emphasis_is_told() -> None:
    body = CHOICES.replace(
        "<p>", "<p><b>Chú ý</b></p><table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table><p>"
    )
    parsed = parse_qti(qti_item(body).encode())
    assert parsed.questions[0].text.startswith("Chú ý\na | b\nc | d\nThủ đô")
    assert "nhấn mạnh" in parsed.remarks[0].reason


def test_other_qti_and_other_files_are_refused() -> None:
    assert "QTI 1" in reason("<questestinterop/>")
    assert "không phải" in reason("<html/>")
    assert "không có câu hỏi" in parse_qti(qti_package({})).refused[0].reason
    with pytest.raises(UnreadableFile, match="imsmanifest"):
        parse_qti(package({"x": "1"}))
    with pytest.raises(UnreadableFile, match="DOCTYPE"):
        parse_qti(b'<!DOCTYPE a [<!ENTITY b "c">]><assessmentItem/>')


def test_a_manifest_cannot_reach_outside_its_package() -> None:
    away = '<manifest><resource type="imsqti_item_xmlv2p1" href="../../etc/passwd"/></manifest>'
    parsed = parse_qti(package({"imsmanifest.xml": away}))
    assert "thiếu phần" in parsed.refused[0].reason
