"""What the second copy costs: time to ✓ of many candidates at one journal, with and without a copy beside it.

`python -m tests.bench.second_copy [FOLDER]`: FOLDER should be on another volume; without it both files share a disk,
which is the worst case.
"""

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from site_agent.exam.journal import Journal
from site_agent.exam.second_copy import copy_key
from site_agent.exam.second_volume import CopyState, SecondVolume
from tests.bench.quantiles import quantile
from tests.doubles.exam_drafts import draft, seat

CANDIDATES, ANSWERS = 40, 50


async def measured(folder: Path, stick: Path | None, answers: int = ANSWERS) -> list[float]:
    """Milliseconds to ✓ of every answer; the candidates answer as fast as they are told."""
    journal = Journal(folder / "journal.sqlite3")
    await journal.start()
    second = SecondVolume(journal, copy_key(b"s" * 32), lambda: stick)
    await second.look()
    taken: list[float] = []

    async def candidate(number: str) -> None:
        session = await seat(journal, f"s-{number}", number)
        for seq in range(1, answers + 1):
            began = time.perf_counter()
            answer = draft(seq, f"i{seq}", candidate=number, session=session.session, epoch=session.epoch)
            await journal.append(answer)
            taken.append((time.perf_counter() - began) * 1e3)

    async with asyncio.TaskGroup() as tasks:
        for place in range(CANDIDATES):
            tasks.create_task(candidate(f"SBD{place:03d}"))
    assert second.state is (CopyState.KEPT if stick is not None else CopyState.NONE)
    second.stop()
    await journal.stop()
    return taken


def main(arguments: list[str]) -> None:
    """Print both rows."""
    print(f"second copy: {CANDIDATES} candidates answer at once, {ANSWERS} times each; ms to ✓")
    other = arguments[0] if arguments else None
    for name in ("without", "with"):
        with tempfile.TemporaryDirectory() as made, tempfile.TemporaryDirectory(dir=other) as stick:
            taken = asyncio.run(measured(Path(made), Path(stick) if name == "with" else None))
            shown = "  ".join(f"p{q:g} {quantile(taken, q / 100):7.2f}" for q in (50, 99, 99.9))
            print(f"  {name:<8}{shown}  max {max(taken):7.2f}")


if __name__ == "__main__":
    main(sys.argv[1:])
