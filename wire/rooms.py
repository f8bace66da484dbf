"""What centre and site say of a room itself: the rules for its pictures, low-rate pictures, a question about a count.

A site that was never told a rule lets no picture leave (`PicturePolicy.COUNT_ONLY`).
"""

from typing import Annotated

import msgspec

from wire.fields import ID, Line, Ns, Small
from wire.ids import PicturePolicy, RollCallId, SessionId

ROLL_CALL_OPEN_NS = 300 * 10**9
"""How long after its moment a room that was away may still be counted. A link sends again what was lost for longer, so
the site looks too: later, a count would say nothing of that moment."""
MAX_THUMBNAIL_BYTES = 48 << 10
BLURRED_SIDE_PX = 56
"""Longest side of a picture made under `BLURRED`: a face one metre before the lens, 0.107 of it, is then 6 px wide."""
BLURRED_BYTES = 16 << 10
"""Most bytes of one: no JPEG of so few pixels needs more, and what is more hides something behind them."""

_Width = Annotated[int, msgspec.Meta(ge=64, le=640)]
_Side = Annotated[int, msgspec.Meta(ge=1, le=640)]
_Every = Annotated[int, msgspec.Meta(ge=1_000, le=3_600_000)]


class RoomRules(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Down, after every new link and on each change: what may leave the room, and what its people are told of it.

    `keep_days` is how long pictures are kept, `seen_by` who may look at them, in words; `tolerance` is the difference
    between expected, counted, declared and signed-in numbers beyond which the site is asked for a word. `speaker_seen`:
    although `policy` blurs, a room that asked for the floor is shown to the others as it is while it has it; nothing is
    kept.
    """

    policy: PicturePolicy = PicturePolicy.COUNT_ONLY
    keep_days: Small = 0
    seen_by: Line = ""
    tolerance: Small = 0
    speaker_seen: bool = False


class CountQuestion(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Down: the numbers of a roll call differ by more than the tolerance; the site is asked for its number and a word.

    Answered by a signed `DeclaredCount` of the same roll call. `signed_in`: people who signed, as the centre knows.
    """

    roll_call: Annotated[RollCallId, ID]
    session: Annotated[SessionId, ID]
    at_ns: Ns
    expected: Small
    camera: Small | None = None
    declared: Small | None = None
    signed_in: Small | None = None


class CountQuestionWithdrawn(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Down: the numbers of this roll call are not asked about any more.

    Sent only to a site whose heartbeat names it among those `asked`: an agent of before would end the link at a message
    that it does not know, and names none.
    """

    roll_call: Annotated[RollCallId, ID]


class ThumbnailOrder(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Down, transient: somebody looks at this room; send a picture `width` px wide every `every_ms` until `until_ns`.

    Repeated while it is looked at. The site obeys its `RoomRules` whatever is asked.
    """

    every_ms: _Every
    width: _Width
    until_ns: Ns


class Thumbnail(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Up, transient: the room at `at_ns` as a JPEG, made under `policy`.

    A blurred picture is narrower than was asked: about 56 px, so that no face is wider than 6 px.
    """

    at_ns: Ns
    width: _Side
    height: _Side
    policy: PicturePolicy
    jpeg: Annotated[bytes, msgspec.Meta(max_length=MAX_THUMBNAIL_BYTES)]
