"""The uplink of one district fails: one alarm with its sites under it, gone by itself, told in order by the log."""

from __future__ import annotations

from pathlib import Path

from tests.doubles.linked_province import linked_province

DISTRICTS = {"Huyện Yên Hà": 8, "Huyện Phú Vân": 6, "Thị xã Bình Lâm": 6}
QUICK = {
    "DIEMCAU_PRESENCE__LATE_S": "1.2",
    "DIEMCAU_PRESENCE__SILENT_S": "2.5",
    "DIEMCAU_PRESENCE__UNKNOWN_S": "5",
}
RULES = {"grace_s": 0, "clear_s": 0.5, "settle_s": 20, "delays": {"away": {"together_s": 1.5, "alone_s": 6}}}


async def test_a_district_without_its_uplink_is_one_alarm_that_clears_by_itself(tmp_path: Path) -> None:
    async with linked_province(tmp_path, DISTRICTS, QUICK, heartbeat_s=0.4) as province:
        told = await province.admin.get("/api/v1/alarms/rules")
        changed = {"version": told["version"], "rules": {**told["rules"], **RULES}}
        await province.admin.put("/api/v1/alarms/rules", changed)
        # Whoever waited for a site when the grace ended would have its own alarm: begin with a quiet wall.
        await province.until(lambda: not province.alarms, "a quiet wall", 20)
        province.lines["Huyện Yên Hà"].stall()
        await province.until(lambda: [len(each["sites"]) for each in province.alarms] == [8], "one alarm of 8", 20)
        (alarm,) = province.alarms
        assert (alarm["trouble"], alarm["scope"], alarm["name"], alarm["of"]) == ("away", "district", "Huyện Yên Hà", 8)
        await province.admin.post(f"/api/v1/alarms/{alarm['id']}/taken", {"for_s": 600, "word": "gọi VNPT"})
        province.lines["Huyện Yên Hà"].flow()
        await province.until(lambda: not province.alarms, "the end of the alarm", 45)
        log = await province.admin.get("/api/v1/alarms/log?district=Huy%E1%BB%87n%20Y%C3%AAn%20H%C3%A0")
        mine = [line for line in log["lines"] if line["alarm"] == alarm["id"]]
        kinds = [line["kind"] for line in mine]
        assert kinds[0] == "raised"
        assert kinds[-1] == "cleared"
        assert "acknowledged" in kinds
        assert [line["at_ms"] for line in mine] == sorted(line["at_ms"] for line in mine)
        printed = await province.admin.download("/api/v1/alarms/log.pdf")
        assert printed.startswith(b"%PDF")
        sheet = await province.admin.download("/api/v1/alarms/log.csv")
        assert "gọi VNPT" in sheet.decode("utf-8-sig")
        assert sheet.startswith(b"\xef\xbb\xbf")
        site = alarm["sites"][0]
        past = (await province.admin.get(f"/api/v1/alarms?site={site}"))["past"]
        assert [(each["id"], each["cleared_ms"] is not None) for each in past] == [(alarm["id"], True)]
