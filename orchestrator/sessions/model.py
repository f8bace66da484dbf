"""A session and its states. Pure: an order either yields the next state or is refused."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from orchestrator.errors import Refused
from wire.ids import PersonId, SessionId, SiteId


class SessionState(StrEnum):
    """Where a session stands."""

    PLANNED = "planned"
    LOBBY = "lobby"
    LIVE = "live"
    BREAK = "break"
    ENDED = "ended"
    CANCELLED = "cancelled"


class SessionOrder(StrEnum):
    """What a person may order of a session."""

    OPEN_LOBBY = "open_lobby"
    GO_LIVE = "go_live"
    TAKE_BREAK = "take_break"
    RESUME = "resume"
    END = "end"
    CANCEL = "cancel"


_S, _O = SessionState, SessionOrder

TRANSITIONS: dict[SessionState, dict[SessionOrder, SessionState]] = {
    _S.PLANNED: {_O.OPEN_LOBBY: _S.LOBBY, _O.GO_LIVE: _S.LIVE, _O.CANCEL: _S.CANCELLED},
    _S.LOBBY: {_O.GO_LIVE: _S.LIVE, _O.CANCEL: _S.CANCELLED},
    _S.LIVE: {_O.TAKE_BREAK: _S.BREAK, _O.END: _S.ENDED},
    _S.BREAK: {_O.RESUME: _S.LIVE, _O.END: _S.ENDED},
    _S.ENDED: {},
    _S.CANCELLED: {},
}

ON_SCREEN = frozenset({_S.LOBBY, _S.LIVE, _S.BREAK})
"""States in which the session's sites keep its stream on the big screen."""

TOPIC_LIMIT = 200


class Session(msgspec.Struct, frozen=True):
    """One live lecture for some sites. ``version`` counts applied orders; ``fence`` is the last owner's lease token."""

    id: SessionId
    topic: str
    lecturer: PersonId | None
    lecturer_name: str
    starts_ns: int
    ends_ns: int
    sites: frozenset[SiteId]
    state: SessionState = SessionState.PLANNED
    version: int = 0
    fence: int = 0

    @property
    def stream(self) -> str:
        return f"{self.id}-lecture"

    @property
    def on_screen(self) -> bool:
        return self.state in ON_SCREEN


def after(session: Session, order: SessionOrder) -> Session:
    """The session once ``order`` is carried out. Raises :class:`Refused` ``illegal_order`` and changes nothing."""
    state = TRANSITIONS[session.state].get(order)
    if state is None:
        raise Refused(
            "illegal_order",
            f"Buổi học đang ở trạng thái {session.state}, không thể {order}. / Not possible in this state.",
            409,
            state=session.state,
        )
    return msgspec.structs.replace(session, state=state, version=session.version + 1)


def check_plan(topic: str, starts_ns: int, ends_ns: int, sites: frozenset[SiteId]) -> None:
    """Refuse a plan that cannot be conducted, with every fault in ``faults``."""
    faults = []
    if not topic.strip():
        faults.append("thiếu chủ đề / no topic")
    if len(topic) > TOPIC_LIMIT:
        faults.append(f"chủ đề dài quá {TOPIC_LIMIT} chữ / topic too long")
    if ends_ns <= starts_ns:
        faults.append("giờ kết thúc phải sau giờ bắt đầu / must end after it starts")
    if not sites:
        faults.append("chưa chọn điểm cầu nào / no site chosen")
    if faults:
        raise Refused("bad_plan", "; ".join(faults), 422, faults=faults)


def check_free(session: Session, others: list[Session]) -> None:
    """A site shows one lecture at a time: refuse when another session on screen has one of these sites."""
    for other in others:
        shared = session.sites & other.sites
        if other.id != session.id and other.on_screen and shared:
            raise Refused(
                "site_busy",
                f"{len(shared)} điểm cầu đang ở buổi «{other.topic}». / Sites are in another live session.",
                409,
                session=other.id,
                sites=sorted(shared),
            )
