"""What a candidate is told when something cannot be: a stable word, and a calm sentence in two languages."""

from site_agent.exam.protocol import Trouble

SENTENCES: dict[str, tuple[str, str]] = {
    "wrong_pin": (
        "Số báo danh hoặc mã PIN chưa đúng. Thầy cô xem lại phiếu. Phiếu của điểm cầu khác thì nhập mã phiếu.",
        "The number or the PIN is not right. Please check your slip; with a slip of another site enter its code.",
    ),
    "wrong_voucher": (
        "Mã phiếu này không thuộc bài thi đang mở ở đây. Thầy cô xem tên bài thi in trên phiếu rồi báo giám thị giúp.",
        "This slip does not belong to an exam that is open here. Check its title, then tell the invigilator.",
    ),
    "other_exam": (
        "Phiếu này của một bài thi khác, chưa mở hoặc đã xong. Thầy cô xem tên bài thi và giờ thi in trên phiếu.",
        "This slip is for another exam, not open yet or already over. Check the title and the time on your slip.",
    ),
    "visitor_asked": (
        "Phiếu này của điểm cầu khác. Máy đang hỏi trung tâm để chuyển thầy cô về đây; thầy cô chờ vài giây.",
        "This voucher is of another site. The centre is being asked to move you here; please wait a few seconds.",
    ),
    "visitor_no_line": (
        "Phiếu này của điểm cầu khác và máy đang mất đường truyền về trung tâm. Thầy cô báo giám thị gọi trung tâm.",
        "This voucher is of another site and the line to the centre is down. Please ask the invigilator to call.",
    ),
    "moved_elsewhere_closed": (
        "Bài thi này không chuyển sang đây được nữa. Thầy cô báo giám thị giúp.",
        "This exam can no longer be moved here. Please tell the invigilator.",
    ),
    "moved_away": (
        "Thầy cô đã được chuyển sang làm tiếp ở máy hoặc điểm cầu khác. Những câu đã lưu đều còn và theo thầy cô.",
        "You now continue at another desk. Everything that was saved is kept and goes with you.",
    ),
    "wait": (
        "Đã thử sai nhiều lần. Thầy cô chờ một chút rồi thử lại.",
        "Too many attempts. Please wait a moment, then try again.",
    ),
    "not_yet": ("Chưa đến giờ đăng nhập.", "Signing in is not open yet."),
    "over": ("Bài thi này đã kết thúc.", "This exam is over."),
    "no_exam": ("Điểm cầu này chưa có bài thi đó.", "This site does not have that exam."),
    "sign_in_again": (
        "Thầy cô đăng nhập lại giúp, các câu đã lưu vẫn còn.",
        "Please sign in again; what was saved is kept.",
    ),
    "mac_refused": (
        "Tin này không mang đúng dấu của thầy cô nên không được ghi.",
        "This message did not carry your mark and was not recorded.",
    ),
    "session_unknown": (
        "Máy này chưa biết phiên làm bài trước. Trang đang gửi lại các câu theo phiên mới.",
        "This computer does not know the earlier session. The page is sending those answers again under the new one.",
    ),
    "unknown_item": ("Câu hoặc lựa chọn này không có trong đề.", "That question or option is not in this paper."),
    "not_open": ("Đề chưa mở.", "The paper is not open yet."),
    "unreadable": ("Máy của trường không hiểu tin này.", "The school's computer did not understand this message."),
    "wrong_code": (
        "Mã mở đề chưa đúng. Giám thị kiểm tra lại từng nhóm 4 ký tự.",
        "The release code is not right. Please check each group of four.",
    ),
    "disk_full": (
        "Đĩa của máy trường đã đầy, câu trả lời CHƯA được lưu ở trường. Báo giám thị ngay; thầy cô cứ làm tiếp.",
        "The school computer's disk is full: answers are NOT saved at the school. Tell the invigilator; carry on.",
    ),
    "read_only": (
        "Đĩa của máy trường không ghi được, câu trả lời CHƯA được lưu ở trường. Báo giám thị ngay.",
        "The school computer's disk cannot be written: answers are NOT saved at the school. Tell the invigilator.",
    ),
    "disk_busy": (
        "Máy của trường đang bận ghi. Trang này sẽ tự gửi lại.",
        "The school's computer is busy writing. This page will send again by itself.",
    ),
    "disk_error": (
        "Máy của trường gặp lỗi đĩa, câu trả lời CHƯA được lưu ở trường. Báo giám thị ngay.",
        "The school computer's disk has failed: answers are NOT saved at the school. Tell the invigilator.",
    ),
    "busy": (
        "Máy của trường đang bận. Trang này sẽ tự gửi lại.",
        "The school's computer is busy. This page will send again by itself.",
    ),
}


class Turned(Exception):
    """A request that the desk turns down; `trouble` is what the page is told."""

    def __init__(self, code: str, wait_s: float = 0, *, session: str = "", client_seq: int = 0) -> None:
        super().__init__(code)
        self.trouble = trouble(code, session=session, client_seq=client_seq, wait_s=wait_s)


def trouble(code: str, *, session: str = "", client_seq: int = 0, wait_s: float = 0) -> Trouble:
    """The message for a word of `SENTENCES`."""
    vi, en = SENTENCES[code]
    seconds = int(wait_s) + 1 if wait_s > 0 else 0
    return Trouble(code=code, message_vi=vi, message_en=en, session=session, client_seq=client_seq, wait_s=seconds)
