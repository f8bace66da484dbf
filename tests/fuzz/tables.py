"""Tables: sites and participants as offices fill them in, and responses for `diemcau exam stats`."""

import random
import warnings

import msgspec

from demo.province import make_province, workbook
from orchestrator.exams.matrix import Unreadable, items_of, read_key, read_matrix
from orchestrator.exams.statistics import statistics_of
from orchestrator.exams.stats_cli import as_text
from orchestrator.sites.importing import PARTICIPANT_COLUMNS, SITE_COLUMNS, Plan, plan_import
from orchestrator.sites.tables import UnreadableFile, read_tables
from orchestrator.sites.templates import template_csv, template_xlsx
from tests.doubles.answer_sheets import LSAT
from tests.fuzz.changes import changed, mutated

_SITES = (
    "Mã điểm cầu;Tên điểm cầu;Cấp học;Tỉnh/Thành phố;Số học viên;Điện thoại\n"
    "TH-001;Trường Tiểu học Hoa Sen;Tiểu học;Tỉnh Mẫu;42;0912345678\n"
    "TH-002;Trường “Sao Mai”;THCS;Tỉnh Mẫu;;\n"
)
_PEOPLE = 'STT,SBD,Họ tên,Mã,Cộng giờ\n1,HV01,Nguyễn Văn Bình,TH-001,15\n2,HV02,"Lê, Thị Mỹ",TH-001,\n'


class SiteTables:
    """XLSX with both tables, and CSV in the encodings that Vietnamese Excel writes."""

    name = "sites"

    def __init__(self) -> None:
        book = workbook(make_province(6, 30))
        texts = [text.encode(code) for text in (_SITES, _PEOPLE) for code in ("utf-8-sig", "utf-16")]
        blanks = [template_csv(SITE_COLUMNS), template_csv(PARTICIPANT_COLUMNS), template_xlsx()]
        self._corpus = [book, book, book, *texts, *blanks]

    def made(self, chance: random.Random) -> bytes:
        return mutated(chance, self._corpus)

    def take(self, content: bytes, chance: random.Random) -> str:
        try:
            tables = read_tables(content, chance.choice(("tinh.xlsx", "tinh.csv")))
        except UnreadableFile:
            return "unreadable"
        planned = plan_import(tables, {"TH-001"})
        if not isinstance(planned, Plan):
            return "refused row by row"
        msgspec.json.encode(planned)
        return "taken"

    def close(self) -> None:
        pass


_KEY = b"\n=== KEY ===\n"
"""Between the table of responses and the key that some come with; in a file that is kept too."""


class ResponseTables:
    """0 and 1, or letters with a key; every figure is worked out and printed both ways."""

    name = "stats"

    def __init__(self) -> None:
        marks = [",".join(pattern) for pattern, count in LSAT.items() for _ in range(1 + count // 40)]
        head = ",".join(f"Item {n}" for n in range(1, 6))
        letters = "sbd\tmã đề\tc1\tc2\tc3\n1\t101\tA\tB\t\n2\t102\tB\tB\tC\n3\t101\tA\tD\tC\n4\t102\tC\tB\tA\n"
        self._plain = ["\n".join([head, *marks]).encode(), "sbd;c1;c2\n1;1;0\n2;0;0\n3;1;1\n".encode("utf-8-sig")]
        self._keyed = [(letters.encode(), b"item,key\nc1,A\nc2,B|D\nc3,\n"), (letters.encode(), b"c1,c2,c3\nA,B,C\n")]

    def made(self, chance: random.Random) -> bytes:
        if chance.random() < 0.5:
            return changed(chance, chance.choice(self._plain), self._plain)
        table, key = chance.choice(self._keyed)
        corpus = [table, key, *self._plain]
        which = chance.randrange(3)
        table = changed(chance, table, corpus) if which != 0 else table
        return table + _KEY + (changed(chance, key, corpus) if which != 1 else key)

    def take(self, content: bytes, chance: random.Random) -> str:
        table, divided, key = content.partition(_KEY)
        try:
            accepted = read_key(key, items_of(table)) if divided else None
            responses = read_matrix(table, accepted)
        except Unreadable as fault:
            return "unreadable" if fault.faults else "UNTOLD"
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            found = statistics_of(responses)
        as_text(found).encode()
        msgspec.json.encode(found)
        return "taken"

    def close(self) -> None:
        pass
