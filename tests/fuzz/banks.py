"""Files of questions in every format that a bank comes in."""

import random
from pathlib import Path

from orchestrator.exams.bank import checked
from orchestrator.exams.bank_export import docx, xlsx
from orchestrator.exams.formats import FORMATS, parse
from orchestrator.exams.lint import lint
from tests.doubles import word_files as made
from tests.fuzz.changes import mutated

_DEMO = Path(__file__).parents[2] / "demo/bank/dao_tao.gift"
_AIKEN = "Thủ đô?\nA) Huế\nB) Hà Nội\nANSWER: B\n\nHai?\nA. 1\nB. 2\nC. 3\nANSWER: B\n"


class Banks:
    """GIFT, Aiken, QTI, XLSX, Word; mostly as whoever does not name the format."""

    name = "bank"

    def __init__(self) -> None:
        self._corpus = seeds()

    def made(self, chance: random.Random) -> bytes:
        return mutated(chance, self._corpus)

    def take(self, content: bytes, chance: random.Random) -> str:
        parsed = parse(content, "auto" if chance.random() < 0.7 else chance.choice(FORMATS[1:]))
        lint(parsed.questions)
        for question in parsed.questions:
            checked(question).letter.encode()
        return "taken" if parsed.questions else "refused item by item"

    def close(self) -> None:
        pass


def seeds() -> list[bytes]:
    """One good file or more of each format."""
    demo = _DEMO.read_bytes()
    questions = parse(demo).questions
    numbered = made.word(
        *(made.paragraph("x", properties=made.LIST.format(level)) for level in (0, 1, 1)), numbering=made.NUMBERING
    )
    table = made.word(
        "Câu 1. A?", "A. 1\tB. 2", made.table(("1-A", "2-B")), made.paragraph("<m:oMath><m:f/></m:oMath>")
    )
    rows = made.cells(1, *made.HEADINGS) + made.cells(2, "A?", "1", "<c><v>2</v></c>", "", "", "A")
    return [
        demo, _AIKEN.encode(), docx(questions), xlsx(questions), numbered, table, made.excel(rows),
        made.qti_item(made.CHOICES).encode(), made.QTI3.encode(),
        made.qti_package({"a.xml": made.qti_item(made.CHOICES), "b.xml": made.QTI3}),
    ]  # fmt: skip
