"""What stands on paper: codes as the screen has them, answer sheets by their QR, slips that open their own site."""

import re
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from orchestrator.exams.model import Action, Exam
from orchestrator.exams.printed.layout import LETTERS
from orchestrator.exams.printed.slips import is_address
from orchestrator.readiness import store as readiness_store
from orchestrator.readiness.model import Held
from tests.doubles.exam_conductor import SITES, START, T0, Centre, S, conducting
from tests.doubles.paper_office import Asking, served
from tests.doubles.printed import codes, words
from wire.ids import EnrolmentId, SiteId
from wire.paper import Paper
from wire.readiness import Check, CheckName, CheckState

DESKS = {SITES[0]: "http://10.1.0.5:8766/", SITES[1]: "http://10.2.0.5:8766/"}
TYPED = "https://thi.example.vn/"
VOUCHER = re.compile(r"(?:[0-9A-Z]{4}-){6}[0-9A-Z]{4}")


@pytest.fixture
async def centre(tmp_path: Path) -> AsyncIterator[Centre]:
    async with conducting(tmp_path) as running:
        yield running


async def certified(centre: Centre, site: SiteId, checks: Sequence[Check], at_ns: int = START) -> None:
    """The site's computer has looked at itself."""
    enrolment = EnrolmentId(f"enr-{site}")
    held = Held(f"cert-{site}-{at_ns}", site, enrolment, at_ns, at_ns, None, "1", "linux", list(checks))
    await centre.database.write(lambda conn: readiness_store.insert_certificate(conn, held))


def phone(desk: str = "", note: str = "") -> Check:
    return Check(name=CheckName.PHONE, state=CheckState.WAITING, reason="not_tried", note=note, desk=desk)


async def sealed(centre: Centre) -> Exam:
    """Two sites have said where their desk is; the third is of an agent that tells only a bare address."""
    exam = await centre.ordered(await centre.planned(), Action.SEAL, Action.ARM)
    for site, desk in DESKS.items():
        await certified(centre, site, [phone("http://10.9.9.9:8766/")], START - S)
        await certified(centre, site, [phone(desk)])
    await certified(centre, SITES[2], [phone(note="10.3.0.5")])
    return exam


# --- slips -------------------------------------------------------------------------------------------------------


async def slips_of(ask: Asking, exam: Exam) -> dict[str, str]:
    """Number -> voucher, as the console lists them."""
    _, listed = await ask.get(f"/api/v1/exams/{exam.id}/vouchers")
    return {one["number"]: one["voucher"] for one in listed}


async def test_the_slips_of_all_sites_each_open_their_own_desk_and_no_code_leads_nowhere(centre: Centre) -> None:
    exam = await sealed(centre)
    async with served(centre) as ask:
        vouchers = await slips_of(ask, exam)
        _, printed = await ask.get(f"/api/v1/exams/{exam.id}/print/slips.pdf")
    first, second = (f"{desk}#v=" for desk in DESKS.values())
    assert codes(printed) == [
        {first + vouchers["0001"], first + vouchers["0002"]},
        {second + vouchers["0003"], second + vouchers["0004"]},
        set(),
    ]
    pages = words(printed)
    assert [VOUCHER.findall(page) for page in pages] == [
        [vouchers["0001"], vouchers["0002"]], [vouchers["0003"], vouchers["0004"]], [vouchers["0005"]],
    ]  # fmt: skip
    assert [desk in page for desk, page in zip(DESKS.values(), pages, strict=False)] == [True, True]
    assert "máy của phòng" in pages[2]


async def test_an_address_that_somebody_types_is_used_only_where_the_site_has_not_said_its_own(centre: Centre) -> None:
    exam = await sealed(centre)
    async with served(centre) as ask:
        vouchers = await slips_of(ask, exam)
        path = f"/api/v1/exams/{exam.id}/print"
        _, printed = await ask.get(f"{path}/slips.pdf?desk={TYPED}")
        assert codes(printed)[2] == {f"{TYPED}#v={vouchers['0005']}"}
        assert codes(printed)[0] == {f"{DESKS[SITES[0]]}#v={vouchers[number]}" for number in ("0001", "0002")}
        _, desks = await ask.get(f"{path}/desks")
        told = {one["site"]: one["address"] for one in desks}
        assert told == {SITES[0]: DESKS[SITES[0]], SITES[1]: DESKS[SITES[1]], SITES[2]: ""}
        assert (await ask.get(f"{path}/slips.pdf?desk=javascript:alert(1)"))[1]["code"] == "bad_request"


