"""Samples whose statistics others have published, and answer sheets that look like a training day's."""

import numpy as np

from orchestrator.exams.marks import CandidateState, Key, Sheet
from orchestrator.exams.responses import Responses, from_marks
from wire.ids import ItemId, OptionId

LSAT = {
    "00000": 3, "00001": 6, "00010": 2, "00011": 11, "00100": 1, "00101": 1, "00110": 3, "00111": 4, "01000": 1,
    "01001": 8, "01011": 16, "01101": 3, "01110": 2, "01111": 15, "10000": 10, "10001": 29, "10010": 14, "10011": 81,
    "10100": 3, "10101": 28, "10110": 15, "10111": 80, "11000": 16, "11001": 56, "11010": 21, "11011": 173,
    "11100": 11, "11101": 61, "11110": 28, "11111": 298,
}  # fmt: skip
"""Law School Admission Test, section 6: how often each pattern of answers came (Bock and Lieberman 1970)."""


def lsat() -> Responses:
    """1,000 candidates × 5 items."""
    rows = [[int(mark) for mark in pattern] for pattern, count in LSAT.items() for _ in range(count)]
    return from_marks([f"{row:04d}" for row in range(len(rows))], rows, [f"Item {n}" for n in range(1, 6)])


def sheets(candidates: int, items: int, options: int = 4, seed: int = 1) -> tuple[dict[str, Sheet], Key]:
    """Sheets of candidates of unequal strength over items of unequal difficulty; the right option is the first."""
    draw = np.random.default_rng(seed)
    chance = 1 / (1 + np.exp(draw.normal(0, 1, items) - draw.normal(1, 1, candidates)[:, None]))
    right = draw.random((candidates, items)) < chance
    wrong = draw.integers(1, options, (candidates, items))
    chosen = np.where(right, 0, wrong)
    ids = [ItemId(f"item-{n:03d}") for n in range(items)]
    names = {item: [OptionId(f"{item}-{letter}") for letter in "abcdefgh"[:options]] for item in ids}
    made = {
        f"{row:05d}": Sheet(
            {item: names[item][place] for item, place in zip(ids, line, strict=True)}, CandidateState.HANDED_IN
        )
        for row, line in enumerate(chosen.tolist())
    }
    return made, Key(1, {item: (names[item][0],) for item in ids})
