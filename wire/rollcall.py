"""The messages of a roll call: the order to count, what the camera counted, what a person says."""

from typing import Annotated

import msgspec

from wire.fields import ID, Line, Nonce, Ns, Paragraph, Share, Signature, Small, Word
from wire.ids import PicturePolicy, RollCallId, SessionId


class RollCallOrder(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Down: count the room at `at_ns` from `frames` pictures taken within `span_ms`; `policy` says what may leave."""

    roll_call: Annotated[RollCallId, ID]
    session: Annotated[SessionId, ID]
    nonce: Nonce
    at_ns: Ns
    frames: Annotated[int, msgspec.Meta(ge=1, le=100)]
    span_ms: Small
    policy: PicturePolicy = PicturePolicy.COUNT_ONLY


class RollCallCount(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """People the camera counted; `count` None with a `reason` when it could not. [lo, hi] holds the moment.

    `still`: of those counted, how many never moved at all, which portraits on a wall do not either; for the site's own
    pages. The centre shows what the evidence swears to (`wire.count_notes`). `let_go`: the centre had the picture that
    the evidence swears to, so the site kept it no longer, and then the centre lost it: it asked for the count again.
    """

    roll_call: Annotated[RollCallId, ID]
    nonce: Nonce
    lo_ns: Ns
    hi_ns: Ns
    count: Small | None
    minimum: Small
    maximum: Small
    frames_used: Small
    quality: Share
    reason: Word
    evidence: Annotated[bytes, msgspec.Meta(max_length=64 << 10)]
    signature: Signature
    picture: Annotated[bytes, msgspec.Meta(max_length=384 << 10)] | None = None
    still: Small = 0
    let_go: bool = False


def without_picture(record: RollCallCount) -> RollCallCount:
    """The count as a site keeps it once the centre has it."""
    if record.picture is None:
        return record
    return msgspec.structs.replace(record, picture=None, let_go=True)


class DeclaredCount(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """People the site manager says are in the room.

    `signed_by` is the name of the responsible person whose PIN the site checked, empty when nobody signed; `word` why
    the number differs, when the centre asked. `listed`: how many people signed the room's own list, None when the site
    manager did not say; agents of before never do.
    """

    roll_call: Annotated[RollCallId, ID] | None
    number: Small
    at_ns: Ns
    signed_by: Line = ""
    word: Paragraph = ""
    listed: Small | None = None
