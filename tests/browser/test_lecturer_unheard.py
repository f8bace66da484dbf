"""A lecturer on air whose microphone gives nothing, or hardly anything, is told so, and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.doubles.axe import serious_faults
from tests.doubles.browsers import chromium, page_of
from tests.doubles.grounds import WIDE, in_both_grounds
from tests.doubles.lecture_centre import lecture_centre
from tests.doubles.studio_browsers import go_on_air

UP_MS = 60_000
VOICE = """
() => {
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async wish => {
    const given = await ask(wish);
    if (!wish.audio) return given;
    const [track] = given.getTracks();
    const context = new AudioContext();
    const [tone, out] = [context.createOscillator(), context.createMediaStreamDestination()];
    window.voice = new GainNode(context, { gain: 0 });
    tone.connect(window.voice).connect(out);
    tone.start();
    out.stream.getTracks()[0].getSettings = () => track.getSettings();
    return out.stream;
  };
}
"""
"""A microphone whose loudness a test sets."""
SILENT, FAINT, SPEECH = 0.0, 0.003, 0.3
UNHEARD = "KHÔNG PHÒNG NÀO NGHE THẤY THẦY/CÔ"
QUESTION = "Micro này có đúng không?"


@pytest.mark.timeout(240)
async def test_a_dead_or_faint_microphone_is_told_and_a_good_or_muted_one_is_not(tmp_path: Path) -> None:
    async with lecture_centre(tmp_path) as centre, chromium() as browser, page_of(browser, WIDE) as page:
        await page.add_init_script(f"({VOICE})()")
        await go_on_air(page, (await centre.link())["address"])
        unheard, question = page.get_by_role("alert").filter(has_text=UNHEARD), page.get_by_text(QUESTION)

        await expect(unheard).to_contain_text("hoặc chọn micro khác", timeout=UP_MS)
        await expect(page.get_by_label("Chọn micro khác")).to_be_visible()
        assert await in_both_grounds(page, "lecturer-unheard") == []
        await page.set_viewport_size(WIDE)

        await page.get_by_role("button", name="Tắt micro").click()
        await expect(page.get_by_text("MICRO ĐANG TẮT")).to_be_visible()
        await expect(unheard).to_have_count(0)
        await page.get_by_role("button", name="Bật lại micro").click()
        await speak(page, FAINT)
        await expect(question).to_be_visible(timeout=UP_MS)
        await expect(unheard).to_have_count(0)
        assert await in_both_grounds(page, "lecturer-faint") == []

        await speak(page, SPEECH)
        await expect(question).to_have_count(0)
        await speak(page, SILENT)
        await expect(unheard).to_be_visible(timeout=UP_MS)
        await centre.admin.post(f"/api/v1/sessions/{centre.session}/air", {"order": "slate"})
        await expect(unheard).to_have_count(0)
        assert await serious_faults(page) == []


async def speak(page: Page, gain: float) -> None:
    await page.evaluate("gain => (window.voice.gain.value = gain)", gain)
