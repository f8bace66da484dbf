"""Sentences for people: why a file is not taken."""

from __future__ import annotations

from orchestrator.essays.inspection import Reason

NOT_TAKEN = {
    Reason.EMPTY: "Tệp rỗng. / The file is empty.",
    Reason.UNKNOWN: "Không phải tệp Word (.docx) hay PDF. / Neither a Word (.docx) file nor a PDF.",
    Reason.OLD_WORD: "Tệp Word kiểu cũ (.doc): hãy lưu lại thành .docx hoặc PDF. / Old .doc: save it as .docx or PDF.",
    Reason.ENCRYPTED: "Tệp có mật khẩu: hãy bỏ mật khẩu rồi nộp lại. / Remove the password and hand in again.",
    Reason.BROKEN: "Tệp bị hỏng, không mở được: hãy lưu lại rồi nộp lại. / The file is damaged: save it anew.",
    Reason.POLYGLOT: "Tệp vừa là loại này vừa là loại khác: hãy lưu lại thành PDF. / Two files in one: save it as PDF.",
    Reason.BOMB: "Tệp bung ra quá lớn, không nhận. / The file unpacks to far too much.",
    Reason.TOO_MANY: "Tệp có quá nhiều trang hoặc phần. / Too many pages or parts.",
    Reason.NESTED: "Trong tệp có đính kèm tệp khác: hãy bỏ ra hoặc lưu thành PDF. / Other files are packed inside.",
    Reason.MACROS: "Tệp có macro: hãy lưu thành .docx thường hoặc PDF. / It has macros: save as plain .docx or PDF.",
    Reason.ACTIVE: "PDF có mã chạy hoặc tệp đính kèm: hãy in lại ra PDF. / The PDF holds scripts or attachments.",
    Reason.ENTITIES: "Tệp có khai báo DOCTYPE/ENTITY, không nhận. / Document types are not taken.",
    Reason.EXTERNAL: "Tệp tải hình hoặc mẫu từ mạng: hãy lưu thành PDF. / It loads parts from the net: save as PDF.",
    Reason.TOO_HEAVY: "Tệp quá nặng, không kiểm tra được: hãy lưu lại thành PDF. / Too heavy to check: save as PDF.",
    Reason.NOT_ALLOWED: "Đợt này không nhận loại tệp này. / This kind of file is not taken here.",
}


def why_not(reason: str) -> str:
    """The sentence of a reason; the bare word when it is not known."""
    return NOT_TAKEN[Reason(reason)] if reason in Reason.__members__.values() else reason
