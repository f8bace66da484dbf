"""Where the first one-time password goes."""

import io
from pathlib import Path

import structlog

from orchestrator.access.audit import Audit
from orchestrator.access.first_start import ensure_administrator
from orchestrator.access.service import Access
from orchestrator.storage.engine import Database
from tests.doubles.centre import quick_passwords
from tests.doubles.manual_clock import ManualClock


class Terminal(io.StringIO):
    """A terminal that somebody sits at."""

    def isatty(self) -> bool:
        return True


async def first_start(folder: Path, terminal: io.StringIO) -> tuple[str | None, str | None]:
    """Two starts over one database; what each returned."""
    clock = ManualClock()
    database = await Database.open(f"sqlite:///{folder / 'a.sqlite3'}")
    try:
        audit, passwords = Audit(clock), quick_passwords()
        first, second = [
            await ensure_administrator(database, clock, audit, passwords, folder=folder, terminal=terminal)
            for _ in range(2)
        ]
        access = Access(database, clock, audit, passwords)
        assert (await access.sign_in("admin", first or "", "here")).person.must_change
    finally:
        await database.close()
    return first, second


async def test_a_terminal_shows_it_and_no_file_holds_it(tmp_path: Path) -> None:
    terminal = Terminal()
    first, second = await first_start(tmp_path, terminal)
    assert first is not None
    assert second is None
    assert terminal.getvalue().count(first) == 1
    assert not (tmp_path / "first-password.txt").exists()


async def test_without_a_terminal_a_file_holds_it_and_the_log_names_only_the_file(tmp_path: Path) -> None:
    out = io.StringIO()
    with structlog.testing.capture_logs() as logs:
        first, _ = await first_start(tmp_path, out)
    assert first is not None
    assert first in (tmp_path / "first-password.txt").read_text()
    assert out.getvalue() == ""
    assert first not in str(logs)
    assert str(tmp_path / "first-password.txt") in str(logs)
