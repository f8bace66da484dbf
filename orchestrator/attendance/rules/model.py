"""The rule of a room's pictures and numbers. Pure."""

from __future__ import annotations

import msgspec

from orchestrator.errors import Refused
from wire.ids import PicturePolicy
from wire.messages import RoomRules

KEEP_LIMIT_DAYS = 3650
TOLERANCE_LIMIT = 1000
SEEN_BY_LIMIT = 300


class RoomRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What holds in a room: which picture may leave it, for how many days from its roll call it is kept, who may look
    at it (in words, for the people in the room), and the difference of two numbers beyond which somebody must say why.
    ``speaker_seen``: a room that raised its hand is shown as it is while it speaks, although the rule blurs.
    """

    policy: PicturePolicy = PicturePolicy.BLURRED
    keep_days: int = 30
    seen_by: str = "Ban tổ chức"
    tolerance: int = 3
    speaker_seen: bool = False

    def told(self) -> RoomRules:
        """As a site is told."""
        return RoomRules(
            policy=self.policy,
            keep_days=self.keep_days,
            seen_by=self.seen_by,
            tolerance=self.tolerance,
            speaker_seen=self.speaker_seen,
        )


def faults_of(rule: RoomRule) -> list[str]:
    """Every reason why the rule cannot hold, Vietnamese and English."""
    faults = []
    if not 0 <= rule.keep_days <= KEEP_LIMIT_DAYS:
        faults.append(f"lưu từ 0 đến {KEEP_LIMIT_DAYS} ngày / keep 0 to {KEEP_LIMIT_DAYS} days")
    if rule.policy is not PicturePolicy.COUNT_ONLY and rule.keep_days == 0:
        faults.append("có ảnh thì phải nói lưu mấy ngày / pictures need a number of days")
    if rule.policy is PicturePolicy.COUNT_ONLY and rule.speaker_seen:
        faults.append("chỉ số đếm thì không phát hình phòng nào / the count alone shows no room that speaks")
    if not 0 <= rule.tolerance <= TOLERANCE_LIMIT:
        faults.append(f"chênh lệch cho phép từ 0 đến {TOLERANCE_LIMIT} / tolerance 0 to {TOLERANCE_LIMIT}")
    if not rule.seen_by.strip() or len(rule.seen_by) > SEEN_BY_LIMIT:
        faults.append(f"ai xem ảnh: 1 đến {SEEN_BY_LIMIT} chữ / who sees: 1 to {SEEN_BY_LIMIT} letters")
    return faults


def check_rule(rule: RoomRule) -> None:
    """Refuse a rule that cannot hold, with every fault in ``faults``."""
    if faults := faults_of(rule):
        raise Refused("bad_rule", "; ".join(faults), 422, faults=faults)
