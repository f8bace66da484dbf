import csv
import io

from orchestrator.exams.marks import CandidateState
from orchestrator.exams.model import Exam, Stage
from orchestrator.exams.results import Results, results
from orchestrator.exams.results_csv import results_csv
from orchestrator.exams.store import MarkRow
from wire.ids import ExamId, SiteId
from wire.paper import Plan


def told() -> Results:
    site = SiteId("site-a")
    exam = Exam(ExamId("exam-1"), "Thi", Stage.MARKED, 5, 10**18, 600, Plan(), 8, 1, (site,), b"s" * 32, 0)
    rows = [
        MarkRow("0001", site, 'Nguyễn "Bé", Ba', "101", 5, 8, CandidateState.HANDED_IN, 0, bytes(32)),
        MarkRow("0002", site, "=1+1", "102", 0, 8, CandidateState.ABSENT, 0, bytes(32)),
    ]
    return results(exam, rows, (), [])


def test_the_file_begins_with_a_byte_order_mark_and_reads_back() -> None:
    content = results_csv(told())
    assert content.startswith(b"\xef\xbb\xbf")
    heading, first, second = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    assert heading[:6] == ["Số báo danh", "Họ và tên", "Điểm cầu", "Mã đề", "Số câu đúng", "Điểm"]
    assert first[:8] == ["0001", 'Nguyễn "Bé", Ba', "site-a", "101", "5", "6,25", "Trung bình", "Đã nộp"]
    assert second[5:8] == ["", "", "Vắng"]


def test_a_name_is_never_a_formula() -> None:
    assert "'=1+1" in results_csv(told()).decode("utf-8-sig")
