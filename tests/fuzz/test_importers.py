import pytest

from orchestrator.exams.formats import parse
from tests.fuzz.banks import seeds
from tests.fuzz.importers import TARGETS, fuzz

SEED = 20_261_122
FILES = {"bank": 150, "essay": 50, "stick": 60, "rescue": 60, "sites": 60, "stats": 60}
"""So many that the slowest takes some seconds; the long run is `python -m tests.fuzz.importers`."""


def test_every_seed_is_a_file_that_holds_questions() -> None:
    assert [bool(parse(seed).questions or parse(seed).refused) for seed in seeds()] == [True] * len(seeds())


@pytest.mark.parametrize("name", TARGETS)
def test_mutated_files_crash_hang_or_swell_no_importer(name: str) -> None:
    found = fuzz(SEED, lambda files: files < FILES[name], [name])
    assert found.faults == {}, f"seed {SEED}"
    assert found.files == FILES[name]
    assert len(found.outcomes) > 1, "every file came to the same end: the changes reach nothing"
