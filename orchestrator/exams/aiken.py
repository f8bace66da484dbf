"""Reads the Aiken format: a stem, lettered options, `ANSWER: X` (https://docs.moodle.org/en/Aiken_format)."""

import re

from orchestrator.exams.bank import ItemRefused, Parsed, Question, Refusal, checked

_OPTION = re.compile(r"([A-Z])[.)]\s+(.*)")
_ANSWER = re.compile(r"ANSWER:\s*([A-Z])\s*", re.IGNORECASE)


def parse_aiken(text: str) -> Parsed:
    """All questions of an Aiken file, and all refusals; never raises."""
    questions: list[Question] = []
    refused: list[Refusal] = []
    for line, item in _items(text):
        try:
            questions.append(checked(_question(line, item)))
        except ItemRefused as reason:
            refused.append(Refusal(line, str(reason)))
    return Parsed(tuple(questions), tuple(refused))


def _items(text: str) -> list[tuple[int, list[str]]]:
    """Lines up to and with each ANSWER; a blank line before it ends the item too."""
    items: list[tuple[int, list[str]]] = []
    current: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            if not current:
                items.append((number, current))
            current.append(line.strip())
        if not line.strip() or _ANSWER.fullmatch(line.strip()):
            current = []
    return items


def _question(line: int, item: list[str]) -> Question:
    if not (found := _ANSWER.fullmatch(item[-1])):
        raise ItemRefused("thiếu dòng ANSWER:")
    stem: list[str] = []
    options: list[list[str]] = []
    for written in item[:-1]:
        option = _OPTION.fullmatch(written)
        if option and option[1] == chr(ord("A") + len(options)):
            options.append([option[2].strip()])
        elif options:
            options[-1].append(written)
        else:
            stem.append(written)
    right = ord(found[1].upper()) - ord("A")
    if right >= len(options):
        raise ItemRefused(f"ANSWER: {found[1]} không chỉ vào phương án nào")
    texts = tuple(" ".join(option) for option in options)
    return Question(line, "", "", "plain", " ".join(stem), texts, right)
