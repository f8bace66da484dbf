"""Which reader a file of questions needs."""

import re

from orchestrator.errors import Refused
from orchestrator.exams.aiken import parse_aiken
from orchestrator.exams.bank import Parsed
from orchestrator.exams.gift import parse_gift

FORMATS = ("auto", "gift", "aiken")
_ANSWER_LINE = re.compile(r"^ANSWER:\s*[A-Z]\s*$", re.IGNORECASE | re.MULTILINE)


def parse(content: bytes, question_format: str = "auto") -> Parsed:
    """All questions and refusals of a file; raises `Refused` when it is no text or the format is unknown."""
    if question_format not in FORMATS:
        raise Refused("unknown_format", f"Định dạng {question_format!r} không có. / Formats: {', '.join(FORMATS)}.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = content[: fault.start].count(b"\n") + 1
        raise Refused("not_utf8", f"Dòng {line} không phải UTF-8. / Line {line} is not UTF-8.", line=line) from fault
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    aiken = question_format == "aiken" or (question_format == "auto" and _looks_like_aiken(text))
    return parse_aiken(text) if aiken else parse_gift(text)


def _looks_like_aiken(text: str) -> bool:
    return bool(_ANSWER_LINE.search(text)) and not re.search(r"(?<!\\)[{]\s*[~=]", text)
