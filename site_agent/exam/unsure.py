"""Saved messages that the province has not confirmed yet, and what a page may be told ✓✓ for. Pure.

A page is told a number: whatever it has ✓ for up to and including that one is at the province. A message that the disk
refused at first stands in the journal behind newer ones of its session, so the number must stop short of it until its
own row is confirmed.
"""

from collections import deque
from dataclasses import dataclass, field

import msgspec


class Sure(msgspec.Struct, frozen=True):
    """The candidate's page may show ✓✓ for what is saved under this session up to and including `through`."""

    number: str
    session: str
    through: int


class _Waiting(msgspec.Struct, frozen=True):
    row: int
    number: str
    session: str
    client_seq: int


@dataclass(slots=True)
class _Session:
    """Numbers that wait, and confirmed ones that have not been told because of a lower one that waits."""

    waiting: set[int] = field(default_factory=set)
    untold: set[int] = field(default_factory=set)


@dataclass(slots=True)
class Unsure:
    """Fed with the journal's rows in order."""

    _rows: deque[_Waiting] = field(default_factory=deque)
    _sessions: dict[str, _Session] = field(default_factory=dict)

    def add(self, row: int, number: str, session: str, client_seq: int) -> None:
        """A message is saved and waits."""
        self._rows.append(_Waiting(row, number, session, client_seq))
        self._sessions.setdefault(session, _Session()).waiting.add(client_seq)

    def confirm(self, row: int) -> list[Sure]:
        """The province has everything up to this row: who may be told what."""
        touched: dict[str, str] = {}
        while self._rows and self._rows[0].row <= row:
            done = self._rows.popleft()
            state = self._sessions.setdefault(done.session, _Session())
            state.waiting.discard(done.client_seq)
            state.untold.add(done.client_seq)
            touched[done.session] = done.number
        told = [(number, session, self._through(session)) for session, number in touched.items()]
        return [Sure(number, session, through) for number, session, through in told if through is not None]

    def again(self, session: str, client_seq: int) -> int | None:
        """A page asks about a confirmed message once more: up to where it may be told; None: not this one yet."""
        self._sessions.setdefault(session, _Session()).untold.add(client_seq)
        return self._through(session)

    def _through(self, session: str) -> int | None:
        state = self._sessions[session]
        lowest = min(state.waiting, default=None)
        ready = {seq for seq in state.untold if lowest is None or seq < lowest}
        state.untold -= ready
        if not state.waiting and not state.untold:
            del self._sessions[session]
        return max(ready, default=None)
