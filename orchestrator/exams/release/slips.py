"""The slip of an officer on paper: shares in large groups, a QR code of each, what to do with them."""

import io
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from pathlib import Path

import segno

from orchestrator.exams.model import Exam
from orchestrator.exams.release_store import RELEASE, RESERVE, Officer
from orchestrator.printing.sheets import pdf

TEMPLATE = Path(__file__).parent / "templates" / "slip.typ"
_HANOI = timezone(timedelta(hours=7))
_TITLES = {RELEASE: "Mã mở ĐỀ CHÍNH", RESERVE: "Mã mở ĐỀ DỰ BỊ — chỉ dùng khi có lệnh"}


async def slip_pdf(exam: Exam, officer: Officer, shares: Mapping[str, str]) -> bytes:
    """One page; `shares` are spelled, by kind."""
    starts = datetime.fromtimestamp(exam.t0_ns / 1e9, _HANOI)
    told = {
        "exam": exam.title,
        "starts": f"{starts:%H:%M ngày %d/%m/%Y}",
        "from_minutes": round(exam.plan.officers_lead_s / 60),
        "place": officer.place,
        "name": officer.name,
        "phone": officer.phone,
        "shares": [
            {"title": _TITLES[kind], "groups": shares[kind].split("-"), "image": f"{kind}.svg"}
            for kind in (RELEASE, RESERVE)
            if kind in shares
        ],
    }
    return await pdf(TEMPLATE, told, {f"{kind}.svg": _qr(text) for kind, text in shares.items()})


def _qr(text: str) -> bytes:
    drawn = io.BytesIO()
    segno.make_qr(text, error="m").save(drawn, kind="svg", border=2)
    return drawn.getvalue()
