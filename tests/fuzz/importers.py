"""Feeds mutated files to every importer of questions and to the checker of essays:
`python -m tests.fuzz.importers --seconds 600 [--seed N]`.

A crash is any exception but `Refused`; a hang is more than `HANG_CPU_S` seconds of CPU for one file; a blow-up is the
process growing by more than `BLOW_UP_MIB` for one file. Files that did it are kept in --keep. Exit code 1 if any did.
"""

import argparse
import io
import random
import re
import resource
import signal
import sys
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType

import msgspec

from orchestrator.errors import Refused
from orchestrator.exams.bank import checked
from orchestrator.exams.bank_export import docx, xlsx
from orchestrator.exams.formats import FORMATS, parse
from orchestrator.exams.lint import lint
from tests.doubles import word_files as made
from tests.fuzz.essays import check_essay, essay_seeds

HANG_CPU_S = 20.0
BLOW_UP_MIB = 900
MOST_REPEATS = 60_000
ESSAY = "essay"
"""Every fourth file goes to the checker of essays."""
_DEMO = Path(__file__).parents[2] / "demo/bank/dao_tao.gift"
_AIKEN = "Thủ đô?\nA) Huế\nB) Hà Nội\nANSWER: B\n\nHai?\nA. 1\nB. 2\nC. 3\nANSWER: B\n"
_SIGNS = "{ } ~ = \\ :: # %50% // $CATEGORY: ANSWER: A. Câu Đáp 1-A -1 1e999 _x0000_ ]]> <!-- -->"
_TAGS = "w:p /w:p w:tbl w:tr w:tc w:r w:br/ w:tab/ m:oMath m:f c row p sup simpleChoice"
_SNARES = [
    *(word.encode() for word in _SIGNS.split()),
    *(f"<{tag}>".encode() for tag in _TAGS.split()),
    *(f"&{name};".encode() for name in ("amp", "lt", "#0", "#x10FFFF", "b")),
    b"\n", b"\n\n", b" ", b"\t", b"\xff", b"\x00", b"\xed\xa0\x80", b"9" * 20, "\u0301".encode(), "\u200b".encode(),
    b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"<![CDATA[", b" xmlns:q='urn:q'", b"PK\x03\x04", b"PK\x01\x02",
    "Câu 1. ".encode(), "Đáp án: ".encode(),
]  # fmt: skip


class Hang(BaseException):
    """A file took too much CPU time. No `Exception`, so that no reader can take it for a fault of the file."""


class Found(msgspec.Struct):
    """What a run came to: files by outcome, and each fault with the place it came from."""

    files: int = 0
    questions: int = 0
    outcomes: Counter[str] = msgspec.field(default_factory=Counter)
    faults: dict[str, bytes] = msgspec.field(default_factory=dict)
    slowest_s: float = 0.0
    peak_mib: int = 0


def seeds() -> list[bytes]:
    """One good file or more of each format."""
    demo = _DEMO.read_bytes()
    questions = parse(demo).questions
    numbered = made.word(
        *(made.paragraph("x", properties=made.LIST.format(level)) for level in (0, 1, 1)), numbering=made.NUMBERING
    )
    table = made.word(
        "Câu 1. A?", "A. 1\tB. 2", made.table(("1-A", "2-B")), made.paragraph("<m:oMath><m:f/></m:oMath>")
    )
    rows = made.cells(1, *made.HEADINGS) + made.cells(2, "A?", "1", "<c><v>2</v></c>", "", "", "A")
    return [
        demo, _AIKEN.encode(), docx(questions), xlsx(questions), numbered, table, made.excel(rows),
        made.qti_item(made.CHOICES).encode(), made.QTI3.encode(),
        made.qti_package({"a.xml": made.qti_item(made.CHOICES), "b.xml": made.QTI3}),
    ]  # fmt: skip


def mutated(chance: random.Random, corpus: Sequence[bytes]) -> bytes:
    """A file of the corpus with one to six changes; a package mostly inside one of its parts, so that its sums hold."""
    content = chance.choice(corpus)
    if content.startswith(b"PK") and chance.random() < 0.85:
        return _inside(chance, content, corpus)
    return _changed(chance, content, corpus)


