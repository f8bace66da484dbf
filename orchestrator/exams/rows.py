"""Results and statistics as tables with Vietnamese headings: what the workbook and the CSV write. Pure."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import msgspec

from orchestrator.exams.codes import CodeNote
from orchestrator.exams.distractors import OptionNote
from orchestrator.exams.items import ItemNote
from orchestrator.exams.marks import CandidateState
from orchestrator.exams.results import FEW, CandidateResult, Group, Results
from orchestrator.exams.statistics import ExamStatistics, QuestionWords

STATE_WORDS = {
    CandidateState.ABSENT: "Vắng",
    CandidateState.NOT_OPENED: "Không mở đề",
    CandidateState.NO_ANSWER: "Không trả lời",
    CandidateState.WRITING: "Chưa kết thúc",
    CandidateState.CLOSED: "Hết giờ",
    CandidateState.HANDED_IN: "Đã nộp",
    CandidateState.CONFLICT: "Cần xem xét",
}
LEVEL_WORDS = {"mam_non": "Mầm non", "tieu_hoc": "Tiểu học", "thcs": "THCS", "thpt_gdtx": "THPT-GDTX"}
ITEM_WORDS = {
    ItemNote.VOID: "Không tính điểm",
    ItemNote.HARD: "Quá khó",
    ItemNote.EASY: "Quá dễ",
    ItemNote.WEAK: "Phân biệt kém",
    ItemNote.NEGATIVE: "Phân biệt ngược",
    ItemNote.KEY_DOUBT: "Cần xem lại đáp án",
}
OPTION_WORDS = {OptionNote.RARE: "Ít người chọn", OptionNote.ABOVE_KEY: "Người chọn giỏi hơn người chọn đúng"}
SETTLED_WORDS = {
    "conflict": "Điểm cầu có mâu thuẫn",
    "silent": "Điểm cầu chưa có tin",
    "partial": "Điểm cầu thiếu dữ liệu",
    "never_opened": "Điểm cầu không mở đề",
    "protocol": "Điểm cầu kết thúc theo biên bản",
    "complete": "Điểm cầu đã đủ",
}
AGAINST_WORDS = {"above": "Cao hơn", "below": "Thấp hơn", "alike": "Không khác rõ"}
CODE_WORDS = {CodeNote.EASIER: "Dễ hơn", CodeNote.HARDER: "Khó hơn"}
_FIGURES = (
    "Đăng ký", "Có mặt", "Nộp bài", "Đã nhận", "Điểm trung bình", "Từ (95 %)", "Đến (95 %)", "Trung vị",
    "Độ lệch chuẩn", "Tứ phân vị 1", "Tứ phân vị 3",
)  # fmt: skip
_PAPER = (
    "Thí sinh mở đề", "Số câu", "Số câu đúng trung bình", "Trung vị", "Độ lệch chuẩn", "Ít nhất", "Nhiều nhất",
    "Tứ phân vị 1", "Tứ phân vị 3", "Độ lệch (skewness)", "Độ nhọn (kurtosis)", "KR-20", "KR-21", "Tỉ lệ sai số",
    "Sai số chuẩn (SEM)",
)  # fmt: skip
_ITEM = (
    "facility", "discrimination", "efficiency", "point_biserial", "biserial", "upper", "lower", "upper_lower",
    "effective_weight", "alpha_without", "sd",
)  # fmt: skip
_DECIMALS = 4

Cell: TypeAlias = str | int | float | None
Row: TypeAlias = tuple[Cell, ...]


class Table(msgspec.Struct, frozen=True):
    """A sheet: heading, rows, and the width of the first columns in characters; `heads` stand above, the first as the
    title of the form; `grey` are the rows of too few people."""

    title: str
    headings: tuple[str, ...]
    rows: list[Row]
    widths: tuple[int, ...]
    heads: tuple[str, ...] = ()
    decimals: int = 2
    grey: frozenset[int] = frozenset()


def result_tables(results: Results) -> list[Table]:
    """Summary, districts, places, levels, codes, sites, candidates."""
    levels = [msgspec.structs.replace(level, name=LEVEL_WORDS.get(level.key, level.key)) for level in results.levels]
    return [
        Table("Tổng hợp", ("Mục", "Giá trị"), _summary(results), (44, 30), _heads(results, "TỔNG HỢP KẾT QUẢ")),
        _groups(results, "Theo địa bàn", "KẾT QUẢ THEO ĐỊA BÀN", results.places),
        _groups(results, "Theo cấp học", "KẾT QUẢ THEO CẤP HỌC", levels),
        _groups(results, "Theo mã đề", "KẾT QUẢ THEO MÃ ĐỀ", results.codes),
        _groups(results, "Theo điểm cầu", "KẾT QUẢ THEO ĐIỂM CẦU", results.sites),
        candidate_table(results),
    ]


def standing_line(results: Results) -> str:
    """Whether these results may still change, and of how many they are."""
    word = "Kết quả TẠM THỜI" if results.provisional else "Kết quả đầy đủ"
    again = f"; đã chấm lại lần {results.published}" if results.published > 1 else ""
    return f"{word}: đã nhận {results.received}/{results.expected} thí sinh{again}"


def _heads(results: Results, form: str) -> tuple[str, ...]:
    return (form, results.title, standing_line(results))


def _groups(results: Results, title: str, form: str, groups: Sequence[Group]) -> Table:
    headings = ("Mã", "Tên", *_FIGURES, *(one.name for one in results.bands), "Đạt", "So với toàn tỉnh")
    rows = [_group(row, results) for row in groups]
    grey = frozenset(place for place, row in enumerate(groups) if row.few)
    note = f"Dòng màu xám: dưới {FEW} người mở đề, không dùng để so sánh. Khoảng tin cậy 95 %."
    return Table(title, headings, rows, (30, 34), (*_heads(results, form), note), grey=grey)


def candidate_table(results: Results) -> Table:
    """Everybody, as the results list them."""
    headings = (
        "Số báo danh", "Họ và tên", "Điểm cầu", "Mã đề", "Số câu đúng", "Điểm", "Xếp loại", "Trạng thái",
        "Trả lời muộn", "Mã biên nhận",
    )  # fmt: skip
    names = {one.key: one.name for one in results.bands}
    rows = [_candidate(row, names) for row in results.candidates]
    heads = _heads(results, "DANH SÁCH KẾT QUẢ")
    return Table("Danh sách", headings, rows, (14, 30, 12, 8, 12, 8, 14, 16, 12, 16), heads)


def statistics_tables(told: ExamStatistics) -> list[Table]:
    """The paper, its items, their options, and the codes when there are several."""
    codes = sorted({code for question in told.questions.values() for code in question.places})
    tables = [_items(told, codes), _options(told, codes), _paper(told)]
    return [*tables, _codes(told)] if told.statistics.comparisons else tables


def _analysis(
    told: ExamStatistics, title: str, headings: tuple[str, ...], rows: list[Row], widths: tuple[int, ...]
) -> Table:
    heads = (title.upper(), told.title, f"Đáp án bản {told.key_version}; tính trên mọi thí sinh đã mở đề")
    return Table(title, headings, rows, widths, heads, decimals=_DECIMALS)


def _items(told: ExamStatistics, codes: Sequence[str]) -> Table:
    headings = (
        *(f"Câu ({code})" for code in codes), "Nội dung", "Độ khó (tỉ lệ đúng)", "Độ phân biệt", "Hiệu quả phân biệt",
        "Point-biserial", "Biserial", "27 % cao", "27 % thấp", "Chênh lệch", "Trọng số thực", "KR-20 nếu bỏ câu",
        "Độ lệch chuẩn", "Số người trả lời", "Lưu ý",
    )  # fmt: skip
    rows = [
        (
            *_places(told.questions[one.item], codes),
            told.questions[one.item].text,
            *(_rounded(getattr(one, name)) for name in _ITEM),
            one.answered,
            "; ".join(ITEM_WORDS[note] for note in one.notes),
        )
        for one in told.statistics.items
    ]
    return _analysis(told, "Phân tích câu hỏi", headings, rows, (*(11 for _ in codes), 60))


def _options(told: ExamStatistics, codes: Sequence[str]) -> Table:
    headings = (f"Câu ({codes[0]})", "Phương án", "Nội dung", "Đáp án", "Số người chọn", "Tỉ lệ",
                "Trung bình các câu khác", "Lưu ý")  # fmt: skip
    rows = [
        (
            *_places(told.questions[one.item], codes[:1]),
            chr(ord("A") + at),
            told.questions[one.item].options[option.option],
            "✓" if option.key else None,
            option.count,
            _rounded(option.share),
            _rounded(option.mean_rest),
            "; ".join(OPTION_WORDS[note] for note in option.notes),
        )
        for one in told.statistics.items
        for at, option in enumerate(one.options)
    ]
    return _analysis(told, "Phương án", headings, rows, (11, 10, 60))


def _paper(told: ExamStatistics) -> Table:
    paper = msgspec.structs.astuple(told.statistics.paper)
    rows: list[Row] = [(word, _rounded(value)) for word, value in zip(_PAPER, paper, strict=True)]
    cut = told.statistics.extremes
    rows.append(("Cỡ nhóm 27 %", cut.size))
    rows.append(("Bằng điểm nhưng ngoài nhóm cao / thấp", f"{cut.upper_ties} / {cut.lower_ties}"))
    rows += [
        (f"Mã đề {code.code}: thí sinh; trung bình; độ lệch chuẩn", code.candidates, _rounded(code.mean),
         _rounded(code.sd))
        for code in told.statistics.codes
    ]  # fmt: skip
    rows += [
        (f"Mã {one.code} so với {one.against}: chênh lệch; t; bậc tự do; p; d", *map(_rounded, (
            one.difference, one.t, one.df, one.p, one.d)))
        for one in told.statistics.comparisons
    ]  # fmt: skip
    return _analysis(told, "Đề thi", ("Mục", "Giá trị", "", "", "", ""), rows, (52, 14))


def _codes(told: ExamStatistics) -> Table:
    headings = (
        "Mã đề", "So với", "Câu (mã đề)", "Câu (so với)", "Tỉ lệ đúng", "Tỉ lệ đúng (so với)", "Tỉ số chênh (MH)",
        "Delta (ETS)", "Khi bình phương", "p", "Lưu ý",
    )  # fmt: skip
    rows = [
        (
            one.code,
            one.against,
            *_places(told.questions[item.item], (one.code, one.against)),
            *map(_rounded, (item.facility, item.facility_against, item.odds_ratio, item.delta, item.chi_square)),
            item.p,
            CODE_WORDS[item.note] if item.note else None,
        )
        for one in told.statistics.comparisons
        for item in one.items
    ]
    return _analysis(told, "So sánh mã đề", headings, rows, (10, 10, 12, 12))


def _places(question: QuestionWords, codes: Sequence[str]) -> tuple[int | None, ...]:
    return tuple(question.places.get(code) for code in codes)


def _summary(results: Results) -> list[Row]:
    names = [one.name for one in results.bands]
    overall = _group(results.overall, results)
    rows: list[Row] = [
        ("Kỳ thi", results.title),
        ("Tình trạng kết quả", "Tạm thời" if results.provisional else "Đầy đủ"),
        ("Đã nhận / đăng ký", f"{results.received}/{results.expected}"),
        ("Số câu tính điểm", results.maximum),
        ("Bản đáp án", results.key_version),
        ("Lần công bố", results.published or None),
        *zip((*_FIGURES, *names, "Đạt"), overall[2:-1], strict=True),
    ]
    return rows + [(SETTLED_WORDS.get(state, state), count) for state, count in results.settled.items()]


def _group(row: Group, results: Results) -> Row:
    told = (row.registered, row.present, row.submitted, row.received, row.mean, row.low, row.high, row.median, row.sd,
            row.q1, row.q3)  # fmt: skip
    compared = AGAINST_WORDS.get(row.against or "") if row.opened >= FEW else None
    return (row.key, row.name, *told, *(row.bands.get(one.key, 0) for one in results.bands), row.passed, compared)


def _candidate(row: CandidateResult, names: Mapping[str, str]) -> Row:
    worded = names.get(row.band, row.band) if row.band else None
    return (
        row.number, row.name, row.site, row.code, row.correct, row.mark, worded, STATE_WORDS[row.state], row.late,
        row.receipt,
    )  # fmt: skip


def _rounded(value: float | None) -> float | None:
    return value if value is None or isinstance(value, int) else round(value, _DECIMALS)
