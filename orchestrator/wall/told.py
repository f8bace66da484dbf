"""What the board has to tell, as JSON, made once however many readers ask for it. Pure."""

from __future__ import annotations

from typing import Any

import msgspec

from orchestrator.wall.board import WallBoard

_encoder = msgspec.json.Encoder()


class Told:
    """The bodies of messages. Readers in step ask for the same stretch of stamps, so each is encoded once."""

    def __init__(self, board: WallBoard) -> None:
        self._board = board
        self._stamp = -1
        self._bodies: dict[int | None, str] = {}

    def snapshot(self) -> str:
        """Everything, as the members of a JSON object without its opening brace."""
        return self._body(None)

    def since(self, stamp: int) -> str:
        """What changed after `stamp`, likewise."""
        return self._body(stamp)

    def _body(self, stamp: int | None) -> str:
        if self._stamp != self._board.stamp:
            self._stamp = self._board.stamp
            self._bodies.clear()
        known = self._bodies.get(stamp)
        if known is None:
            told: dict[str, Any] = self._board.snapshot() if stamp is None else self._board.since(stamp)
            known = self._bodies[stamp] = _encoder.encode(told).decode()[1:]
        return known


def message(kind: str, number: int, centre_ms: int, body: str) -> str:
    """One message of a reader: its own number and the time of the centre, and a body that others get too."""
    return f'{{"type":"{kind}","n":{number},"centre_ms":{centre_ms},{body}'
