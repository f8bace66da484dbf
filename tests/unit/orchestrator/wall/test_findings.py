"""Every finding of the judge has a weight, and a sentence on the page in both languages."""

import re
from pathlib import Path

import pytest

from orchestrator.wall.findings import WEIGHTS, Word, weighed

WORDS_FILE = Path(__file__).parents[4] / "dashboard" / "src" / "wall" / "words.ts"


def page_reasons() -> dict[str, tuple[str, str]]:
    """word: (Vietnamese, English) of the page's `reasons`."""
    source = WORDS_FILE.read_text(encoding="utf-8")
    (block,) = re.findall(r"export const reasons = dictionary\(\{(.*?)\n\}\);", source, flags=re.DOTALL)
    found = re.findall(r'(\w+): \{\s*vi: "([^"]+)",\s*en: "([^"]+)",?\s*\}', block)
    return {word: (vi, en) for word, vi, en in found}


@pytest.mark.parametrize("word", Word)
def test_every_finding_is_weighed_and_worded_in_both_languages(word: Word) -> None:
    assert 0 <= WEIGHTS[word].idle <= WEIGHTS[word].wanted <= 3
    vi, en = page_reasons()[word]
    assert vi != en


def test_the_table_stands_in_the_order_of_its_weights() -> None:
    troubles = [WEIGHTS[word].wanted for word in Word]
    assert troubles == sorted(troubles, reverse=True)


def test_of_equal_troubles_the_one_higher_in_the_table_is_named() -> None:
    assert weighed([Word.CAMERA, Word.NO_SOUND, Word.DISK, Word.CLOCK_BLIND], wanted=True) == [
        (2, "clock_blind"),
        (2, "no_sound"),
        (2, "disk"),
        (1, "camera"),
    ]


def test_a_site_that_nobody_wants_now_is_less_trouble() -> None:
    assert weighed([Word.SILENT], wanted=False) == [(2, "silent")]
    assert weighed([Word.NOT_PAIRED], wanted=False) == [(0, "not_paired")]
    assert weighed([Word.NOT_PAIRED], wanted=True) == [(2, "not_paired")]
