"""`diemcau exam stats FILE.csv`: item and paper statistics of a table of responses, to stdout."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from orchestrator.exams.items import ItemFigures
from orchestrator.exams.matrix import Unreadable, items_of, read_key, read_matrix
from orchestrator.exams.responses import Responses
from orchestrator.exams.statistics import Statistics, statistics_of

DONE, FAILED, WRONG_USAGE = 0, 1, 2
_SHOWN = ("facility", "discrimination", "efficiency", "point_biserial", "upper_lower", "alpha_without")


def run(argv: Sequence[str]) -> int:
    """Exit code 0 when the table was read, 1 when a file cannot be used (each fault told by line), 2 on wrong usage."""
    try:
        told = _arguments().parse_args(list(argv))
    except SystemExit as stop:
        return WRONG_USAGE if stop.code else DONE
    responses = _read(told.file, told.key)
    if responses is None:
        return FAILED
    found = statistics_of(responses)
    if told.json:
        sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(found), indent=1) + b"\n")
    else:
        sys.stdout.write(as_text(found))
    return DONE


def as_text(found: Statistics) -> str:
    """The figures as columns."""
    paper = [f"{name:<16}{_figure(value)}" for name, value in msgspec.structs.asdict(found.paper).items()]
    width = max(len("item"), *(len(one.item) for one in found.items)) + 2
    head = "item".ljust(width) + "".join(f"{name:>16}" for name in _SHOWN) + "  notes"
    rows = [_line(one, width) for one in found.items]
    codes = [f"{one.code:<16}{one.candidates:>8}{_figure(one.mean):>16}{_figure(one.sd):>16}" for one in found.codes]
    tests = [
        f"{one.code} - {one.against}: {_figure(one.difference)}  t = {_figure(one.t)}  df = {_figure(one.df)}"
        f"  p = {_figure(one.p)}  d = {_figure(one.d)}"
        for one in found.comparisons
    ]
    blocks = [
        paper,
        [head, *rows],
        ["code".ljust(16) + "n".rjust(8) + "mean".rjust(16) + "sd".rjust(16), *codes],
        tests,
    ]
    return "\n\n".join("\n".join(block) for block in (blocks if codes else blocks[:2])) + "\n"


def _line(one: ItemFigures, width: int) -> str:
    figures = "".join(f"{_figure(getattr(one, name)):>16}" for name in _SHOWN)
    return f"{one.item:<{width}}{figures}  {' '.join(one.notes)}".rstrip()


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.9g}"


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="diemcau exam stats", description="Thống kê câu hỏi và đề thi / statistics of items and paper"
    )
    parser.add_argument("file", help="CSV: a heading, then a line per candidate: 0/1, or options with --key")
    parser.add_argument("--key", help="CSV of item,key; A|C accepts both, an empty key voids the item")
    parser.add_argument("--json", action="store_true", help="print JSON, all digits")
    return parser


def _read(file: str, key: str | None) -> Responses | None:
    """The responses; None after telling on stderr why not."""
    reading = file
    try:
        content = Path(file).read_bytes()
        if key is None:
            return read_matrix(content)
        items = items_of(content)
        reading = key
        accepted = read_key(Path(key).read_bytes(), items)
        reading = file
        return read_matrix(content, accepted)
    except OSError as fault:
        sys.stderr.write(f"{reading}: {fault.strerror}\n")
    except Unreadable as fault:
        for each in fault.faults:
            sys.stderr.write(f"{reading}:{each.line}: {each.reason}\n")
        if fault.more:
            sys.stderr.write(f"{reading}: … {fault.more} lỗi nữa / more faults\n")
    return None
