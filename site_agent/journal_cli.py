"""`diemcau-site journal export FOLDER` and `diemcau-site journal restore [COPY]`."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from site_agent.config import Config
from site_agent.exam import ledger
from site_agent.exam.homeward import CannotCarry, Homeward
from site_agent.exam.journal import Journal, JournalRefused
from site_agent.exam.second_copy import SUFFIX, CopyRefused, copy_key, restore
from site_agent.exam.second_volume import FOLDER
from site_agent.exam.volumes import other_volumes
from site_agent.link.identity import Identity, NotPaired, load
from wire.ids import ExamId

DONE, FAILED = 0, 1


def export(config: Config, home: Path, folder: Path) -> int:
    """Write the journal into `folder`; a running agent is asked to do it."""
    if not folder.is_dir():
        return _fail(f"{folder}: không có thư mục này / no such folder")
    try:
        path = asyncio.run(_export(home, load(home), folder))
    except JournalRefused as refused:
        if refused.code != "disk_busy":
            return _fail(f"không mở được nhật ký / the journal does not open: {refused}")
        return _ask_agent(config.screen.port, folder)
    except (NotPaired, CannotCarry) as fault:
        return _fail(str(fault))
    sys.stdout.write(f"{path}\n")
    return DONE


async def _export(home: Path, identity: Identity, folder: Path) -> Path:
    journal = Journal(home / "journal.sqlite3")
    await journal.start()
    try:
        exams: list[ExamId] = await journal.alongside(ledger.exams)
        now = time.time_ns()
        homeward = Homeward(
            journal, identity, tell=_nobody, line=lambda: 0, interval_ns=lambda: (0, now), exams=lambda: exams
        )
        return await homeward.export(folder)
    finally:
        await journal.stop()


def _nobody(_message: object) -> None:
    """No line stands while this command runs."""


def _ask_agent(port: int, folder: Path) -> int:
    address = f"http://127.0.0.1:{port}"
    request = urllib.request.Request(
        f"{address}/local/journal/export",
        data=json.dumps({"folder": str(folder.resolve())}).encode(),
        headers={"Content-Type": "application/json", "Origin": address},
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as reply:
            sys.stdout.write(json.load(reply)["path"] + "\n")
            return DONE
    except urllib.error.HTTPError as error:
        return _fail(error.read().decode(errors="replace"))
    except OSError as error:
        return _fail(f"chương trình đang giữ nhật ký nhưng không trả lời / held by a program that is silent: {error}")


def restore_from(config: Config, home: Path, copy: Path | None) -> int:
    """Rebuild the journal from a second copy: the one named, else the newest that is found."""
    try:
        identity = load(home)
    except NotPaired as fault:
        return _fail(str(fault))
    found = [copy] if copy is not None else found_copies(config, home)
    if not found:
        return _fail("không tìm thấy bản sao nào / no second copy was found")
    try:
        conn = ledger.connect(home / "journal.sqlite3")
        try:
            ledger.prepare(conn)
            came = restore(conn, found[0], copy_key(identity.site_secret))
        finally:
            conn.close()
    except (CopyRefused, sqlite3.Error, OSError) as fault:
        return _fail(f"{found[0]}: {fault}")
    sys.stdout.write(f"{found[0]}: {came} bản ghi đã trở lại / records came back\n")
    return DONE


def found_copies(config: Config, home: Path) -> list[Path]:
    """Copies of journals that can be seen now, the newest first."""
    configured = config.exam.second_copy
    folders = [Path(configured)] if configured not in ("", "off") else [v / FOLDER for v in other_volumes(home)]
    found = [file for folder in folders for file in folder.glob(f"*{SUFFIX}")]
    return sorted(found, key=lambda file: file.stat().st_mtime_ns, reverse=True)


def _fail(text: str) -> int:
    sys.stderr.write(f"diemcau-site: {text}\n")
    return FAILED
