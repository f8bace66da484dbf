"""All statistics of a paper, and of an exam with the words of its questions. Pure."""

from collections.abc import Mapping, Sequence

import msgspec

from orchestrator.exams.codes import CodeComparison, CodeFigures, code_figures, comparisons
from orchestrator.exams.items import Extremes, ItemFigures, extremes, item_figures
from orchestrator.exams.marks import Key, Sheet
from orchestrator.exams.model import Exam, Stage
from orchestrator.exams.responses import Responses, from_sheets
from orchestrator.exams.results import OPENED
from orchestrator.exams.scores import PaperFigures, paper_figures
from wire.ids import ItemId, OptionId
from wire.paper import Paper


class Statistics(msgspec.Struct, frozen=True):
    """What the answers say of the questions. Counts of right answers, not marks; shares and correlations as
    fractions. `codes` and `comparisons` are empty when there is one code or none is known."""

    paper: PaperFigures
    extremes: Extremes
    items: list[ItemFigures]
    codes: list[CodeFigures]
    comparisons: list[CodeComparison]


class QuestionWords(msgspec.Struct, frozen=True):
    """A question as it was asked: `places` is its number under each code, from 1; options in the order shown in the
    first code."""

    text: str
    places: dict[str, int]
    options: dict[str, str]


class ExamStatistics(msgspec.Struct, frozen=True):
    """The statistics of an exam over all who opened the paper, items in the order of the first code. `left_out`: who
    opened another set of papers (a reserve at some sites only), which makes no one matrix with this."""

    exam: str
    title: str
    state: Stage
    key_version: int
    statistics: Statistics
    questions: dict[str, QuestionWords]
    left_out: int = 0


def statistics_of(responses: Responses) -> Statistics:
    """Everything that follows from the matrix."""
    several = len(set(responses.codes)) > 1
    return Statistics(
        paper=paper_figures(responses),
        extremes=extremes(responses),
        items=item_figures(responses),
        codes=code_figures(responses) if several else [],
        comparisons=comparisons(responses) if several else [],
    )


def exam_statistics(
    exam: Exam, key: Key, sheets: Mapping[str, Sheet], codes: Mapping[str, str], papers: Sequence[Paper]
) -> ExamStatistics:
    """From the sheets of all candidates, their codes, and the papers by code; those who never opened are left out."""
    asked = {item.id: item for paper in reversed(papers) for item in paper.items}
    order = dict.fromkeys(item.id for paper in papers for item in paper.items)
    options: dict[ItemId, Sequence[OptionId]] = {item: [each.id for each in asked[item].options] for item in order}
    opened = {number: sheet for number, sheet in sheets.items() if sheet.state in OPENED}
    numbered = [{item.id: place for place, item in enumerate(paper.items, 1)} for paper in papers]
    return ExamStatistics(
        exam=exam.id,
        title=exam.title,
        state=exam.stage,
        key_version=key.version,
        statistics=statistics_of(from_sheets(opened, codes, key, options)),
        questions={
            item: QuestionWords(
                text=asked[item].text,
                places={
                    paper.code: places[item] for paper, places in zip(papers, numbered, strict=True) if item in places
                },
                options={option.id: option.text for option in asked[item].options},
            )
            for item in order
        },
    )
