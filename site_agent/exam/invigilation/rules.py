"""What an invigilator may do by themselves. Pure; a refusal is a word, its sentence stands in `SENTENCES`."""

from site_agent.exam.hall import Hall
from site_agent.exam.window import OVER, Phase, Reading
from wire.exam_fairness import CANDIDATE_LIMIT_S, SITE_LIMIT_S, Grant

_S = 1_000_000_000

SENTENCES = {
    "no_exam": "Không có bài thi này ở điểm cầu. / There is no such exam here.",
    "no_candidate": "Không có số báo danh này ở điểm cầu. / No such candidate here.",
    "no_text": "Hãy viết vài chữ về việc đã xảy ra. / Write a few words on what happened.",
    "not_open": "Bài thi chưa mở hoặc đã hết giờ. / The exam is not open.",
    "over": "Bài thi đã hết giờ: hãy ghi biên bản và gọi tỉnh. / The exam is over: write a note, call the province.",
    "ended": "Thí sinh này đã nộp bài hoặc hết giờ: gọi tỉnh. / This candidate has ended: call the province.",
    "not_stopped": "Đồng hồ đang chạy. / The clock is not stopped.",
    "bad_minutes": "Số phút phải từ 1 đến 120. / 1 to 120 minutes.",
    "needs_province": (
        "Cả điểm cầu chỉ được tự cộng tối đa 15 phút, một người tối đa 60 phút; hơn nữa phải xin tỉnh duyệt. / "
        "At most 15 minutes for the site and 60 for one person; more needs the province."
    ),
    "no_grant": "Không có lần cộng giờ này, hoặc đã rút lại. / No such grant.",
    "not_ours": "Giờ do tỉnh cộng chỉ tỉnh rút lại được. / Only the province takes back its own grant.",
    "used": "Đã có người đang làm bài trong phần giờ này, không rút lại được. / Somebody is already using it.",
    "too_late_to_open": (
        "Mã đúng, nhưng đã quá giờ mở muộn nhất nên đề không mở nữa: hãy gọi tỉnh. / "
        "The code is right, but it is too late to open here: call the province."
    ),
    "wrong_code": "Mã không đúng: kiểm tra từng nhóm 4 ký tự. / Wrong code: check each group of 4.",
}


class Denied(Exception):
    """An act that is not allowed; `code` is a key of `SENTENCES`. Nothing has changed."""

    def __init__(self, code: str) -> None:
        super().__init__(SENTENCES[code])
        self.code = code


def check_extra(hall: Hall, candidate: str | None, minutes: int, *, ask: bool) -> None:
    """Whether an invigilator may give (or ask for) so much; raises `Denied`."""
    if not 1 <= minutes <= 120:
        raise Denied("bad_minutes")
    if hall.window.phase in OVER:
        raise Denied("over")
    if candidate is not None:
        if candidate not in hall.roster:
            raise Denied("no_candidate")
        if hall.sitting(candidate).receipt is not None:
            raise Denied("ended")
    limit = SITE_LIMIT_S if candidate is None else CANDIDATE_LIMIT_S
    if not ask and hall.allowance.given_here_s(candidate) + minutes * 60 > limit:
        raise Denied("needs_province")


def check_withdrawal(hall: Hall, grant: str, now: Reading) -> None:
    """Whether what was given here may be taken back; raises `Denied`."""
    allowance = hall.allowance
    if grant in allowance.withdrawn:
        raise Denied("no_grant")
    extra = allowance.extras.get(grant)
    if extra is None:
        raise Denied("not_ours" if grant in allowance.listed else "no_grant")
    if extra.asked and grant in allowance.listed:
        raise Denied("not_ours")
    if hall.window.phase in OVER:
        raise Denied("over")
    if not extra.asked and any(
        hall.left_ns(number, now) <= extra.grant.seconds * _S for number in _touched(hall, extra.grant)
    ):
        raise Denied("used")


def too_late(hall: Hall, grant: Grant) -> bool:
    """Whether a grant of the province finds nothing any more that it could add to: a person decides then."""
    if hall.window.phase in OVER:
        return True
    return grant.candidate is not None and hall.sitting(grant.candidate).ended is not None


def _touched(hall: Hall, grant: Grant) -> list[str]:
    if hall.window.phase is not Phase.OPEN:
        return []
    if grant.candidate is not None:
        return [grant.candidate]
    return [number for number in hall.live if hall.sitting(number).receipt is None]
