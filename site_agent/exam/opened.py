"""The papers of one exam once their seals are open: the frames that pages are pushed, and what may be answered."""

from site_agent.exam.protocol import write_down
from site_agent.exam.shown import opened
from wire.order import Unsealed, own_paper
from wire.paper import Picture, Shuffle

MOST_READY = 256
"""Frames of single candidates that are held ready: more than a room has, and at 100 kB each no burden to a computer.
At a desk of ten thousand the others are made when they are sent."""


class OpenedPapers:
    """Papers by their code, in memory only; empty while they are sealed."""

    def __init__(self) -> None:
        self._frames: dict[str, str] = {}
        self._shuffle = Shuffle.NONE
        self._to_shuffle: dict[str, Unsealed] = {}
        self._own: dict[tuple[str, str], str] = {}
        self._options: dict[str, dict[str, frozenset[str]]] = {}
        self._pictures: dict[str, Picture] = {}

    def keep(self, papers: dict[str, Unsealed], shuffle: Shuffle = Shuffle.NONE) -> None:
        """Make the opened papers ready to be pushed at once; shuffled ones are made for each candidate (`frame`)."""
        self._shuffle = shuffle
        self._to_shuffle = papers if shuffle is not Shuffle.NONE else {}
        self._own.clear()
        for code, unsealed in papers.items():
            paper = unsealed.paper
            if not self._to_shuffle:
                self._frames[code] = write_down(opened(paper))
            self._options[code] = {item.id: frozenset(o.id for o in item.options) for item in paper.items}
            self._pictures.update({picture.id: picture for picture in paper.pictures})

    def put_away(self) -> None:
        """Forget them."""
        self._frames.clear()
        self._to_shuffle = {}
        self._own.clear()
        self._options.clear()
        self._pictures.clear()

    def frame(self, code: str, number: str) -> str | None:
        """The frame with the paper of a candidate: of all who have this code the same one, or this candidate's own."""
        unsealed = self._to_shuffle.get(code)
        if unsealed is None:
            return self._frames.get(code)
        ready = self._own.get((code, number))
        if ready is None:
            ready = write_down(opened(own_paper(unsealed, number, self._shuffle)))
            if len(self._own) < MOST_READY:
                self._own[code, number] = ready
        return ready

    @property
    def shared(self) -> bool:
        """Whether all who have a code have the same frame."""
        return not self._to_shuffle

    def offer(self, code: str, item: str, option: str) -> bool:
        """Whether a paper has this option of this item."""
        return option in self._options.get(code, {}).get(item, ())

    def longest(self) -> int | None:
        """Questions of the longest paper; None while the papers are sealed."""
        return max((len(items) for items in self._options.values()), default=None)

    def picture(self, name: str) -> Picture | None:
        """An image of any of the papers."""
        return self._pictures.get(name)
