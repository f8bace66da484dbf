from orchestrator.exams.formats import parse
from tests.fuzz.importers import fuzz, seeds


def test_every_seed_is_a_file_that_holds_questions() -> None:
    assert [bool(parse(seed).questions or parse(seed).refused) for seed in seeds()] == [True] * len(seeds())


def test_two_hundred_mutated_files_crash_hang_or_swell_no_importer() -> None:
    found = fuzz(20_261_122, lambda files: files < 200)
    assert found.faults == {}
    assert found.files == 200
