"""The papers of one exam once their seals are open: the frames that pages are pushed, and what may be answered."""

from site_agent.exam.protocol import write_down
from site_agent.exam.shown import opened
from wire.paper import Paper, Picture


class OpenedPapers:
    """Papers by their code, in memory only; empty while they are sealed."""

    def __init__(self) -> None:
        self._frames: dict[str, str] = {}
        self._options: dict[str, dict[str, frozenset[str]]] = {}
        self._pictures: dict[str, Picture] = {}

    def keep(self, papers: dict[str, Paper]) -> None:
        """Make the opened papers ready to be pushed at once."""
        for code, paper in papers.items():
            self._frames[code] = write_down(opened(paper))
            self._options[code] = {item.id: frozenset(o.id for o in item.options) for item in paper.items}
            self._pictures.update({picture.id: picture for picture in paper.pictures})

    def put_away(self) -> None:
        """Forget them."""
        self._frames.clear()
        self._options.clear()
        self._pictures.clear()

    def frame(self, code: str) -> str | None:
        """The frame with a paper, ready-made."""
        return self._frames.get(code)

    def offer(self, code: str, item: str, option: str) -> bool:
        """Whether a paper has this option of this item."""
        return option in self._options.get(code, {}).get(item, ())

    def longest(self) -> int | None:
        """Questions of the longest paper; None while the papers are sealed."""
        return max((len(items) for items in self._options.values()), default=None)

    def picture(self, name: str) -> Picture | None:
        """An image of any of the papers."""
        return self._pictures.get(name)
