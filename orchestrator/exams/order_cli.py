"""`diemcau exam order EXAM NUMBER`: the paper as one candidate saw it, made again from the centre's record."""

import argparse
import asyncio
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from orchestrator.access.audit import Audit
from orchestrator.clock import CentreClock
from orchestrator.config import Config, load
from orchestrator.errors import Refused
from orchestrator.exams.printed.own_order import OwnOrder, OwnOrders, OwnQuestion
from orchestrator.exams.sealing import Sealer
from orchestrator.sites.centre_keys import load_keys
from orchestrator.storage.engine import Database
from orchestrator.storage.lock import DatabaseTaken
from wire.ids import ExamId
from wire.settings import Misconfigured

DONE, FAILED, WRONG_USAGE = 0, 1, 2
SHOWN = 60
"""Characters of a question that are printed, so that it is known again."""


def run(argv: Sequence[str]) -> int:
    """Print one candidate's order; 0 done, 1 refused, 2 wrong usage or configuration."""
    parser = argparse.ArgumentParser(
        prog="diemcau exam order", description="Thứ tự đề mà một thí sinh đã thấy / how one candidate saw the paper"
    )
    parser.add_argument("exam", metavar="EXAM", help="the exam's id, as in the address of its results")
    parser.add_argument("number", metavar="NUMBER", help="the candidate's number")
    parser.add_argument("--json", action="store_true", help="one JSON object, with all texts and ids")
    parser.add_argument("--config", metavar="FILE", help="the centre's TOML file")
    try:
        told = parser.parse_args(argv)
        config = load(told.config, os.environ)
    except SystemExit as leaving:
        return DONE if leaving.code in {None, 0} else WRONG_USAGE
    except Misconfigured as fault:
        return _complain("\n".join(fault.faults), WRONG_USAGE)
    try:
        found = asyncio.run(_made_again(config, ExamId(told.exam), told.number))
    except Refused as refused:
        return _complain(f"{refused.code}: {refused.message}", FAILED)
    except DatabaseTaken as taken:
        where = f"/api/v1/exams/{told.exam}/papers/of/{told.number}"
        return _complain(f"{taken}; trung tâm đang chạy: xem {where} / the running centre tells it there", FAILED)
    if told.json:
        sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(found)) + b"\n")
    else:
        sys.stdout.writelines(f"{line}\n" for line in as_text(found))
    return DONE


async def _made_again(config: Config, exam: ExamId, number: str) -> OwnOrder:
    keys = load_keys(Path(config.storage.folder))
    database = await Database.open(config.database_url())
    try:
        orders = OwnOrders(database, Audit(CentreClock()), Sealer(keys.exam, keys.at_rest))
        return await orders.of("command line", exam, number)
    finally:
        await database.close()


def as_text(found: OwnOrder) -> Iterator[str]:
    """A line per question in the candidate's order."""
    yield f"{found.title} ({found.exam}): {found.number} {found.name}, mã đề / code {found.code}, {found.shuffle}"
    yield "câu = câu của mã đề, phương án = phương án của mã đề, ✓ đã chọn / as seen = as in the code, ✓ chosen"
    yield from (_line(question) for question in found.questions)


def _line(one: OwnQuestion) -> str:
    options = "  ".join(
        f"{option.letter}={option.in_code}{'✓' if option.letter == one.chosen else ' '}" for option in one.options
    )
    text = " ".join(one.text.split())
    return f"{one.number:>3} = {one.in_code:<3}  {options}  {one.item}  {text[:SHOWN]}"


def _complain(text: str, code: int) -> int:
    sys.stderr.write(text + "\n")
    return code
