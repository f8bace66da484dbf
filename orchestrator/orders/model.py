"""An order, where it stands at each site, and what may be ordered. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum

import msgspec

from orchestrator.errors import Refused
from wire.ids import OrderId, SiteId
from wire.orders import OrderKind, OrderOutcome

S = 10**9
MINUTE_NS = 60 * S
UNDO_NS = 5 * S
"""How long an order is held back, so that whoever gave it can take it back."""
ROLL_CALL_MINUTES = 5
"""A roll call says something of its moment only, so it is not repeated for longer."""
LONGEST_MINUTES = 7 * 24 * 60
NOTICE_LETTERS = 300
SCOPE_LETTERS = 200
MOST_SITES = 5_000


class OrderState(StrEnum):
    """Where an order stands at one site."""

    HELD = "held"
    WAITING = "waiting"
    """The site is away; it is told when it links, as long as the order is good."""
    SENT = "sent"
    TAKEN = "taken"
    """The site says that it has the order."""
    DONE = "done"
    FAILED = "failed"
    EXPIRED = "expired"
    UNSUPPORTED = "unsupported"
    UNDONE = "undone"


class Step(StrEnum):
    """What can happen to an order at one site."""

    LEAVE = "leave"
    UNDO = "undo"
    SEND = "send"
    SEE = "see"
    DO = "do"
    FAIL = "fail"
    EXPIRE = "expire"
    NOT_KNOW = "not_know"


_S, _T = OrderState, Step
_ENDS = {
    _T.DO: _S.DONE,
    _T.FAIL: _S.FAILED,
    _T.EXPIRE: _S.EXPIRED,
    _T.NOT_KNOW: _S.UNSUPPORTED,
}
TRANSITIONS: Mapping[OrderState, Mapping[Step, OrderState]] = {
    _S.HELD: {_T.LEAVE: _S.WAITING, _T.UNDO: _S.UNDONE},
    _S.WAITING: {_T.SEND: _S.SENT, _T.UNDO: _S.UNDONE, **_ENDS},
    _S.SENT: {_T.SEND: _S.SENT, _T.SEE: _S.TAKEN, **_ENDS},
    _S.TAKEN: {_T.SEND: _S.TAKEN, **_ENDS},
    # The answer of a site that did it in time and lost its line meanwhile is the truth, however late it comes.
    _S.EXPIRED: {_T.DO: _S.DONE, _T.FAIL: _S.FAILED},
    _S.DONE: {},
    _S.FAILED: {},
    _S.UNSUPPORTED: {},
    _S.UNDONE: {},
}
_HEARD = frozenset({Step.SEE, Step.DO, Step.FAIL})
OPEN = frozenset({OrderState.HELD, OrderState.WAITING, OrderState.SENT, OrderState.TAKEN})
ON_ITS_WAY = frozenset({OrderState.WAITING, OrderState.SENT, OrderState.TAKEN})
STEP_OF = {
    OrderOutcome.DONE: Step.DO,
    OrderOutcome.FAILED: Step.FAIL,
    OrderOutcome.EXPIRED: Step.EXPIRE,
    OrderOutcome.UNSUPPORTED: Step.NOT_KNOW,
}


def after(state: OrderState, step: Step) -> OrderState | None:
    """The state after a step; None when the step is not possible, as a repeated answer is not."""
    return TRANSITIONS[state].get(step)


class Told(msgspec.Struct, frozen=True):
    """An order at one site. Moments in centre time, None while it has not come to that; `times`: how often it was sent.

    `reason` is a stable word where it was not done; `roll_call` the round that a roll call became.
    """

    state: OrderState = OrderState.HELD
    reason: str = ""
    sent_ns: int | None = None
    seen_ns: int | None = None
    ended_ns: int | None = None
    times: int = 0
    roll_call: str = ""

    def stepped(self, step: Step, at_ns: int, reason: str = "", roll_call: str = "") -> Told | None:
        """What becomes of it; None when the step is not possible and nothing changes."""
        state = after(self.state, step)
        if state is None:
            return None
        return msgspec.structs.replace(
            self,
            state=state,
            reason=reason,
            sent_ns=at_ns if step is Step.SEND else self.sent_ns,
            seen_ns=at_ns if step in _HEARD and self.seen_ns is None else self.seen_ns,
            ended_ns=None if state in OPEN else at_ns,
            times=self.times + (step is Step.SEND),
            roll_call=roll_call or self.roll_call,
        )


class Author(msgspec.Struct, frozen=True):
    """Who gave an order."""

    person: str
    username: str
    name: str
    role: str


class Order(msgspec.Struct, frozen=True):
    """What was ordered. `scope` says in words to whom; it leaves the centre at `leaves_ns` and ends at `expires_ns`."""

    id: OrderId
    kind: OrderKind
    scope: str
    by: Author
    at_ns: int
    leaves_ns: int
    expires_ns: int
    forced: bool = False
    text_vi: str = ""
    text_en: str = ""
    withdrawn_ns: int | None = None


class Wish(msgspec.Struct, frozen=True):
    """What a person asks for; `minutes` is how long the order is good, of a notice how long it is shown."""

    kind: OrderKind
    sites: list[SiteId]
    scope: str = ""
    minutes: int = 30
    forced: bool = False
    text_vi: str = ""
    text_en: str = ""


def hold_ns(kind: OrderKind, sites: int) -> int:
    """How long an order is held back before it leaves.

    One site is told at once: whoever orders it mostly has the room on the telephone. Only the restart of a single
    agent waits like a bulk order, because the room is without its desk for a quarter of a minute.
    """
    return UNDO_NS if sites > 1 or kind is OrderKind.RESTART_AGENT else 0


def order_of(wish: Wish, order: OrderId, by: Author, known: Collection[SiteId], now_ns: int) -> Order:
    """The order that a wish becomes; raises `Refused` with what is wrong with it."""
    if not wish.sites or len(wish.sites) > MOST_SITES:
        raise Refused("no_site", "Hãy chọn ít nhất một điểm cầu. / Choose at least one site.", 422)
    if len(set(wish.sites)) != len(wish.sites) or not set(wish.sites) <= set(known):
        raise Refused("no_such_site", "Có điểm cầu không tồn tại hoặc bị lặp. / An unknown or repeated site.", 422)
    if len(wish.scope) > SCOPE_LETTERS:
        raise Refused("bad_scope", "Tên phạm vi quá dài. / The scope is too long.", 422)
    minutes = ROLL_CALL_MINUTES if wish.kind is OrderKind.ROLL_CALL else wish.minutes
    if not 1 <= minutes <= LONGEST_MINUTES:
        raise Refused("bad_expiry", "Hiệu lực từ 1 phút đến 7 ngày. / Good for 1 minute to 7 days.", 422)
    vi, en = wish.text_vi.strip(), wish.text_en.strip()
    if wish.kind is OrderKind.NOTICE and not (0 < len(vi) <= NOTICE_LETTERS and len(en) <= NOTICE_LETTERS):
        raise Refused("bad_notice", "Thông báo dài 1 đến 300 chữ. / A notice has 1 to 300 letters.", 422)
    leaves_ns = now_ns + hold_ns(wish.kind, len(wish.sites))
    notice = wish.kind is OrderKind.NOTICE
    return Order(
        id=order,
        kind=wish.kind,
        scope=wish.scope.strip(),
        by=by,
        at_ns=now_ns,
        leaves_ns=leaves_ns,
        expires_ns=leaves_ns + minutes * MINUTE_NS,
        forced=wish.forced,
        text_vi=vi if notice else "",
        text_en=(en or vi) if notice else "",
    )
