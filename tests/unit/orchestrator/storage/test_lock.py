"""One program at a time has a database file."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from demo.province import make_province, workbook
from orchestrator import cli
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


@pytest.mark.parametrize("command", ["sites", "bank", "serve"])
def test_a_command_beside_a_running_centre_is_refused_with_a_sentence(
    tmp_path: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "centre.toml"
    config.write_text(f'[storage]\nfolder = "{tmp_path}"\n[server]\nport = 0\n[media]\nudp_port = 0\n')
    file = tmp_path / "file"
    file.write_bytes(workbook(make_province(1, 2)) if command == "sites" else b"One? { =a ~b ~c ~d }")
    run: dict[str, tuple[Callable[[Sequence[str]], int], list[str]]] = {
        "sites": (import_cli.run, [str(file)]),
        "bank": (bank_cli.run, ["import", str(file)]),
        "serve": (cli.main, ["serve"]),
    }
    main, words = run[command]
    held = DatabaseLock(tmp_path / "diemcau.sqlite3")
    try:
        assert main([*words, "--config", str(config)]) == 1
    finally:
        held.release()
    assert "The centre is running" in capsys.readouterr().err
