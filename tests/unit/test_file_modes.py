"""What the programs keep is for their owner's eyes alone."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

import pytest

from orchestrator import cli as centre
from site_agent import cli as site


@pytest.fixture(autouse=True)
def _usual_mask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.mark.parametrize("main", [centre.main, site.main])
def test_a_program_makes_files_that_nobody_else_reads(main: Callable[[Sequence[str]], int]) -> None:
    with suppress(SystemExit):
        main(["--version"])
    mask = os.umask(0o022)
    assert mask == 0o077
