"""What the options of an item drew, and from whom. Pure."""

from enum import StrEnum

import msgspec

from orchestrator.exams.responses import Floats, Responses

RARE = 0.05
"""A wrong option chosen by fewer deceives nobody."""


class OptionNote(StrEnum):
    """What a person should look at."""

    RARE = "rare"
    ABOVE_KEY = "above_key"


class OptionFigures(msgspec.Struct, frozen=True):
    """One option: who chose it as count and as share of all candidates, and their mean count of the *other* items.

    Notes stand on wrong options only: `rare`, or `above_key` when those who chose it did better than those who chose
    the right one, which speaks against the key or the wording.
    """

    option: str
    key: bool
    count: int
    share: float | None
    mean_rest: float | None
    notes: list[OptionNote]


def option_figures(responses: Responses, place: int, rest: Floats) -> list[OptionFigures]:
    """The options of the item in column `place`; none when only right and wrong are known."""
    if responses.chosen is None:
        return []
    column, keyed = responses.chosen[:, place], responses.keyed[place]
    right = rest[responses.right[:, place]]
    key_mean = float(right.mean()) if len(right) else None
    figures = []
    for at, option in enumerate(responses.options[place]):
        chose = rest[column == at]
        share = len(chose) / len(rest) if len(rest) else None
        mean = float(chose.mean()) if len(chose) else None
        notes = _notes(share, mean, key_mean) if keyed and at not in keyed else []
        figures.append(OptionFigures(option, at in keyed, len(chose), share, mean, notes))
    return figures


def _notes(share: float | None, mean: float | None, key_mean: float | None) -> list[OptionNote]:
    notes = []
    if share is not None and share < RARE:
        notes.append(OptionNote.RARE)
    if mean is not None and key_mean is not None and mean > key_mean:
        notes.append(OptionNote.ABOVE_KEY)
    return notes
