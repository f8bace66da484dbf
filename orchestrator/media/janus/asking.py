"""What a Janus server was asked and has not answered yet. Bounded: whoever asks beyond that is told so at once."""

from __future__ import annotations

import asyncio
import secrets
from typing import Any

import msgspec

Event = dict[str, Any]

MOST_ASKED = 2000
"""Questions that wait; beyond it only signs of life and farewells are sent."""
NEWCOMERS_ASK = 500
"""Beyond it nobody new is let in, so that those who are here are served."""
ALWAYS = {"keepalive", "claim", "detach"}
BROKE: Event = {"janus": "error", "error": {"code": 0, "reason": "the connection broke"}}


class JanusError(Exception):
    """The server refused, is away, or said nothing in time. ``code`` is the server's, 0 for what is ours."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason


class Full(JanusError):
    """So much waits for the server's answers, or so many are there, that it takes no more now."""

    def __init__(self, what: str) -> None:
        super().__init__(0, what)


class Question(msgspec.Struct, frozen=True):
    """``by_ack``: to be told that it came is enough of an answer."""

    transaction: str
    answer: asyncio.Future[Event]
    by_ack: bool


class Questions:
    """Those of one connection. ``refused`` were not asked, as too many waited; ``unanswered`` in vain."""

    def __init__(self) -> None:
        self._open: dict[str, Question] = {}
        self.refused = 0
        self.unanswered = 0

    def __len__(self) -> int:
        return len(self._open)

    def put(self, kind: str, *, by_ack: bool, most: int) -> Question:
        """One more; whoever puts it drops it. Raises :class:`Full` where ``most`` are open already."""
        if len(self._open) >= most and kind not in ALWAYS:
            self.refused += 1
            raise Full(f"{len(self._open)} wait for an answer")
        question = Question(secrets.token_hex(8), asyncio.get_running_loop().create_future(), by_ack)
        self._open[question.transaction] = question
        return question

    def drop(self, question: Question, *, answered: bool) -> None:
        """Nobody waits for it any more."""
        del self._open[question.transaction]
        self.unanswered += not answered

    def heard(self, told: Event) -> bool:
        """The server says something; returns whether that belongs to a question."""
        question = self._open.get(str(told.get("transaction", "")))
        if told.get("janus") == "ack" and (question is None or not question.by_ack):
            return True
        if question is not None and not question.answer.done():
            question.answer.set_result(told)
        return question is not None

    def broke(self) -> None:
        """Nobody is left to answer them."""
        for question in self._open.values():
            if not question.answer.done():
                question.answer.set_result(BROKE)