async def test_what_a_site_says_is_an_address_before_it_is_printed(centre: Centre) -> None:
    exam = await sealed(centre)
    await certified(centre, SITES[0], [phone("javascript:alert(1)//")], START + S)
    assert not is_address("javascript:alert(1)//")
    async with served(centre) as ask:
        _, desks = await ask.get(f"/api/v1/exams/{exam.id}/print/desks")
    assert desks[0] == {"site": SITES[0], "address": ""}


async def test_the_slips_on_the_screen_are_those_on_paper_site_by_site_and_part_by_part(centre: Centre) -> None:
    exam = await sealed(centre)
    async with served(centre) as ask:
        path = f"/api/v1/exams/{exam.id}/print"
        vouchers = await slips_of(ask, exam)
        _, shown = await ask.get(f"{path}/slips?site={SITES[1]}")
        assert [(one["number"], one["voucher"], one["desk"]) for one in shown] == [
            (number, vouchers[number], DESKS[SITES[1]]) for number in ("0003", "0004")
        ]
        assert all(one["qr"].startswith("<?xml") for one in shown)
        _, lone = await ask.get(f"{path}/slips?site={SITES[2]}")
        assert (lone[0]["desk"], lone[0]["qr"]) == ("", "")
        assert (await ask.get(f"{path}/slips?site={SITES[1]}", "op:operator"))[0] == 403
    async with served(centre, most_slips=1) as ask:
        assert (await ask.get(f"{path}/slips?site={SITES[1]}"))[1]["code"] == "too_many_slips"
        _, second = await ask.get(f"{path}/slips?site={SITES[1]}&part=2")
        assert [one["number"] for one in second] == ["0004"]
        assert (await ask.get(f"{path}/slips?site={SITES[1]}&part=x"))[1]["code"] == "bad_request"


# --- papers and answer sheets ------------------------------------------------------------------------------------


def printed_paper(text: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Question and lettered options, in the order in which they are set."""
    questions = re.split(r"Câu \d+\.\s+", text)[1:]
    read = []
    for each in questions:
        asked, *options = re.split(r"\s*\b([A-J])\.\s*", each.partition("— HẾT —")[0])
        pairs = list(zip(options[::2], options[1::2], strict=True))
        read.append((asked.strip(), [(letter, option.strip()) for letter, option in pairs]))
    return read


def on_screen(paper: Paper) -> list[tuple[str, list[tuple[str, str]]]]:
    """The same as the desk sends it, whose page letters the options in that order."""
    return [
        (item.text, list(zip(LETTERS, (option.text for option in item.options), strict=False))) for item in paper.items
    ]


async def test_a_printed_code_has_the_order_and_the_letters_of_the_screen(centre: Centre) -> None:
    exam = await centre.ordered(await centre.planned(), Action.SEAL, Action.ARM)
    for moment in (T0 - 60 * S, T0):
        await centre.at(moment)
    sealed_papers = {paper.digest: paper.sealed for paper in await centre.papers(exam)}
    site = centre.wires.sites[SITES[0]]
    read = {}
    async with served(centre) as ask:
        for code in ("101", "102"):
            _, printed = await ask.get(f"/api/v1/exams/{exam.id}/print/papers/{code}.pdf")
            text = "\n".join(words(printed))
            assert f"Mã đề {code}" in text
            read[code] = printed_paper(text)
            assert read[code] == on_screen(site.paper(code, sealed_papers.__getitem__)), code
    assert read["101"] != read["102"]
    assert len(read["101"]) == 8


async def test_an_answer_sheet_names_its_candidate_by_its_code_too(centre: Centre) -> None:
    exam = await centre.ordered(await centre.planned(), Action.SEAL, Action.ARM)
    async with served(centre) as ask:
        _, printed = await ask.get(f"/api/v1/exams/{exam.id}/print/sheets.pdf?site={SITES[0]}")
        _, blank = await ask.get(f"/api/v1/exams/{exam.id}/print/sheets.pdf")
    assert codes(printed) == [{f"DCS1 {exam.id} {SITES[0]} {number}"} for number in ("0001", "0002")]
    for number, code, page in zip(("0001", "0002"), ("101", "102"), words(printed), strict=True):
        assert f"=Thí sinh {number}" in page
        assert re.search(rf"MÃ ĐỀ\s+{code}\b", page)
    assert {frozenset(each) for each in codes(blank)} == {frozenset()}
