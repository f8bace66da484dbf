"""A film that somebody sent for a session, and the rules for it. Pure."""

from __future__ import annotations

from enum import StrEnum
from pathlib import PurePath

import msgspec

from orchestrator.errors import Refused
from orchestrator.media.sources.film_checker import Looked
from orchestrator.media.sources.job import Why
from wire.ids import SessionId

KINDS = (".mp4", ".m4v", ".mov", ".mkv", ".webm")
NAME_LIMIT = 200
MOST = 8
"""Films of one session, those on their way and those that were refused included."""
MB = 1 << 20


class ClipState(StrEnum):
    """Where a film stands."""

    UPLOADING = "uploading"
    CHECKING = "checking"
    READY = "ready"
    REFUSED = "refused"


WORDS = {
    "unknown": "Tệp này không phải phim MP4, MOV, MKV hay WebM. / This is no MP4, MOV, MKV or WebM film.",
    "broken": "Phim bị hỏng, không xem được. Hãy xuất lại phim rồi gửi lại. / The film is damaged; export it anew and "
    "send it again.",
    "truncated": "Phim bị thiếu phần cuối. Hãy chép lại từ bản gốc rồi gửi lại. / The film's end is missing; copy it "
    "again from the original.",
    "no_picture": "Tệp này không có hình. / There is no picture in this file.",
    "no_decoder": "Kiểu nén hình của phim này trung tâm không đọc được; hãy xuất lại thành MP4 (H.264). / The centre "
    "cannot read this film's codec; export it as MP4 (H.264).",
    "too_many_pixels": "Hình lớn hơn 4K. Hãy xuất lại ở 1920×1080. / The picture is larger than 4K; export it as "
    "1920×1080.",
    "too_heavy": "Phim quá nặng, trung tâm không kiểm tra được. Hãy xuất lại thành MP4 (H.264, 1920×1080). / The film "
    "is too heavy to be checked; export it as MP4 (H.264, 1920×1080).",
    "empty": "Phim chưa dài một giây. / The film is shorter than a second.",
    "too_many_sources": "Buổi học đã có quá nhiều nguồn hình. Hãy xoá bớt một nguồn rồi gửi lại phim. / The session "
    "has too many sources; remove one and send the film again.",
    "disk_full": "Ổ đĩa của trung tâm đã đầy, hãy báo người quản trị. / The centre's disk is full; tell the "
    "administrator.",
}
"""Why a film cannot be played, by the checker's stable words."""


class Clip(msgspec.Struct, frozen=True):
    """A film and what is known of it; ``size`` in bytes, ``reason`` a word of :data:`WORDS`, ``at_ms`` the place
    that is to blame. ``digest`` names its file once it is whole."""

    id: str
    session: SessionId
    name: str
    size: int
    state: ClipState
    made_by: str
    made_ns: int
    reason: str = ""
    at_ms: int = 0
    length_ms: int = 0
    picture: str = ""
    sound: str = ""
    converted: Why = Why.NONE
    turned: bool = False
    digest: bytes | None = None

    @property
    def title(self) -> str:
        """The name without its ending, as a source is called."""
        return PurePath(self.name).stem[:80] or self.name[:80]


class Limits(msgspec.Struct, frozen=True):
    """Megabytes of one film, and of all films together."""

    one_mb: int = 4096
    all_mb: int = 51200


def check_file(name: str, size: int, count: int, kept: int, limits: Limits) -> str:
    """The name as it is kept; refuses what will not be taken before a byte of it is sent. ``count``: films that the
    session has; ``kept``: bytes of all films, the announced ones included."""
    name = " ".join(name.split())[-NAME_LIMIT:]
    if not name or not name.isprintable():
        raise Refused("bad_name", "Tên tệp không dùng được. / The file's name is of no use.", 422)
    if not name.lower().endswith(KINDS):
        raise Refused("wrong_type", WORDS["unknown"], 415)
    if size < 1:
        raise Refused("empty", "Tệp trống. / The file is empty.", 422)
    if size > limits.one_mb * MB:
        most = f"{limits.one_mb} MB"
        sentence = (
            f"Phim lớn hơn {most}. Hãy xuất lại nhẹ hơn hoặc chia làm hai phần. / The film is larger than {most}."
        )
        raise Refused("too_large", sentence, 413)
    if count >= MOST:
        sentence = f"Buổi học đã có {MOST} phim, hãy xoá bớt. / The session has {MOST} films; delete one."
        raise Refused("too_many_films", sentence, 409)
    if kept + size > limits.all_mb * MB:
        sentence = "Kho phim của trung tâm đã đầy: hãy xoá phim cũ. / The centre keeps no more films; delete old ones."
        raise Refused("store_full", sentence, 507)
    return name


def settled(clip: Clip, looked: Looked, digest: bytes | None) -> Clip:
    """The film once it was looked at."""
    if looked.fault:
        reason = looked.fault if looked.fault in WORDS else "broken"
        changes = {"state": ClipState.REFUSED, "reason": reason, "at_ms": round(looked.at_s * 1000)}
        return msgspec.structs.replace(clip, **changes)
    return msgspec.structs.replace(
        clip,
        state=ClipState.READY,
        length_ms=round(looked.length_s * 1000),
        picture=looked.picture[:80],
        sound=looked.sound[:80],
        converted=looked.converted,
        turned=looked.turned,
        digest=digest,
    )
