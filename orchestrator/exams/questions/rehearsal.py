"""The built-in paper of a rehearsal: five harmless questions that every site may open before the day."""

from orchestrator.exams.papers import Stored
from wire.ids import ItemId, OptionId
from wire.paper import Option

REHEARSAL_TITLE = "Thi thử: kiểm tra máy và đường truyền"
REHEARSAL_PIN = "123456"
"""Everybody's PIN in a rehearsal: no slips need be printed for it."""

_QUESTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "Đây là câu hỏi thử. Thầy cô hãy chọn phương án “Tôi thấy rõ câu hỏi này”.",
        ("Tôi thấy rõ câu hỏi này", "Chữ quá nhỏ", "Dấu tiếng Việt bị lỗi", "Tôi chưa thấy gì"),
    ),
    ("Một tuần lễ có bao nhiêu ngày?", ("Bảy ngày", "Năm ngày", "Sáu ngày", "Mười ngày")),
    ("Kết quả của phép tính 2² + √(9) là bao nhiêu?", ("7", "5", "11", "13")),
    (
        "Bảng sau cho biết số buổi tập huấn. Tháng nào nhiều buổi nhất?\nTháng | Số buổi\nMười | 4\nMười một | 6",
        ("Tháng mười một", "Tháng mười", "Hai tháng bằng nhau", "Không đủ dữ kiện"),
    ),
    (
        "Khi thấy dấu ✓ bên cạnh câu trả lời, thầy cô biết điều gì?",
        ("Câu trả lời đã được lưu tại trường", "Câu trả lời đúng", "Hết giờ làm bài", "Máy mất mạng"),
    ),
)
"""Text and options, the right one first: a paper shuffles them."""


def _stored(number: int, text: str, words: tuple[str, ...]) -> Stored:
    options = tuple(Option(OptionId(f"opt-rehearsal-{number}-{place}"), word) for place, word in enumerate(words))
    return Stored(ItemId(f"item-rehearsal-{number}"), text, options, options[0].id)


REHEARSAL_QUESTIONS = tuple(_stored(number, *asked) for number, asked in enumerate(_QUESTIONS, 1))
