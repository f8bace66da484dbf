"""Many sites, all opening at T0, everybody handing in within the last seconds: a small form of ``diemcau drill``."""

import asyncio
import json
import sys
from pathlib import Path

import pytest

from tests.doubles.lost_answers import LostAnswers

pytestmark = pytest.mark.timeout(240)
"""A load of processes is started; on a busy machine that alone may take a minute."""
SITES, CANDIDATES = 12, 120


async def test_whoever_opens_and_hands_in_together_loses_nothing(tmp_path: Path, count_lost: LostAnswers) -> None:
    drill = ["drill", "--sites", str(SITES), "--candidates", str(CANDIDATES), "--seconds", "20", "--speed", "60"]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "orchestrator.cli", *drill, "--folder", str(tmp_path),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    said, complaints = await process.communicate()
    assert process.returncode is not None
    assert said, complaints.decode()
    figures = json.loads(said)
    count_lost.numbers(figures["answers_acked"], figures["answers_lost"])
    assert figures["failed"] == [], figures
    assert figures["sites_opened"] == SITES
    assert figures["papers_opened"] == CANDIDATES
