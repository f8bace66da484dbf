"""Feeds mutated files to every importer: questions in all formats, essays, a school's journal on a stick, a candidate's
rescue file, tables of sites and participants, tables of responses.
`python -m tests.fuzz.importers --seconds 600 [--files N] [--seed N] [--only NAME …]`

A crash is any exception but `Refused`; a hang is more than `HANG_CPU_S` seconds of CPU for one file; a blow-up is the
process growing by more than `BLOW_UP_MIB` for one file. Files that did it are kept in --keep. Exit code 1 if any did.
"""

import argparse
import random
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from types import FrameType

import msgspec

from orchestrator.errors import Refused
from orchestrator.logs import configure
from tests.fuzz.banks import Banks
from tests.fuzz.essays import Essays
from tests.fuzz.homeward import Rescues, Sticks
from tests.fuzz.tables import ResponseTables, SiteTables
from tests.fuzz.target import Target

HANG_CPU_S = 20.0
BLOW_UP_MIB = 900
TARGETS: dict[str, tuple[Callable[[], Target], int]] = {
    "bank": (Banks, 5),
    "essay": (Essays, 3),
    "stick": (Sticks, 1),
    "rescue": (Rescues, 1),
    "sites": (SiteTables, 1),
    "stats": (ResponseTables, 1),
}
"""How to make each, and how many of a dozen files it gets."""


class Hang(BaseException):
    """A file took too much CPU time. No `Exception`, so that no reader can take it for a fault of the file."""


class Found(msgspec.Struct):
    """What a run came to: files by outcome, and each fault with the file that it came from."""

    files: int = 0
    outcomes: Counter[str] = msgspec.field(default_factory=Counter)
    faults: dict[str, bytes] = msgspec.field(default_factory=dict)
    slowest_s: float = 0.0
    peak_mib: int = 0


def _peak_mib(*, anew: bool = False) -> int:
    """The most memory of this process since it was asked `anew` (proc(5): clear_refs, VmHWM): what making a file takes
    must hide nothing of what reading it does."""
    if anew:
        Path("/proc/self/clear_refs").write_text("5", "ascii")
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) >> 10


def _too_long(_number: int, _frame: FrameType | None) -> None:
    raise Hang


def feed(found: Found, target: Target, chance: random.Random) -> None:
    """One file to one importer; its outcome goes into `found`."""
    content = target.made(chance)
    before, began = _peak_mib(anew=True), time.process_time()
    signal.setitimer(signal.ITIMER_PROF, HANG_CPU_S)
    fault = ""
    try:
        outcome = target.take(content, chance)
    except Refused as refused:
        outcome = refused.code
    except Hang:
        outcome, fault = "HANG", f"{target.name} hang: {traceback.format_exc(limit=-3)}"
    except Exception:
        outcome, fault = "CRASH", f"{target.name}: {traceback.format_exc(limit=-3)}"
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    peak = _peak_mib()
    grown = peak - before
    if grown > BLOW_UP_MIB:
        outcome, fault = "BLOW-UP", f"{target.name} grew by {grown} MiB"
    found.files += 1
    found.outcomes[f"{target.name} {outcome}"] += 1
    found.slowest_s = max(found.slowest_s, time.process_time() - began)
    found.peak_mib = max(found.peak_mib, peak)
    if fault:
        found.faults.setdefault(fault, content)


def fuzz(seed: int, goes_on: Callable[[int], bool], only: Collection[str] = ()) -> Found:
    """Files until `goes_on(number of files)` says no; the same seed makes the same changes. `only`: these importers."""
    chance, found = random.Random(seed), Found()
    chosen = [(make(), share) for name, (make, share) in TARGETS.items() if name in only or not only]
    wheel = [target for target, share in chosen for _ in range(share)]
    random.Random(0).shuffle(wheel)
    before = signal.signal(signal.SIGPROF, _too_long)
    try:
        while goes_on(found.files):
            feed(found, wheel[found.files % len(wheel)], chance)
    finally:
        signal.signal(signal.SIGPROF, before)
        for target, _ in chosen:
            target.close()
    return found


def main(argv: Sequence[str]) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.importers")
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--files", type=int, default=sys.maxsize, help="end after so many, whatever the time")
    parser.add_argument("--seed", type=int, help="any, if not given; it is printed")
    parser.add_argument("--only", nargs="+", default=[], choices=list(TARGETS))
    parser.add_argument("--keep", type=Path, help="folder for the files that did it")
    told = parser.parse_args(argv)
    configure("error")
    seed = told.seed if told.seed is not None else random.randrange(1 << 32)
    sys.stdout.write(f"seed {seed}\n")
    sys.stdout.flush()
    end = time.monotonic() + told.seconds
    found = fuzz(seed, lambda files: files < told.files and time.monotonic() < end, told.only)
    for place, (fault, content) in enumerate(found.faults.items()):
        sys.stdout.write(f"{len(content)} bytes: {fault}\n")
        if told.keep:
            told.keep.mkdir(parents=True, exist_ok=True)
            (told.keep / f"fault{place}.bin").write_bytes(content)
    for name, count in sorted(found.outcomes.items()):
        sys.stdout.write(f"{count:>8}  {name}\n")
    sys.stdout.write(f"seed {seed}: {found.files} files, {len(found.faults)} faults, ")
    sys.stdout.write(f"slowest file {found.slowest_s:.2f} s of CPU, peak memory {found.peak_mib} MiB\n")
    return 1 if found.faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
