"""The drawn slides of the demonstration lecture: Vietnamese text, a clock, a frame counter, something that moves.

The text needs a font with Vietnamese letters. Without one on the computer the slides are drawn in Pillow's own font,
which knows Latin letters only, and the marks are left out rather than shown as boxes.
"""

import functools
import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

BOLD_FONTS = ("NotoSans-Bold.ttf", "DejaVuSans-Bold.ttf", "LiberationSans-Bold.ttf", "arialbd.ttf", "segoeuib.ttf")
PLAIN_FONTS = ("NotoSans-Regular.ttf", "DejaVuSans.ttf", "LiberationSans-Regular.ttf", "arial.ttf", "segoeui.ttf")
PAPER, INK, ACCENT, QUIET, BAND = "#f6f3ea", "#12263a", "#b3261e", "#5b6b79", "#12263a"
DRAWN_HEIGHT = 720
"""Heights below are in pixels of a 720-line picture and are scaled to the real one."""

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


@dataclass(frozen=True, slots=True)
class Slide:
    """One slide: a heading and a few short lines."""

    heading: str
    lines: tuple[str, ...]


SLIDES = (
    Slide(
        "Bồi dưỡng thường xuyên",
        (
            "Đổi mới kiểm tra, đánh giá học sinh",
            "Dành cho giáo viên các cấp học",
            "Chào mừng quý thầy cô tại các điểm cầu",
        ),
    ),
    Slide(
        "Nội dung buổi sáng",
        ("1. Mục tiêu và yêu cầu cần đạt", "2. Xây dựng ma trận đề", "3. Thảo luận và điểm danh tại điểm cầu"),
    ),
    Slide(
        "Ví dụ: ma trận một đề kiểm tra",
        (
            "Nhận biết 40 %   ·   Thông hiểu 30 %",
            "Vận dụng 20 %   ·   Vận dụng cao 10 %",
            "Câu hỏi: gửi qua ban tổ chức điểm cầu",
        ),
    ),
)


class SlidePainter:
    """Paints frame after frame of the slides; the still part of a slide is drawn once.

    width and height are in pixels; seconds is the length of the loop, shared equally by the slides.
    """

    def __init__(self, width: int, height: int, fps: int, seconds: int, lecturer: str) -> None:
        self._size = (width, height)
        self._scale = height / DRAWN_HEIGHT
        self._fps = fps
        self._frames = fps * seconds
        self._bold = first_font(BOLD_FONTS)
        self._plain = first_font(PLAIN_FONTS)
        self._stills = [self._still(slide, lecturer) for slide in SLIDES]

    def frame(self, index: int) -> Image.Image:
        """The RGB picture of frame `index` of the loop."""
        per_slide = math.ceil(self._frames / len(self._stills))
        picture = self._stills[index // per_slide].copy()
        draw = ImageDraw.Draw(picture)
        self._clock(draw, index)
        self._lecturer(draw, index)
        return picture

    def _at(self, *pixels: float) -> tuple[float, ...]:
        return tuple(pixel * self._scale for pixel in pixels)

    def _text(
        self, draw: ImageDraw.ImageDraw, at: Sequence[float], text: str, size: int, colour: str, *, bold: bool = False
    ) -> None:
        name = self._bold if bold else self._plain
        draw.text((at[0], at[1]), writable(text, name), font=font_of(name, round(size * self._scale)), fill=colour)

    def _still(self, slide: Slide, lecturer: str) -> Image.Image:
        picture = Image.new("RGB", self._size, PAPER)
        draw = ImageDraw.Draw(picture)
        width = self._size[0] / self._scale
        draw.rectangle(self._at(0, 0, width, 84), fill=BAND)
        self._text(draw, self._at(48, 20), "Điểm Cầu · bài giảng trực tuyến", 32, "#ffffff", bold=True)
        self._text(draw, self._at(64, 138), slide.heading, 60, ACCENT, bold=True)
        for row, line in enumerate(slide.lines):
            self._text(draw, self._at(64, 262 + 76 * row), line, 42, INK)
        self._text(draw, self._at(64, 628), f"Báo cáo viên: {lecturer}", 32, QUIET)
        return picture

    def _clock(self, draw: ImageDraw.ImageDraw, index: int) -> None:
        second, rest = divmod(index, self._fps)
        width = self._size[0] / self._scale
        self._text(draw, self._at(width - 330, 20), f"{second // 60:02d}:{second % 60:02d}.{rest:02d}", 36, "#ffffff")
        self._text(draw, self._at(width - 118, 24), f"{index:04d}", 30, "#9fc3e6")
        done = (index + 1) / self._frames
        draw.rectangle(self._at(0, 708, width, 720), fill="#e3ddcc")
        draw.rectangle(self._at(0, 708, width * done, 720), fill=ACCENT)

    def _lecturer(self, draw: ImageDraw.ImageDraw, index: int) -> None:
        """A face that speaks: the mouth opens four times a second, as loud as the tone is then."""
        x, y = self._size[0] / self._scale - 170, 580
        opened = 0.5 - 0.5 * math.cos(2 * math.pi * 4 * index / self._fps)
        draw.ellipse(
            self._at(x - 96, y - 96, x + 96, y + 96), fill="#f0c9a4", outline=INK, width=round(4 * self._scale)
        )
        for side in (-34, 34):
            draw.ellipse(self._at(x + side - 9, y - 32, x + side + 9, y - 14), fill=INK)
        draw.ellipse(self._at(x - 30, y + 34 - 22 * opened, x + 30, y + 38 + 22 * opened), fill=ACCENT)


def first_font(names: Sequence[str]) -> str | None:
    """The first of these font files that this computer has; None without any."""
    for name in names:
        try:
            ImageFont.truetype(name, 12)
        except OSError:
            continue
        return name
    return None


@functools.cache
def font_of(name: str | None, size: int) -> Font:
    """The font file `name` in `size` pixels, or Pillow's own font."""
    return ImageFont.truetype(name, size) if name else ImageFont.load_default(size)


def writable(text: str, font_name: str | None) -> str:
    """The text as the font can write it: as it is, or without Vietnamese marks in Pillow's own font."""
    if font_name is not None:
        return text
    bare = "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))
    return bare.replace("đ", "d").replace("Đ", "D")