def _inside(chance: random.Random, content: bytes, corpus: Sequence[bytes]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    for _ in range(chance.randint(1, 2)):
        name = chance.choice(list(parts))
        parts[name] = _changed(chance, parts[name], corpus)
    if chance.random() < 0.05:
        del parts[chance.choice(list(parts))]
    return made.package(dict(parts))


def _changed(chance: random.Random, content: bytes, corpus: Sequence[bytes]) -> bytes:
    for _ in range(chance.randint(1, 6)):
        content = chance.choice(_CHANGES)(chance, content, corpus)[: 6 << 20]
    return content


def _at(chance: random.Random, content: bytes) -> int:
    return chance.randint(0, len(content))


def _flip(chance: random.Random, content: bytes, _corpus: Sequence[bytes]) -> bytes:
    at = _at(chance, content)
    return content[:at] + bytes([chance.randrange(256)]) + content[at + 1 :]


def _cut(chance: random.Random, content: bytes, _corpus: Sequence[bytes]) -> bytes:
    at = _at(chance, content)
    return content[:at] + content[at + chance.choice([1, 3, 40, 1000]) :]


def _insert(chance: random.Random, content: bytes, _corpus: Sequence[bytes]) -> bytes:
    at = _at(chance, content)
    return content[:at] + chance.choice(_SNARES) * chance.choice([1, 1, 1, 2, 50]) + content[at:]


def _swell(chance: random.Random, content: bytes, _corpus: Sequence[bytes]) -> bytes:
    at = _at(chance, content)
    return content[:at] + chance.choice(_SNARES) * chance.randint(100, MOST_REPEATS) + content[at:]


def _double(chance: random.Random, content: bytes, _corpus: Sequence[bytes]) -> bytes:
    at = _at(chance, content)
    piece = content[at : at + chance.choice([5, 100, 2000])]
    return content[:at] + piece * chance.choice([1, 2, 200]) + content[at:]


def _splice(chance: random.Random, content: bytes, corpus: Sequence[bytes]) -> bytes:
    other = chance.choice(corpus)
    at = _at(chance, other)
    return content[: _at(chance, content)] + other[at : at + 5000]


def _tag(chance: random.Random, content: bytes, _corpus: Sequence[bytes]) -> bytes:
    """Wrap, drop, double or rename one element, so that the XML often stays well-formed."""
    tags = list(re.finditer(rb"<([\w:-]{1,40})(?: [^<>]{0,300}?)?(/?)>", content[:60_000]))
    if not tags:
        return content
    tag, other = chance.choice(tags), chance.choice(tags)
    if tag[2]:
        return content[: tag.end()] + tag[0] * chance.choice([0, 1, 300]) + content[tag.end() :]
    close = content.find(b"</" + tag[1] + b">", tag.end())
    if close < 0:
        return content
    end = close + len(tag[1]) + 3
    whole, inner = content[tag.start() : end], content[tag.end() : close]
    deep = chance.choice([2, 20, 130])
    new = chance.choice(
        [
            b"",
            inner,
            whole * chance.choice([2, 40]),
            b"<" + other[1] + b">" + inner + b"</" + other[1] + b">",
            tag[0] * deep + inner + (b"</" + tag[1] + b">") * deep,
        ]
    )
    return content[: tag.start()] + new + content[end:]


_CHANGES: list[Callable[[random.Random, bytes, Sequence[bytes]], bytes]] = [
    _flip, _cut, _insert, _insert, _swell, _double, _splice, _tag, _tag, _tag, _tag,
]  # fmt: skip


def _peak_mib() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


def _too_long(_number: int, _frame: FrameType | None) -> None:
    raise Hang


def feed(found: Found, content: bytes, question_format: str) -> None:
    """One file to one importer; its outcome goes into `found`."""
    before, began = _peak_mib(), time.process_time()
    signal.setitimer(signal.ITIMER_PROF, HANG_CPU_S)
    fault = ""
    try:
        outcome = check_essay(content) if question_format == ESSAY else _import(found, content, question_format)
    except Refused as refused:
        outcome = refused.code
    except Hang:
        outcome, fault = "HANG", f"hang: {traceback.format_exc(limit=-3)}"
    except Exception:
        outcome, fault = "CRASH", traceback.format_exc(limit=-3)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    grown = _peak_mib() - before
    if grown > BLOW_UP_MIB:
        outcome, fault = "BLOW-UP", f"grew by {grown} MiB, format {question_format}"
    found.files += 1
    found.outcomes[outcome] += 1
    found.slowest_s = max(found.slowest_s, time.process_time() - began)
    found.peak_mib = _peak_mib()
    if fault:
        found.faults.setdefault(fault, content)


def _import(found: Found, content: bytes, question_format: str) -> str:
    parsed = parse(content, question_format)
    lint(parsed.questions)
    for question in parsed.questions:
        checked(question).letter.encode()
    found.questions += len(parsed.questions)
    return "taken" if parsed.questions else "refused item by item"


def fuzz(seed: int, goes_on: Callable[[int], bool]) -> Found:
    """Files until `goes_on(number of files)` says no; the same seed gives the same files."""
    chance, corpus, essays, found = random.Random(seed), seeds(), essay_seeds(), Found()
    before = signal.signal(signal.SIGPROF, _too_long)
    try:
        while goes_on(found.files):
            if found.files % 4 == 3:
                feed(found, mutated(chance, essays), ESSAY)
                continue
            content = mutated(chance, corpus)
            feed(found, content, "auto" if chance.random() < 0.7 else chance.choice(FORMATS[1:]))
    finally:
        signal.signal(signal.SIGPROF, before)
    return found


def main(argv: Sequence[str]) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.importers")
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="folder for the files that did it")
    told = parser.parse_args(argv)
    end = time.monotonic() + told.seconds
    found = fuzz(told.seed, lambda _files: time.monotonic() < end)
    for place, (fault, content) in enumerate(found.faults.items()):
        sys.stdout.write(f"{len(content)} bytes: {fault}\n")
        if told.keep:
            told.keep.mkdir(parents=True, exist_ok=True)
            (told.keep / f"fault{place}.bin").write_bytes(content)
    outcomes = ", ".join(f"{name} {count}" for name, count in found.outcomes.most_common())
    sys.stdout.write(f"{found.files} files, {found.questions} questions: {outcomes}\n")
    sys.stdout.write(f"slowest file {found.slowest_s:.2f} s of CPU, peak memory {found.peak_mib} MiB\n")
    return 1 if found.faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
