"""`diemcau exam import-journal FILE`: takes a site's journal in that somebody carried here, while the centre is down.

A running centre has the database to itself: there the console takes the same file with the same checks.
"""

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from orchestrator.access.audit import Audit
from orchestrator.app.exam_day import ExamGround, build_exam_day
from orchestrator.clock import CentreClock
from orchestrator.config import Config, load
from orchestrator.errors import Refused
from orchestrator.exams.home.views import Brought
from orchestrator.links.model import Enrolment
from orchestrator.links.records import Intake
from orchestrator.links.service import SiteLinks
from orchestrator.live.memory import MemoryBus
from orchestrator.sites.centre_keys import load_keys
from orchestrator.sites.service import Sites
from orchestrator.storage.engine import Database
from orchestrator.storage.lock import DatabaseTaken
from wire.exam_home import MAX_CARRIED_BYTES
from wire.messages import Hello, Refusal
from wire.settings import Misconfigured

DONE, FAILED, WRONG_USAGE = 0, 1, 2


def run(argv: Sequence[str]) -> int:
    """Import one file; returns 0 done, 1 refused, 2 wrong usage or configuration."""
    parser = argparse.ArgumentParser(prog="diemcau exam import-journal", description="Take a carried journal in.")
    parser.add_argument("file", metavar="FILE", type=Path, help="what a site's computer wrote onto a stick (.diemcau)")
    parser.add_argument("--config", metavar="FILE", help="the centre's TOML file")
    try:
        told = parser.parse_args(argv)
        config = load(told.config, os.environ)
        blob = told.file.read_bytes()
    except SystemExit as leaving:
        return DONE if leaving.code in {None, 0} else WRONG_USAGE
    except Misconfigured as fault:
        return _say("\n".join(fault.faults), WRONG_USAGE)
    except OSError as fault:
        return _say(f"{told.file}: {fault.strerror}", WRONG_USAGE)
    try:
        brought = asyncio.run(_bring(config, blob))
    except Refused as refused:
        return _say(f"{told.file}: {refused.code}: {refused.message}", FAILED)
    except DatabaseTaken as taken:
        return _say(f"{taken}; trung tâm đang chạy: nhập tệp ở trang điều hành / use the console", FAILED)
    sys.stdout.write(f"{brought.fresh} new, {brought.known} known, {brought.conflicts} conflicts\n")
    return DONE


async def _bring(config: Config, blob: bytes) -> Brought:
    if len(blob) > MAX_CARRIED_BYTES:
        raise Refused("too_large", "Tệp quá lớn. / The file is too large.", 413)
    clock, bus = CentreClock(), MemoryBus()
    keys = load_keys(Path(config.storage.folder))
    database = await Database.open(config.database_url())
    try:
        audit = Audit(clock)
        links = SiteLinks(bus, clock, keys.link, _nobody)
        day = build_exam_day(
            ExamGround(
                database=database,
                bus=bus,
                clock=clock,
                links=links,
                intake=Intake(database, bus, clock, links.send),
                sites=Sites(database, bus, clock, audit, keys=keys),
                audit=audit,
                keys=keys,
                configured=config.exams,
                folder=Path(config.storage.folder),
            )
        )
        assert day.home is not None
        return await day.home.bring("command line", blob)
    finally:
        await database.close()


async def _nobody(_hello: Hello) -> Enrolment | Refusal:
    return Refusal(code="stopped", message="the centre is not running")


def _say(text: str, code: int) -> int:
    sys.stderr.write(text + "\n")
    return code
