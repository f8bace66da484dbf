"""`diemcau bank import FILE`: questions into the bank, or with --json only parsed, to stdout."""

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from orchestrator.access.audit import Audit
from orchestrator.clock import CentreClock
from orchestrator.config import load
from orchestrator.errors import Refused
from orchestrator.exams import bank_store
from orchestrator.exams.bank import Parsed, Question, Refusal, Remark
from orchestrator.exams.formats import FORMATS, parse
from orchestrator.exams.lint import lint, remarks_on_taken
from orchestrator.exams.store import Connection
from orchestrator.storage.engine import Database
from orchestrator.storage.lock import DatabaseTaken
from wire.settings import Misconfigured

DONE, FAILED, WRONG_USAGE = 0, 1, 2


def run(argv: Sequence[str]) -> int:
    """Exit code 0 when at least one question was taken or nothing was refused, 1 otherwise, 2 on wrong usage."""
    try:
        told = _arguments().parse_args(list(argv))
    except SystemExit as stop:
        return WRONG_USAGE if stop.code else DONE
    try:
        parsed = parse(Path(told.file).read_bytes(), told.format)
    except (OSError, Refused) as fault:
        why = fault.message if isinstance(fault, Refused) else fault.strerror
        sys.stderr.write(f"{told.file}: {why}\n")
        return FAILED
    if told.json:
        sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(as_json(parsed)), indent=1) + b"\n")
        return _code(len(parsed.questions), parsed.refused)
    try:
        url = load(told.config, os.environ).database_url()
    except Misconfigured as fault:
        sys.stderr.write("\n".join(fault.faults) + "\n")
        return WRONG_USAGE
    try:
        repeated, remarks = asyncio.run(_store(url, parsed))
    except DatabaseTaken as taken:
        sys.stderr.write(f"{taken}\n")
        return FAILED
    refused = sorted((*parsed.refused, *repeated), key=lambda refusal: refusal.line)
    for refusal in refused:
        sys.stdout.write(f"{told.file}:{refusal.line}: {refusal.reason}\n")
    for remark in remarks:
        sys.stdout.write(f"{told.file}:{remark.line}: lưu ý: {remark.reason}\n")
    accepted = len(parsed.questions) - len(repeated)
    sys.stdout.write(f"{accepted} câu vào ngân hàng, {len(refused)} câu bị từ chối\n")
    return _code(accepted, refused)


def as_json(parsed: Parsed) -> dict[str, object]:
    """The questions with their keys, as authors see them, the refusals, and what to look at again."""
    return {
        "questions": [_question(question) for question in parsed.questions],
        "refused": [msgspec.structs.asdict(refusal) for refusal in parsed.refused],
        "remarks": [msgspec.structs.asdict(one) for one in remarks_on_taken(parsed, lint(parsed.questions), ())],
    }


def _question(question: Question) -> dict[str, object]:
    return {
        "line": question.line,
        "id": question.title,
        "category": question.category,
        "format": question.format,
        "stem": question.text,
        "options": question.options,
        "key": question.letter,
        "pinned": question.pinned,
    }


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="diemcau bank import", description="Đưa câu hỏi vào ngân hàng / questions into the bank"
    )
    parser.add_argument("file")
    parser.add_argument("--format", choices=FORMATS, default="auto")
    parser.add_argument("--json", action="store_true", help="only parse, print JSON")
    parser.add_argument("--config", help="the centre's TOML file")
    return parser


async def _store(url: str, parsed: Parsed) -> tuple[list[Refusal], list[Remark]]:
    clock = CentreClock()
    audit = Audit(clock)
    database = await Database.open(url)

    def work(conn: Connection) -> list[Refusal]:
        repeated = bank_store.add(conn, parsed.questions, clock.now_ns(), parsed.source)
        accepted = len(parsed.questions) - len(repeated)
        refused = len(parsed.refused) + len(repeated)
        audit.record(conn, "command line", "bank.imported", "", {"accepted": accepted, "refused": refused})
        return repeated

    try:
        linted = lint(parsed.questions, await database.read(bank_store.known))
        repeated = await database.write(work)
        return repeated, remarks_on_taken(parsed, linted, repeated)
    finally:
        await database.close()


def _code(accepted: int, refused: Sequence[Refusal]) -> int:
    return DONE if accepted or not refused else FAILED
