"""How a test of a fault says how many answers showed ✓ and how many of them are gone."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable


class LostAnswers:
    """Notes both numbers for whoever prints them (`python -m tests.faults`). Nothing may be lost, and a count of no
    answer at all shows nothing: either fails the test."""

    def __init__(self, record: Callable[[str, object], None]) -> None:
        self._record = record

    def __call__(self, acked: Collection[Hashable], kept: Collection[Hashable]) -> None:
        """``acked``: what a page or client was told ✓ for; ``kept``: what journal or centre has afterwards."""
        lost = set(acked) - set(kept)
        self.numbers(len(set(acked)), len(lost), str(sorted(map(str, lost))[:5]))

    def numbers(self, acked: int, lost: int, which: str = "") -> None:
        """As the numbers alone, where another program has counted."""
        self._record("acked", acked)
        self._record("lost", lost)
        assert acked > 0, "no answer had shown ✓"
        assert lost == 0, f"{lost} of {acked} ✓ lost {which}"
