import json
from pathlib import Path

import pytest

from orchestrator.cli import main
from tests.doubles.answer_sheets import LSAT

SAMPLE = Path(__file__).parents[5] / "shared/data/exam/stats/LSAT.csv"


@pytest.fixture
def table(tmp_path: Path) -> str:
    """LSAT section 6: the file handed out, else the same table made from its patterns."""
    path = tmp_path / "LSAT.csv"
    rows = [",".join(pattern) for pattern, count in LSAT.items() for _ in range(count)]
    made = "\n".join([",".join(f'"Item {n}"' for n in range(1, 6)), *rows, ""])
    path.write_bytes(SAMPLE.read_bytes() if SAMPLE.exists() else made.encode())
    return str(path)


def test_json_prints_the_published_values_with_all_digits(table: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["exam", "stats", table, "--json"]) == 0
    told = json.loads(capfd.readouterr().out)
    assert told["paper"]["kr20"] == pytest.approx(0.294997192216, abs=5e-10)
    assert [item["item"] for item in told["items"]] == [f"Item {n}" for n in range(1, 6)]
    assert told["items"][0]["discrimination"] == pytest.approx(0.112832688922, abs=5e-10)


def test_columns_are_printed_for_people(table: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["exam", "stats", table]) == 0
    out = capfd.readouterr().out
    assert "kr20            0.294997192" in out
    assert out.splitlines()[-1].startswith("Item 5")


def test_letters_with_a_key_give_distractors_and_codes(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    answers, key = tmp_path / "answers.csv", tmp_path / "key.csv"
    answers.write_text("sbd,code,c1,c2\n1,101,A,B\n2,102,B,B\n3,101,A,\n4,102,A,B\n", encoding="utf-8")
    key.write_text("item,key\nc1,A\nc2,B\n", encoding="utf-8")
    assert main(["exam", "stats", str(answers), "--key", str(key), "--json"]) == 0
    told = json.loads(capfd.readouterr().out)
    assert [(one["option"], one["count"]) for one in told["items"][0]["options"]] == [("A", 3), ("B", 1)]
    assert [(one["code"], one["candidates"]) for one in told["codes"]] == [("101", 2), ("102", 2)]
    assert main(["exam", "stats", str(answers), "--key", str(key)]) == 0
    assert "102 - 101: 0  t = 0" in capfd.readouterr().out


def test_faults_go_to_stderr_with_file_and_line(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    answers, key = tmp_path / "answers.csv", tmp_path / "key.csv"
    answers.write_text("c1,c2\n1,1\n1,A\n", encoding="utf-8")
    key.write_text("item,key\nc1,A\n", encoding="utf-8")
    assert main(["exam", "stats", str(answers)]) == 1
    assert capfd.readouterr().err.startswith(f"{answers}:3: c2: ")
    assert main(["exam", "stats", str(answers), "--key", str(key)]) == 1
    assert capfd.readouterr().err.startswith(f"{key}:2: thiếu đáp án câu 'c2'")
    assert main(["exam", "stats", str(answers), "--key", str(tmp_path / "none.csv")]) == 1
    assert "none.csv: No such file" in capfd.readouterr().err
    answers.write_text("c1\n" + "x\n" * 60, encoding="utf-8")
    assert main(["exam", "stats", str(answers)]) == 1
    assert "10 lỗi nữa" in capfd.readouterr().err


@pytest.mark.parametrize(("argv", "code"), [([], 2), (["a.csv", "--csv"], 2), (["none.csv"], 1), (["--help"], 0)])
def test_exit_codes_tell_wrong_usage_from_failure(
    argv: list[str], code: int, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["exam", "stats", *argv]) == code
    assert capfd.readouterr() != ("", "")
