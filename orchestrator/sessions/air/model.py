"""Orders about who is on air, what they come to, and the record of who held the stream. Pure."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from orchestrator.errors import Refused
from orchestrator.media.port import AirTurn, Want
from orchestrator.sessions.model import SessionState

S = 10**9
MS = 1_000_000
ANEW_MS = 50
"""The relay tells its moments by a clock that may be set: less than this is no change."""
LONGEST_BREAK_NS = 4 * 3600 * S


class AirStep(StrEnum):
    """What a person may order about the air of a session."""

    ARM = "arm"
    """The standby takes over by itself when the lecturer is lost."""
    DISARM = "disarm"
    STANDBY = "standby"
    """The standby now."""
    LECTURER = "lecturer"
    """Back to the lecturer."""
    SLATE = "slate"
    """The slate on purpose."""
    AUTO = "auto"
    """No order any more: the first who sends."""
    RETURN_BY_ITSELF = "return_by_itself"
    """A lecturer who comes back takes over from the standby without an order."""
    RETURN_ON_ORDER = "return_on_order"
    RESUME_AT = "resume_at"
    """When the break ends, for the slate."""


class Wish(msgspec.Struct, frozen=True):
    """What stands ordered for a session. ``resumes_ns``: when its break ends, centre time; ``by`` ordered ``want``."""

    want: Want = Want.AUTO
    standby_armed: bool = False
    auto_return: bool = False
    resumes_ns: int | None = None
    by: str = ""
    version: int = 0


_CHANGES: dict[AirStep, dict[str, object]] = {
    AirStep.ARM: {"standby_armed": True},
    AirStep.STANDBY: {"standby_armed": True, "want": Want.STANDBY},
    AirStep.LECTURER: {"want": Want.LECTURER},
    AirStep.SLATE: {"want": Want.SLATE},
    AirStep.AUTO: {"want": Want.AUTO},
    AirStep.RETURN_BY_ITSELF: {"auto_return": True},
    AirStep.RETURN_ON_ORDER: {"auto_return": False},
}


_ORDERS = frozenset({AirStep.STANDBY, AirStep.LECTURER, AirStep.SLATE, AirStep.AUTO})


def after(wish: Wish, step: AirStep, state: SessionState, by: str, resumes_ns: int | None, now: int) -> Wish:
    """The wish once ``step`` is taken. Raises :class:`Refused` and changes nothing: ``not_on_screen``, ``in_break``
    (the slate stands until the session goes on), ``no_break``, ``bad_time``."""
    if state not in {SessionState.LOBBY, SessionState.LIVE, SessionState.BREAK}:
        raise Refused("not_on_screen", "Buổi học chưa mở hoặc đã kết thúc. / The session is not on the screens.", 409)
    changed = msgspec.structs.replace(wish, version=wish.version + 1)
    if step is AirStep.RESUME_AT:
        return msgspec.structs.replace(changed, resumes_ns=_resumes(state, resumes_ns, now))
    if state is SessionState.BREAK and step in {AirStep.STANDBY, AirStep.LECTURER, AirStep.AUTO}:
        message = "Đang giải lao: hãy cho buổi học tiếp tục trước. / In a break: resume the session first."
        raise Refused("in_break", message, 409)
    if step is AirStep.DISARM:
        changed = msgspec.structs.replace(changed, standby_armed=False)
        return msgspec.structs.replace(changed, want=Want.AUTO, by=by) if wish.want is Want.STANDBY else changed
    if step in _ORDERS:
        changed = msgspec.structs.replace(changed, by=by)
    return msgspec.structs.replace(changed, **_CHANGES[step])


def _resumes(state: SessionState, resumes_ns: int | None, now: int) -> int | None:
    if state is not SessionState.BREAK:
        raise Refused("no_break", "Buổi học không trong giờ giải lao. / The session has no break now.", 409)
    if resumes_ns is not None and not now < resumes_ns <= now + LONGEST_BREAK_NS:
        raise Refused("bad_time", "Giờ học tiếp phải trong vòng 4 giờ tới. / Within the next 4 hours.", 422)
    return resumes_ns


def at_state(wish: Wish, before: SessionState, state: SessionState) -> Wish:
    """The wish as the session itself changes it: a break ends with its hour, and with a slate that was ordered."""
    if before is SessionState.BREAK and state is not SessionState.BREAK:
        want = Want.AUTO if wish.want is Want.SLATE else wish.want
        return msgspec.structs.replace(wish, want=want, resumes_ns=None, version=wish.version + 1)
    return wish


def wanted(wish: Wish, state: SessionState) -> Want:
    """What the relay is told: a break is the slate's, so that nothing of a lecturer's rest is seen."""
    return Want.SLATE if state is SessionState.BREAK else wish.want


PERSONS = frozenset({"lecturer", "standby"})


class OnAir(msgspec.Struct, frozen=True):
    """What is known of a stream now. ``air`` is ``lecturer``, ``standby``, ``slate`` or empty; ``why`` is the relay's
    word, ``relay_down`` while it does not answer, empty before the first look."""

    viewers: int = 0
    air: str = ""
    why: str = ""
    since_ms: int = 0
    lecturer: bool = False
    """Somebody sends in the lecturer's seat; likewise the standby's and the slate's."""
    standby: bool = False
    slate: bool = False
    sounds: bool = True
    """Of whoever is on air there is something to hear: nobody speaks for every second, and some mute themselves."""
    turns: tuple[AirTurn, ...] = ()
    """The last changes of ``air`` as the relay remembers them, the oldest first."""

    def since(self, known_ms: int) -> list[OnAir]:
        """What was on air one after the other since that moment, ending with what is now."""
        past = [turn for turn in self.turns[:-1] if turn.since_ms > known_ms + ANEW_MS]
        steps = [msgspec.structs.replace(self, air=turn.air, why=turn.why, since_ms=turn.since_ms) for turn in past]
        return [*steps, self]

    @property
    def on_air(self) -> bool:
        """A person's picture is on the screens, not the slate's."""
        return self.air in PERSONS


