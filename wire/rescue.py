"""A candidate's rescue file: what their page could bring neither to school nor to province, sealed to the centre.

The page writes it when its answers have waited long for a ✓, or at the close. The file is `MAGIC`, then a box to the
centre's X25519 key (`wire.seal.seal_to`) with JSON inside. Each message bears the mark it was said with
(`wire.voucher.message_mark`); of a session begun by voucher the centre works out the key itself, from the voucher and
from what both ends said in the open, so nobody can write such a file for a colleague. A session begun with a PIN brings
its key along: the file then proves only that it is whole, and a person must look.

Errors: `RescueRefused`.
"""

from typing import Annotated, Literal

import msgspec

from wire.fields import ID, Millis, Word
from wire.ids import Assurance
from wire.seal import SealBroken, open_sealed
from wire.unreadable import UNREADABLE
from wire.voucher import message_mark, resumed_session_key, same, voucher_session_key

MAGIC = b"diemcau rescue v1\n"
MAX_RESCUE_BYTES = 512 << 10
RESCUE_PATH = "/api/v1/rescue"
"""Where a page sends the file itself, as base64, when it reaches the centre and not the school."""

Hex32 = Annotated[str, msgspec.Meta(pattern="^([0-9a-f]{32})?$")]
Hex64 = Annotated[str, msgspec.Meta(pattern="^([0-9a-f]{64})?$")]
Mac = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]


class RescueRefused(ValueError):
    """A file that is no rescue file of this centre. `code`: not_a_rescue, other_province, damaged."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Root(msgspec.Struct, frozen=True):
    """Where the key of a session comes from: the two nonces of a voucher's sign-in and the sessions that went on from
    it (`next`), or, after a PIN, the key itself."""

    session: Word
    desk: Hex32 = ""
    page: Hex32 = ""
    next: Annotated[list[Word], msgspec.Meta(max_length=500)] = []
    key: Hex64 = ""


class RescuedMessage(msgspec.Struct, frozen=True):
    """One message of the page, as it was said."""

    type: Literal["answer", "hand_in"]
    session: Word
    client_seq: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
    mac: Mac
    item: Word = ""
    option: Word = ""


class Rescue(msgspec.Struct, frozen=True):
    """What a file holds. `made_ms`: by the page's idea of centre time; proves nothing."""

    exam: Annotated[str, ID]
    number: Word
    made_ms: Millis
    roots: Annotated[list[Root], msgspec.Meta(max_length=100)]
    said: Annotated[list[RescuedMessage], msgspec.Meta(max_length=5000)]


class Proven(msgspec.Struct, frozen=True):
    """A message whose mark holds, and how sure it is who said it."""

    message: RescuedMessage
    assurance: Assurance


def open_rescue(box_private: bytes, blob: bytes) -> Rescue:
    """Read a file with the centre's raw X25519 private key; raises `RescueRefused`."""
    if not blob.startswith(MAGIC) or len(blob) > MAX_RESCUE_BYTES:
        raise RescueRefused("not_a_rescue", "this is no rescue file")
    try:
        return msgspec.json.decode(open_sealed(box_private, blob[len(MAGIC) :]), type=Rescue)
    except SealBroken as fault:
        raise RescueRefused("other_province", "the file is sealed to another centre, or changed") from fault
    except UNREADABLE as fault:
        raise RescueRefused("damaged", str(fault)) from fault


def proven(rescue: Rescue, voucher_key: bytes) -> list[Proven]:
    """The messages whose marks hold, in the order of their sessions and counters; each only once."""
    keys = _keys(rescue, voucher_key)
    held: dict[tuple[str, int], Proven] = {}
    for message in rescue.said:
        known = keys.get(message.session)
        if known is not None and _mark_holds(message, known[0]):
            held.setdefault((message.session, message.client_seq), Proven(message, known[1]))
    return list(held.values())


def _keys(rescue: Rescue, voucher_key: bytes) -> dict[str, tuple[str, Assurance]]:
    """Session → its key; a key that a voucher proves is never replaced by one that the file brings along."""
    keys: dict[str, tuple[str, Assurance]] = {}
    for root in rescue.roots:
        if root.desk and root.page:
            key = voucher_session_key(voucher_key, root.desk, root.page)
            keys[root.session] = (key, Assurance.VOUCHER)
            for session in root.next:
                key = resumed_session_key(key, session)
                keys[session] = (key, Assurance.VOUCHER)
    for root in rescue.roots:
        if root.key:
            keys.setdefault(root.session, (root.key, Assurance.PIN))
    return keys


def _mark_holds(message: RescuedMessage, key: str) -> bool:
    wanted = message_mark(key, message.type, message.session, message.client_seq, message.item, message.option)
    return same(wanted, message.mac)
