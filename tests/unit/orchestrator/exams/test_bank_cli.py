import json
from pathlib import Path

import pytest

from orchestrator.cli import main
from orchestrator.exams.bank import Question
from orchestrator.exams.bank_export import docx


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "bank.gift"
    path.write_text("A? {=a ~b}\n\nlời dẫn\n\n::t:: B? {~a =b ~c}\n", encoding="utf-8")
    return str(path)


def test_json_prints_what_was_parsed_and_stores_nothing(
    file: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["bank", "import", file, "--json"]) == 0
    told = json.loads(capfd.readouterr().out)
    assert [(q["stem"], q["options"], q["key"], q["line"]) for q in told["questions"]] == [
        ("A?", ["a", "b"], "A", 1),
        ("B?", ["a", "b", "c"], "B", 5),
    ]
    assert [refusal["line"] for refusal in told["refused"]] == [3]
    assert not (tmp_path / "var").exists()


def test_questions_go_into_the_bank_once(file: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["bank", "import", file]) == 0
    out = capfd.readouterr().out
    assert f"{file}:3: " in out
    assert "2 câu vào ngân hàng, 1 câu bị từ chối" in out
    assert main(["bank", "import", file]) == 1
    assert "0 câu vào ngân hàng, 3 câu bị từ chối" in capfd.readouterr().out


@pytest.mark.parametrize(
    ("argv", "code"),
    [([], 2), (["x", "--format", "odt"], 2), (["none.gift"], 1), (["-h"], 0)],
)
def test_exit_codes_tell_wrong_usage_from_failure(
    argv: list[str], code: int, file: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["bank", "import", *argv]) == code
    assert capfd.readouterr() != ("", "")


def test_a_word_file_goes_in_and_remarks_stand_by_their_lines(
    file: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    question = Question(0, "", "", "plain", "Thủ đô?", ("Huế", "huế", "Hà Nội"), 2)
    (tmp_path / "de.docx").write_bytes(docx([question]))
    assert main(["bank", "import", "de.docx"]) == 0
    out = capfd.readouterr().out
    assert "de.docx:1: lưu ý: Câu 1: phương án A và B" in out
    assert "1 câu vào ngân hàng, 0 câu bị từ chối" in out
