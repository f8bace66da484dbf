"""Alarms in Vietnamese, for messages, sheets and the printed report; pages have words of their own. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta, timezone

from orchestrator.alarms.journal import (
    CentreStarted,
    ChannelChanged,
    LogEvent,
    RulesChanged,
    WorkEnded,
    WorkPlanned,
)
from orchestrator.alarms.model import (
    Acknowledged,
    AcknowledgementEnded,
    Alarm,
    Cause,
    Cleared,
    Escalated,
    Joined,
    Left,
    Raised,
    Scope,
    Told,
    Trouble,
    Worsened,
)
from wire.ids import SiteId

ZONE = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
S = 10**9
MOST_NAMED = 12
"""Sites named in one line; the others are counted."""

TROUBLES: Mapping[Trouble, str] = {
    Trouble.AWAY: "Mất kết nối",
    Trouble.FLAPPING: "Chập chờn",
    Trouble.PICTURE: "Không có hình bài giảng",
    Trouble.SOUND: "Không nghe tiếng",
    Trouble.CAMERA: "Camera hỏng, bị che hoặc đứng hình",
    Trouble.CLOCK: "Đồng hồ sai hoặc chưa chỉnh được",
    Trouble.EXAM: "Đề thi chưa tới hoặc chưa mở",
    Trouble.DISK: "Sắp hết đĩa",
    Trouble.READINESS: "Phòng chưa sẵn sàng",
    Trouble.STARTING: "Trung tâm vừa khởi động, chờ điểm cầu nối lại",
    Trouble.RELAY: "Máy chủ hình ảnh dừng",
    Trouble.LECTURER: "Mất giảng viên, đang chiếu màn chờ",
    Trouble.CHANNEL: "Không gửi được tin báo",
    Trouble.RECORDING: "Không ghi hình được",
    Trouble.UNARMED: "Đã tới hoặc gần giờ thi mà chưa bấm “Sẵn sàng mở theo giờ”: đề sẽ không tự mở",
}
SEVERITIES = {1: "Nhẹ", 2: "Vừa", 3: "Nặng"}
LEFT = {
    "back": "trở lại bình thường",
    "planned": "thuộc công việc có kế hoạch",
    "apart": "tách thành báo động riêng",
    "merged": "chuyển sang báo động có nguyên nhân rộng hơn",
    "flapping": "chập chờn, theo dõi riêng",
    "idle": "không có buổi học hay bài thi nào cần đến",
    "over": "hết thời gian chờ",
}
_ENDED = {"expired": "hết hạn nhận", "changed": "báo động lan rộng, cần nhận lại", "withdrawn": "trả lại"}
_CHANGED = {"added": "thêm", "changed": "sửa", "removed": "xoá", "tested": "gửi thử"}


class Names:
    """How sites are called: code and name by id."""

    def __init__(self, sites: Mapping[SiteId, tuple[str, str]]) -> None:
        self._sites = sites

    def site(self, site: str) -> str:
        code, name = self._sites.get(SiteId(site), (site, ""))
        return f"{code} {name}".strip()

    def code(self, site: str) -> str:
        return self._sites.get(SiteId(site), (site, ""))[0]


def clock_of(ns: int) -> str:
    return datetime.fromtimestamp(ns / S, ZONE).strftime("%H:%M:%S")


def hour_of(ns: int) -> str:
    """`08:30`."""
    return datetime.fromtimestamp(ns / S, ZONE).strftime("%H:%M")


def moment_of(ns: int) -> str:
    return datetime.fromtimestamp(ns / S, ZONE).strftime("%d/%m/%Y %H:%M:%S")


def length_of(ns: int) -> str:
    """`4 phút 05 giây`."""
    seconds = max(0, ns // S)
    minutes, hours = seconds // 60 % 60, seconds // 3600
    if hours:
        return f"{hours} giờ {minutes:02} phút"
    return f"{minutes} phút {seconds % 60:02} giây" if minutes else f"{seconds} giây"


def cause_of(cause: Cause, names: Names) -> str:
    """What an alarm stands for: `Nhà mạng VNPT`, the school, the district."""
    match cause.scope:
        case Scope.SITE:
            return names.site(cause.name)
        case Scope.PROVIDER:
            return f"Nhà mạng {cause.name}"
        case Scope.PROVINCE:
            return f"Đường truyền {cause.name}"
        case Scope.CENTRE:
            return "Toàn trung tâm"
    return cause.name


def title_of(alarm: Alarm, names: Names) -> str:
    """`Mất kết nối: Huyện An Dương (40 điểm cầu)`."""
    sites = len(alarm.sites) or alarm.most
    counted = f" ({sites} điểm cầu)" if alarm.cause.scope is not Scope.SITE and sites else ""
    return f"{TROUBLES[alarm.trouble]}: {cause_of(alarm.cause, names)}{counted}"


def _sites(sites: Sequence[str], names: Names) -> str:
    codes = ", ".join(sorted(names.code(site) for site in sites)[:MOST_NAMED])
    return f"{codes} và {len(sites) - MOST_NAMED} nơi nữa" if len(sites) > MOST_NAMED else codes


def sentence(event: LogEvent, about: Alarm | None, names: Names, at_ns: int) -> str:
    """One line of the log."""
    return _SENTENCES[type(event)](event, about, names, at_ns)


def _raised(event: Raised, _about: Alarm | None, names: Names, _at: int) -> str:
    told = f"BÁO ĐỘNG {TROUBLES[event.trouble].lower()}: {cause_of(event.cause, names)}"
    if event.cause.scope is Scope.SITE or not event.sites:
        return told
    of = f" trong {event.of}" if event.of > len(event.sites) else ""
    return f"{told}, {len(event.sites)} điểm cầu{of}: {_sites(event.sites, names)}"


def _joined(event: Joined, _about: Alarm | None, names: Names, _at: int) -> str:
    return f"Thêm {len(event.sites)} điểm cầu: {_sites(event.sites, names)}"


def _left(event: Left, _about: Alarm | None, names: Names, _at: int) -> str:
    return f"{len(event.sites)} điểm cầu {LEFT.get(event.why, event.why)}: {_sites(event.sites, names)}"


def _worsened(event: Worsened, _about: Alarm | None, _names: Names, _at: int) -> str:
    return f"Nặng hơn: mức {SEVERITIES.get(event.severity, str(event.severity)).lower()}"


def _cleared(event: Cleared, about: Alarm | None, _names: Names, at: int) -> str:
    lasted = f" sau {length_of(at - about.raised_ns)}" if about else ""
    return f"HẾT BÁO ĐỘNG{lasted}: {LEFT.get(event.why, event.why)}"


def _acknowledged(event: Acknowledged, _about: Alarm | None, _names: Names, _at: int) -> str:
    until = "đến khi hết" if event.until_ns is None else f"đến {clock_of(event.until_ns)}"
    sticky = ", giữ cả khi lan rộng" if event.sticky else ""
    instead = f" thay {event.instead_of}" if event.instead_of else ""
    return f"{event.name} nhận xử lý{instead} {until}{sticky}" + (f": “{event.word}”" if event.word else "")


def _ended(event: AcknowledgementEnded, _about: Alarm | None, _names: Names, _at: int) -> str:
    return f"Không còn người nhận: {_ENDED.get(event.why, event.why)}"


def _escalated(event: Escalated, _about: Alarm | None, _names: Names, _at: int) -> str:
    return f"Chưa ai nhận: nâng lên bậc {event.level}"


def _told(event: Told, _about: Alarm | None, _names: Names, _at: int) -> str:
    return f"Đã gửi tin {'hết báo động' if event.what == 'cleared' else 'báo động'} qua “{event.name}”"


def _started(event: CentreStarted, _about: Alarm | None, _names: Names, _at: int) -> str:
    return f"Trung tâm khởi động, tiếp tục {event.standing} báo động đang có"


def _planned(event: WorkPlanned, _about: Alarm | None, names: Names, _at: int) -> str:
    times = f"từ {moment_of(event.from_ns)} đến {moment_of(event.until_ns)}"
    return f"Công việc có kế hoạch tại {cause_of(event.cause, names)}, {times}: “{event.why}”"


def _work_ended(event: WorkEnded, _about: Alarm | None, names: Names, _at: int) -> str:
    return f"Kết thúc sớm công việc có kế hoạch tại {cause_of(event.cause, names)}"


def _rules(event: RulesChanged, _about: Alarm | None, _names: Names, _at: int) -> str:
    return f"Sửa quy tắc báo động (bản {event.version})"


def _channel(event: ChannelChanged, _about: Alarm | None, _names: Names, _at: int) -> str:
    return f"Kênh tin báo “{event.name}”: {_CHANGED.get(event.what, event.what)}"


_SENTENCES: Mapping[type, Callable[..., str]] = {
    Raised: _raised,
    Joined: _joined,
    Left: _left,
    Worsened: _worsened,
    Cleared: _cleared,
    Acknowledged: _acknowledged,
    AcknowledgementEnded: _ended,
    Escalated: _escalated,
    Told: _told,
    CentreStarted: _started,
    WorkPlanned: _planned,
    WorkEnded: _work_ended,
    RulesChanged: _rules,
    ChannelChanged: _channel,
}
