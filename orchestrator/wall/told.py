"""What the board has to tell, as JSON, made once however many readers ask for it. Pure."""

from __future__ import annotations

from typing import Any

import msgspec

from orchestrator.wall.board import WallBoard

_encoder = msgspec.json.Encoder()


Only = tuple[str, ...] | None
"""The sections that a reader wants; None: the whole wall."""


class Told:
    """The bodies of messages. Readers in step ask for the same stretch of stamps, so each is encoded once."""

    def __init__(self, board: WallBoard) -> None:
        self._board = board
        self._stamp = -1
        self._bodies: dict[tuple[int | None, Only], str] = {}

    def snapshot(self, only: Only = None) -> str:
        """Everything, as the members of a JSON object without its opening brace."""
        return self._body(None, only)

    def since(self, stamp: int, only: Only = None) -> str:
        """What changed after ``stamp``, likewise; empty when none of the wanted sections did."""
        return self._body(stamp, only)

    def _body(self, stamp: int | None, only: Only) -> str:
        if self._stamp != self._board.stamp:
            self._stamp = self._board.stamp
            self._bodies.clear()
        known = self._bodies.get((stamp, only))
        if known is None:
            told = self._told(stamp, only)
            known = self._bodies[stamp, only] = _encoder.encode(told).decode()[1:] if told else ""
        return known

    def _told(self, stamp: int | None, only: Only) -> dict[str, Any]:
        if only is not None:
            return self._board.parts(only, stamp)
        return self._board.snapshot() if stamp is None else self._board.since(stamp)


def message(kind: str, number: int, centre_ms: int, body: str) -> str:
    """One message of a reader: its own number and the time of the centre, and a body that others get too."""
    return f'{{"type":"{kind}","n":{number},"centre_ms":{centre_ms}{"," + body if body else "}"}'
