"""One program at a time has a database file."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.province import make_province, workbook
from orchestrator.exams import bank_cli
from orchestrator.sites import import_cli
from orchestrator.storage.engine import Database
from orchestrator.storage.lock import DatabaseLock, DatabaseTaken


async def test_a_database_that_is_open_is_refused_until_it_is_closed(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'centre.sqlite3'}"
    first = await Database.open(url)
    with pytest.raises(DatabaseTaken, match="use the page or stop it"):
        await Database.open(url)
    await first.close()
    await (await Database.open(url)).close()


async def test_a_database_that_could_not_be_opened_is_let_go(tmp_path: Path) -> None:
    file = tmp_path / "centre.sqlite3"
    file.write_bytes(b"no database at all" * 100)
    with pytest.raises(Exception, match="not a database"):
        await Database.open(f"sqlite:///{file}")
    DatabaseLock(file).release()


async def test_a_database_in_memory_has_nothing_to_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    first, second = await Database.open("sqlite://"), await Database.open("sqlite:///:memory:")
    await first.close()
    await second.close()
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def config(tmp_path: Path) -> Iterator[str]:
    """The configuration of a centre whose database another has."""
    file = tmp_path / "centre.toml"
    file.write_text(f'[storage]\nfolder = "{tmp_path}"\n[server]\nport = 0\n[media]\nudp_port = 0\n')
    held = DatabaseLock(tmp_path / "diemcau.sqlite3")
    yield str(file)
    held.release()


def test_sites_are_not_imported_beside_a_running_centre(
    tmp_path: Path, config: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "sites.xlsx"
    file.write_bytes(workbook(make_province(1, 2)))
    assert import_cli.run([str(file), "--config", config]) == 1
    assert "The centre is running" in capsys.readouterr().err


def test_questions_are_not_imported_beside_a_running_centre(
    tmp_path: Path, config: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "bank.gift"
    file.write_text("One? { =a ~b ~c ~d }")
    assert bank_cli.run([str(file), "--config", config]) == 1
    assert "The centre is running" in capsys.readouterr().err


def test_a_second_centre_does_not_start(config: str) -> None:
    # A program of its own: it sets up logs and signals for good.
    command = [sys.executable, "-m", "orchestrator.cli", "serve", "--config", config]
    ended = subprocess.run(command, check=False, capture_output=True, encoding="utf-8", env={"PYTHONUTF8": "1"})
    assert (ended.returncode, "The centre is running" in ended.stderr) == (1, True)
