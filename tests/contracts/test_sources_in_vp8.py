"""Sources of a centre whose rooms see VP8: an encoder and a film send H.264, and are converted."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.doubles.films import film, sending
from tests.doubles.source_day import source_day


async def test_where_rooms_see_vp8_an_encoder_and_a_film_are_converted_and_say_so(tmp_path: Path) -> None:
    async with source_day(tmp_path, {"DIEMCAU_MEDIA__VIDEO": "vp8"}) as day:
        made = await day.add(way="rtmp", name="OBS")
        with sending(f"{await day.rtmp_url()}/{made['key']}") as encoder:
            async with await day.viewer() as viewer:
                await viewer.see(200)
            told = await day.until_told(made["id"], lambda told: told["published"] and told["converted"])
            assert (told["passes"], told["converted"]) == (False, "centre_codec")
            await day.admin.delete(f"{day.path}/{made['id']}")
            await asyncio.to_thread(encoder.wait, 30)
        await day.until_off_air()
        content = film(tmp_path / "topic.mp4", brightness=120, seconds=25, size="160x90").read_bytes()
        clip = await day.send_film("topic.mp4", content)
        assert (clip["state"], clip["converted"]) == ("ready", "centre_codec")
        await day.order(await day.source_of(clip["id"]), "start")
        async with await day.viewer() as viewer:
            await viewer.see(120)
