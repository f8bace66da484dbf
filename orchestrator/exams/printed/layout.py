"""A paper as the printing templates and the console's preview show it. Pure.

Text becomes lines and tables: lines that follow each other with the same number of cells parted by ` | ` are a table.
"""

from collections.abc import Mapping, Sequence

import msgspec

from wire.ids import ItemId, OptionId
from wire.paper import Item, Paper, Picture, marked_pieces

LETTERS = "ABCDEFGHIJ"
_DOTS_TO_MM = 25.4 / 150
"""Images are printed at 150 dots per inch, unless that is wider than `_WIDEST_MM`."""
_WIDEST_MM = 78.0
_TALLEST_MM = 70.0
_CELL = " | "
_WHOLE = 1500
"""Characters of a question that is kept in one piece on paper."""


class Piece(msgspec.Struct, frozen=True, omit_defaults=True):
    """Words, or an image by id with its width on paper in millimetres."""

    text: str = ""
    image: str = ""
    width: float = 0.0


class Block(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line of pieces, or the rows of a table whose cells are lines of pieces."""

    line: list[Piece] = []
    rows: list[list[list[Piece]]] = []


class Shown(msgspec.Struct, frozen=True):
    """A question in its place. `columns`: how many options fit beside each other; `right` is the letter of the key,
    told only to those who may see it; `question` is its id in the bank where that is known;
    `whole`: short enough to stand in one column of one page."""

    number: int
    item: ItemId
    text: list[Block]
    options: list[list[Block]]
    columns: int
    right: str | None = None
    question: str | None = None
    whole: bool = True


class Sheet(msgspec.Struct, frozen=True):
    """One code, laid out."""

    code: str
    questions: list[Shown]


def laid_out(
    paper: Paper, key: Mapping[ItemId, Sequence[OptionId]] | None = None, bank: Mapping[ItemId, str] | None = None
) -> Sheet:
    """The paper as it is shown and printed; with `key`, the right letters too."""
    pictures = {picture.id: picture for picture in paper.pictures}
    return Sheet(
        paper.code,
        [
            Shown(
                number=number,
                item=item.id,
                text=blocks(item.text, item.images, pictures),
                options=[blocks(option.text, item.images, pictures) for option in item.options],
                columns=columns(item),
                right=None if key is None else right_letters(item, key.get(item.id, ())),
                question=(bank or {}).get(item.id),
                whole=sum(map(len, (item.text, *(option.text for option in item.options)))) < _WHOLE,
            )
            for number, item in enumerate(paper.items, 1)
        ],
    )


def right_letters(item: Item, accepted: Sequence[OptionId]) -> str:
    """The letters of the accepted options in this code; several are parted by commas, none is a dash (void)."""
    return ", ".join(LETTERS[place] for place, option in enumerate(item.options) if option.id in accepted) or "–"


def blocks(text: str, images: tuple[str, ...], pictures: Mapping[str, Picture]) -> list[Block]:
    """The text as lines and tables."""
    made: list[Block] = []
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        cells = lines[at].count(_CELL)
        end = at + 1
        while cells and end < len(lines) and lines[end].count(_CELL) == cells:
            end += 1
        if end - at > 1:
            rows = [[_pieces(cell, images, pictures) for cell in line.split(_CELL)] for line in lines[at:end]]
            made.append(Block(rows=rows))
        else:
            made.append(Block(line=_pieces(lines[at], images, pictures)))
        at = end
    return made


def _pieces(text: str, images: tuple[str, ...], pictures: Mapping[str, Picture]) -> list[Piece]:
    pieces = []
    for words, image in marked_pieces(text, images):
        if image is None:
            pieces.append(Piece(text=words))
        elif image in pictures:
            pieces.append(Piece(image=image, width=_width(pictures[image])))
    return pieces


def _width(picture: Picture) -> float:
    natural = picture.width * _DOTS_TO_MM
    tallest = _TALLEST_MM * picture.width / max(1, picture.height)
    return round(min(natural, _WIDEST_MM, tallest), 1)


def columns(item: Item) -> int:
    """4, 2 or 1 options beside each other, by the longest of them, in a column of half a page."""
    if item.images and any("[Hình " in option.text for option in item.options):
        return 2
    longest = max((max(len(line) for line in option.text.split("\n")) for option in item.options), default=0)
    several = any("\n" in option.text for option in item.options)
    if several or longest > 20:
        return 1
    return 4 if longest <= 7 and len(item.options) in (3, 4) else 2
