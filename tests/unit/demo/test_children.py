"""Processes that belong to somebody end with whoever started them."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

from tests.doubles.eventually import eventually

PARENT = """
import asyncio, sys
from pathlib import Path
from demo.children import Children

async def main():
    async with Children(Path(sys.argv[1]), {}) as children:
        child = await children.add("sleeper", ["http.server", "0", "--bind", "127.0.0.1"])
        print(child.pid, flush=True)
        await asyncio.sleep(60)

asyncio.run(main())
"""


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


async def test_a_child_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PARENT, str(tmp_path), stdout=asyncio.subprocess.PIPE
    )
    assert parent.stdout is not None
    pid = int(await parent.stdout.readline())
    assert _runs(pid)

    os.kill(parent.pid, signal.SIGKILL)
    await parent.wait()

    await eventually(lambda: not _runs(pid))
