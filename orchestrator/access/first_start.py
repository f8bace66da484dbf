"""The first start makes one administrator, and tells the one-time password to whoever stands at the computer."""

import os
from pathlib import Path
from typing import TextIO

import structlog

from orchestrator.access import store
from orchestrator.access.audit import Audit
from orchestrator.access.model import Person, Role
from orchestrator.access.passwords import Passwords, one_time_password
from orchestrator.access.store import Connection
from orchestrator.clock import Clock
from orchestrator.storage.engine import Database
from wire.ids import PersonId, new_id

log = structlog.get_logger()
FILE_NAME = "first-password.txt"


async def ensure_administrator(
    database: Database, clock: Clock, audit: Audit, passwords: Passwords, *, folder: Path, terminal: TextIO
) -> str | None:
    """Create `admin` when nobody exists yet; returns the one-time password then, else None.

    A terminal shows it; otherwise it goes into a file only the owner reads. It is never logged.
    """
    if await database.read(store.anybody):
        return None
    password = one_time_password()
    hashed = await passwords.hash(password)
    if not terminal.isatty():
        # Before the commit: a password that nobody could ever read would lock the centre for good.
        _keep(folder / FILE_NAME, password)

    def work(conn: Connection) -> bool:
        if store.anybody(conn):
            return False
        person = Person(PersonId(new_id("person")), "admin", "Quản trị", Role.ADMINISTRATOR, must_change=True)
        store.insert_person(conn, person, hashed, clock.now_ns())
        audit.record(conn, "system", "person.created", person.id, {"username": "admin", "role": person.role})
        return True

    if not await database.write(work):
        return None
    _tell(password, folder / FILE_NAME, terminal)
    return password


def _keep(file: Path, password: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        out.write(f"admin {password}\n")


def _tell(password: str, file: Path, terminal: TextIO) -> None:
    if terminal.isatty():
        terminal.write(f"\n  Tài khoản đầu tiên: admin    Mật khẩu dùng một lần: {password}\n\n")
        terminal.flush()
    else:
        log.info("first_password_kept", file=str(file))
