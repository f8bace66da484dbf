"""An exam that is sealed and that nobody has armed is an alarm when its time is near, until somebody does."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.doubles.opening_centre import Province, province
from tests.doubles.small_day import until_told

pytestmark = pytest.mark.timeout(240)
LIMIT_S = 90.0
"""Either change is held back for 20 s."""


async def test_an_alarm_tells_of_a_sealed_exam_whose_time_is_near(tmp_path: Path) -> None:
    async with province(tmp_path, 1) as day:
        late = await day.exam([0], 20 * 60, duration_s=600, release_lead_s=30.0, armed=False)
        await day.exam([0], 40 * 60, duration_s=600, release_lead_s=30.0, armed=False)

        async def one() -> bool:
            return await told(day) == [("unarmed", late["title"], 3)]

        await until_told(one, "the alarm", LIMIT_S)
        await day.admin.post(f"/api/v1/exams/{late['id']}/orders", {"order": "arm"})

        async def none() -> bool:
            return await told(day) == []

        await until_told(none, "the alarm's end", LIMIT_S)


async def told(day: Province) -> list[tuple[str, str, int]]:
    alarms = (await day.admin.get("/api/v1/alarms"))["standing"]
    return [(each["trouble"], each["name"], each["severity"]) for each in alarms if each["trouble"] == "unarmed"]
