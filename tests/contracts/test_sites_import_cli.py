"""`diemcau sites import FILE` on a real database."""

from pathlib import Path

import pytest

from demo.province import make_province, sites_csv, workbook
from orchestrator.sites.import_cli import run


@pytest.fixture
def config(tmp_path: Path) -> str:
    file = tmp_path / "centre.toml"
    file.write_text(f'[storage]\nfolder = "{tmp_path / "var"}"\n')
    return str(file)


def test_a_good_file_is_imported_and_counted(tmp_path: Path, config: str, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "tinh.xlsx"
    file.write_bytes(workbook(make_province(8, 40)))
    assert run([str(file), "--config", config]) == 0
    assert run([str(file), "--config", config]) == 0
    assert capsys.readouterr().out == "8 sites, 40 participants, 12 places\n" * 2


def test_faults_are_told_one_a_line_and_fail(tmp_path: Path, config: str, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "tinh.csv"
    file.write_text(sites_csv(make_province(8)).replace("0900000005", "12"))
    assert run([str(file), "--config", config]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.splitlines()[1:] == ["tinh.csv:6: Điện thoại: Số điện thoại không hợp lệ: “12”."]


def test_wrong_usage_and_wrong_configuration_are_told_apart_from_faults(
    tmp_path: Path, config: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bad.toml").write_text("[storage]\nfoldr = 'x'\n")
    assert run([]) == 2
    assert run([str(tmp_path / "missing.csv"), "--config", config]) == 2
    assert run([config, "--config", str(tmp_path / "bad.toml")]) == 2
    assert "foldr" in capsys.readouterr().err
    assert run(["--help"]) == 0
