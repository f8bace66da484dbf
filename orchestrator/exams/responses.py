"""Who answered what, as a matrix: the form that every statistic of an exam starts from. Pure."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import msgspec
import numpy as np
import numpy.typing as npt

from orchestrator.exams.marks import Key, Sheet
from wire.ids import ItemId, OptionId

Bools: TypeAlias = npt.NDArray[np.bool_]
Floats: TypeAlias = npt.NDArray[np.float64]
Places: TypeAlias = npt.NDArray[np.int32]

BLANK = -1
"""In `Responses.chosen`: no answer."""


class Responses(msgspec.Struct, frozen=True, eq=False):
    """Rows are candidates, columns are items.

    `right`: (n, k), whether the answer was accepted; never true for an item that does not count. `chosen`: (n, k),
    place of the chosen option in `options`, or `BLANK`; None when only right and wrong are known. `keyed`: places of
    the accepted options. `counts`: False for a void item. `codes`: the paper code of each row, empty when unknown.
    """

    numbers: tuple[str, ...]
    items: tuple[str, ...]
    right: Bools
    counts: tuple[bool, ...]
    codes: tuple[str, ...] = ()
    chosen: Places | None = None
    options: tuple[tuple[str, ...], ...] = ()
    keyed: tuple[frozenset[int], ...] = ()

    @property
    def totals(self) -> Floats:
        """Items right per candidate."""
        totals: Floats = self.right.sum(axis=1, dtype=np.float64)
        return totals


def from_marks(numbers: Sequence[str], right: Sequence[Sequence[int]], items: Sequence[str]) -> Responses:
    """From a table of 0 and 1."""
    marks = np.array(right, dtype=np.bool_).reshape(len(numbers), len(items))
    return Responses(tuple(numbers), tuple(items), marks, (True,) * len(items))


def from_letters(
    numbers: Sequence[str], answers: Sequence[Sequence[str]], key: Mapping[str, frozenset[str]]
) -> Responses:
    """From a table of answers, "" for none; `key` gives the accepted answers of each item in column order, none for a
    void item. The options of an item are those that were chosen or are accepted."""
    columns = list(zip(*answers, strict=True)) or [()] * len(key)
    options = tuple(
        tuple(sorted(set(column) - {""} | accepted)) for column, accepted in zip(columns, key.values(), strict=True)
    )
    chosen = np.full((len(numbers), len(key)), BLANK, dtype=np.int32)
    for at, (column, known) in enumerate(zip(columns, options, strict=True)):
        places = {option: place for place, option in enumerate(known)}
        chosen[:, at] = [places.get(answer, BLANK) for answer in column]
    return _of_choices(numbers, list(key), chosen, options, list(key.values()))


def from_sheets(
    sheets: Mapping[str, Sheet], codes: Mapping[str, str], key: Key, options: Mapping[ItemId, Sequence[OptionId]]
) -> Responses:
    """From marked sheets by candidate number; `options` gives the items and their options in the order to show."""
    places = {(item, option): place for item, known in options.items() for place, option in enumerate(known)}
    column = {item: place for place, item in enumerate(options)}
    chosen = np.full((len(sheets), len(options)), BLANK, dtype=np.int32)
    for row, sheet in enumerate(sheets.values()):
        for item, option in sheet.answers.items():
            if item in column:
                chosen[row, column[item]] = places.get((item, option), BLANK)
    accepted = [frozenset[str](key.right.get(item, ())) for item in options]
    known = tuple(tuple(str(option) for option in each) for each in options.values())
    made = _of_choices(list(sheets), [str(item) for item in options], chosen, known, accepted)
    return msgspec.structs.replace(made, codes=tuple(codes.get(number, "") for number in sheets))


def _of_choices(
    numbers: Sequence[str],
    items: Sequence[str],
    chosen: Places,
    options: tuple[tuple[str, ...], ...],
    accepted: Sequence[frozenset[str]],
) -> Responses:
    keyed = tuple(
        frozenset(place for place, option in enumerate(known) if option in right)
        for known, right in zip(options, accepted, strict=True)
    )
    right = np.zeros(chosen.shape, dtype=np.bool_)
    for column, places in enumerate(keyed):
        for place in places:
            right[:, column] |= chosen[:, column] == place
    counts = tuple(bool(each) for each in accepted)
    return Responses(tuple(numbers), tuple(items), right, counts, (), chosen, options, keyed)
