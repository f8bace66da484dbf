"""`diemcau sites import FILE`: the same import as the page's, for whoever stands at the centre's own computer."""

import argparse
import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from orchestrator.access.audit import Audit
from orchestrator.clock import CentreClock, Clock
from orchestrator.config import Config, load
from orchestrator.errors import Refused
from orchestrator.live.memory import MemoryBus
from orchestrator.sites.centre_keys import load_keys
from orchestrator.sites.service import Guard, Sites
from orchestrator.sites.store import Applied
from orchestrator.storage.engine import Database
from orchestrator.storage.lock import DatabaseTaken
from wire.settings import Misconfigured

DONE, FAILED, WRONG_USAGE = 0, 1, 2

Guarding = Callable[[Clock, Audit], Guard]


def run(argv: Sequence[str], guarding: Guarding | None = None) -> int:
    """Import one file, past what `guarding` keeps from changing.

    Returns 0 done, 1 refused (faults on stderr, one a line), 2 wrong usage or configuration."""
    parser = argparse.ArgumentParser(prog="diemcau sites import", description="Import places, sites and participants.")
    parser.add_argument("file", metavar="FILE", type=Path, help="an .xlsx or .csv file after the template")
    parser.add_argument("--reason", default="", help="why, when an exam is closed to edits already")
    parser.add_argument("--config", metavar="FILE", help="the centre's TOML file")
    try:
        told = parser.parse_args(argv)
        config = load(told.config, os.environ)
        content = told.file.read_bytes()
    except SystemExit as leaving:
        return DONE if leaving.code in {None, 0} else WRONG_USAGE
    except Misconfigured as fault:
        return _say("\n".join(fault.faults), WRONG_USAGE)
    except OSError as fault:
        return _say(f"{told.file}: {fault.strerror}", WRONG_USAGE)
    try:
        applied = asyncio.run(_import(config, content, told, guarding))
    except Refused as refused:
        return _say("\n".join([refused.message, *_lines(refused)]), FAILED)
    except DatabaseTaken as taken:
        return _say(str(taken), FAILED)
    sys.stdout.write(f"{applied.sites} sites, {applied.participants} participants, {applied.places} places\n")
    return DONE


async def _import(config: Config, content: bytes, told: argparse.Namespace, guarding: Guarding | None) -> Applied:
    clock = CentreClock()
    database = await Database.open(config.database_url())
    try:
        keys = load_keys(Path(config.storage.folder))
        audit = Audit(clock)
        sites = Sites(database, MemoryBus(), clock, audit, keys=keys)
        sites.guard = guarding(clock, audit) if guarding else None
        return await sites.import_file("command line", content, told.file.name, told.reason)
    finally:
        await database.close()


def _lines(refused: Refused) -> list[str]:
    rows = refused.fields.get("rows")
    if not isinstance(rows, list):
        return []
    return [f"{row['sheet']}:{row['row']}: {row['column']}: {row['message']}" for row in rows]


def _say(text: str, code: int) -> int:
    sys.stderr.write(text + "\n")
    return code