class Finding(StrEnum):
    """What is worth a word on the wall, the gravest first."""

    NOTHING_ON_AIR = "nothing_on_air"
    """Not even the slate: the rooms are dark."""
    LECTURER_LOST = "lecturer_lost"
    """Live, and the slate stands in for a lecturer who was on air."""
    LECTURER_AWAITED = "lecturer_awaited"
    """Live, and no lecturer has come yet."""
    STANDBY_ON_AIR = "standby_on_air"
    SLATE_ORDERED = "slate_ordered"


WEIGHT = {
    Finding.NOTHING_ON_AIR: 3,
    Finding.LECTURER_LOST: 3,
    Finding.LECTURER_AWAITED: 2,
    Finding.STANDBY_ON_AIR: 1,
    Finding.SLATE_ORDERED: 1,
}
"""3 is red, 2 amber, 1 minor, as on the wall's tiles."""


def finding(state: SessionState, wish: Wish, air: OnAir, *, was_on_air: bool) -> Finding | None:
    """What the wall should say of a session's air; ``was_on_air``: a person was on it since the session went live."""
    if not air.why:
        return None
    if not air.air and state in {SessionState.LIVE, SessionState.BREAK}:
        return Finding.NOTHING_ON_AIR
    if state is not SessionState.LIVE or air.air == "lecturer":
        return None
    if air.air == "standby":
        return Finding.STANDBY_ON_AIR
    if wish.want is Want.SLATE:
        return Finding.SLATE_ORDERED
    return Finding.LECTURER_LOST if was_on_air else Finding.LECTURER_AWAITED


class Turn(msgspec.Struct, frozen=True):
    """One line of the record: ``seat`` held the stream from ``from_ns`` to ``until_ns`` (None: still), and ``why``.
    ``by``: who had ordered it, empty where nobody had."""

    number: int
    seat: str
    why: str
    by: str
    from_ns: int
    until_ns: int | None = None


def lecturer_lost(turn: Turn, before: str, want: Want) -> bool:
    """Whether a person's picture is gone with it from a live session's screens, though nobody ordered that;
    ``before``: the seat until then."""
    ordered = turn.why == "ordered" or (turn.why == "keyframe_awaited" and want is not Want.AUTO)
    return turn.seat not in PERSONS and before in PERSONS and not ordered


def in_break(air: OnAir, state: SessionState) -> OnAir:
    """The same with the word ``break`` for a slate that the session's break put there."""
    return msgspec.structs.replace(air, why="break") if state is SessionState.BREAK and air.why == "ordered" else air


def next_turn(last: Turn | None, air: OnAir, by: str, now: int, *, anew: bool = False) -> Turn | None:
    """The turn that begins with what the relay tells; None while the last one goes on. ``anew``: the relay says that
    the seat went off air and on again between two looks."""
    going = last is not None and last.until_ns is None
    if not air.why or (not going and not air.air):
        return None
    stays = last is not None and going and last.seat == air.air
    if last is not None and stays and not anew and (last.why == air.why or _in_transit(air)):
        return None
    # A seat that stays on air for another reason has it from now on; another seat since the relay says.
    since = now if stays and not anew else min(now, air.since_ms * MS) if air.since_ms else now
    if last is not None:
        since = max(since, last.until_ns or last.from_ns)
    number = last.number + 1 if last is not None else 1
    return Turn(number, air.air, air.why, by if air.why == "ordered" else "", since)


def _in_transit(air: OnAir) -> bool:
    """The relay has decided for the lecturer and waits for a keyframe; the rooms still see who they saw."""
    return air.why == "preferred" and air.air != "lecturer"
