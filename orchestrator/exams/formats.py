"""Which reader a file of questions needs."""

import re
from collections.abc import Callable

import msgspec

from orchestrator.errors import Refused
from orchestrator.exams.aiken import parse_aiken
from orchestrator.exams.bank import Parsed
from orchestrator.exams.gift import parse_gift
from orchestrator.exams.importing.bank_sheet import parse_xlsx
from orchestrator.exams.importing.docx import parse_docx
from orchestrator.exams.importing.package import MOST_BYTES, Package, UnreadableFile
from orchestrator.exams.importing.qti import MANIFEST, parse_qti

FORMATS = ("auto", "gift", "aiken", "qti", "docx", "xlsx")
_BINARY: dict[str, Callable[[bytes], Parsed]] = {"qti": parse_qti, "docx": parse_docx, "xlsx": parse_xlsx}
_SIGNS = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "qti": MANIFEST}
_ANSWER_LINE = re.compile(r"^ANSWER:[ \t]*[A-Z][ \t]*$", re.IGNORECASE | re.MULTILINE)
_QTI_ROOT = re.compile(
    rb"<(?:[\w.-]{1,40}:)?(qti-assessment-(item|test)|assessment(Item|Test)|questestinterop|manifest)[\s>]"
)
_OTHER_FILES = (
    (b"\xd0\xcf\x11\xe0", "Tệp .doc/.xls kiểu cũ hoặc có mật khẩu: hãy lưu lại thành .docx hoặc .xlsx, bỏ mật khẩu."),
    (b"%PDF", "Tệp PDF không đọc được thành câu hỏi: hãy nhập tệp Word."),
    (b"{\\rtf", "Tệp RTF chưa được nhận: hãy lưu lại thành .docx."),
)


def parse(content: bytes, question_format: str = "auto") -> Parsed:
    """All questions and refusals of a file; raises `Refused` when it cannot be read or the format is unknown."""
    if question_format not in FORMATS:
        raise Refused("unknown_format", f"Định dạng {question_format!r} không có. / Formats: {', '.join(FORMATS)}.")
    try:
        found = detected(content) if question_format == "auto" else question_format
        reader = _BINARY.get(found)
        return _from(found, reader(content)) if reader is not None else _parse_text(content, found)
    except UnreadableFile as fault:
        raise Refused("unreadable_file", f"{fault} / The file cannot be read.") from fault


def detected(content: bytes) -> str:
    """The format by content, never by name: `text` for GIFT or Aiken. Raises `UnreadableFile`."""
    if len(content) > MOST_BYTES:
        raise UnreadableFile(f"Tệp lớn hơn {MOST_BYTES >> 20} MiB.")
    for sign, sentence in _OTHER_FILES:
        if content.startswith(sign):
            raise UnreadableFile(sentence)
    if content.startswith(b"PK"):
        package = Package(content)
        for name, part in _SIGNS.items():
            if part in package:
                return name
        raise UnreadableFile("Tệp nén này không phải là Word, Excel hay gói QTI.")
    # UTF-16 is seen through by leaving its zeros out.
    start = content[:8192].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return "qti" if start.startswith(b"<") and _QTI_ROOT.search(start) else "text"


def _parse_text(content: bytes, question_format: str) -> Parsed:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = content[: fault.start].count(b"\n") + 1
        raise Refused("not_utf8", f"Dòng {line} không phải UTF-8. / Line {line} is not UTF-8.", line=line) from fault
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    aiken = question_format == "aiken" or (question_format == "text" and _looks_like_aiken(text))
    return _from("aiken", parse_aiken(text)) if aiken else _from("gift", parse_gift(text))


def _from(source: str, parsed: Parsed) -> Parsed:
    return msgspec.structs.replace(parsed, source=source)


def _looks_like_aiken(text: str) -> bool:
    return bool(_ANSWER_LINE.search(text)) and not re.search(r"(?<!\\)[{]\s*[~=]", text)
