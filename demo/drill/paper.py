"""Questions for a rehearsal: as long as real ones, and about nothing."""

from __future__ import annotations

import random

_ASKED = (
    "Khi tổ chức hoạt động {a} cho học sinh {b}, thầy cô nên ưu tiên cách làm nào sau đây để {c} mà vẫn bảo đảm {d}?",
    "Trong kế hoạch bài dạy về {a}, bước nào sau đây giúp học sinh {b} {c} rõ nhất, nếu lớp học cần {d}?",
    "Theo thầy cô, yếu tố nào quyết định việc {a} ở lớp {b} có thể {c}, trong điều kiện nhà trường phải {d}?",
)
_A = ("trải nghiệm", "đọc hiểu", "thảo luận nhóm", "tự học", "thực hành", "đánh giá đồng đẳng", "học qua dự án")
_B = ("đầu cấp", "cuối cấp", "vùng khó khăn", "có nhu cầu riêng", "học trực tuyến", "hai buổi một ngày")
_C = ("phát huy năng lực", "ghi nhớ lâu hơn", "tự kiểm tra mình", "hợp tác với bạn", "vận dụng vào đời sống")
_D = ("an toàn cho các em", "thời lượng đã định", "sự công bằng", "đúng chương trình", "sự tham gia của phụ huynh")
_WAYS = (
    "Giao nhiệm vụ theo nhóm nhỏ và quan sát từng em {c}",
    "Làm mẫu một lần rồi để học sinh {b} tự làm lại",
    "Cho học sinh chọn cách {a} phù hợp với mình",
    "Hỏi lại cả lớp về {a} trước khi chuyển sang phần sau",
    "Ghi nhận kết quả {a} vào hồ sơ học tập của từng em",
)


def gift(questions: int, seed: int = 1) -> str:
    """So many questions of four options as GIFT."""
    chance = random.Random(seed)
    return "\n\n".join(_question(number, chance) for number in range(1, questions + 1))


def _question(number: int, chance: random.Random) -> str:
    def words() -> dict[str, str]:
        return {"a": chance.choice(_A), "b": chance.choice(_B), "c": chance.choice(_C), "d": chance.choice(_D)}

    asked = chance.choice(_ASKED).format(**words())
    ways = [f"{way.format(**words())} (cách {letter}{number})" for way, letter in zip(_WAYS, "PQRS", strict=False)]
    right, *wrong = ways
    return f"::D{number}:: ({number}) {asked} {{\n={right}\n" + "\n".join(f"~{way}" for way in wrong) + "\n}"
