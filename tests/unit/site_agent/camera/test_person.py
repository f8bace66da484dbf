"""People whose faces are not seen add a head; a model that cannot be used says so before the day."""

from pathlib import Path

import numpy as np
import pytest

from site_agent import cli
from site_agent.camera.boxes import Box
from site_agent.camera.detector import NoModel
from site_agent.camera.frames import Frame
from site_agent.camera.person import (
    Heads,
    PersonDetector,
    UnusableModel,
    heads_without_faces,
    load_heads,
    load_people,
    settings_of,
)
from tests.doubles.person_model import other_model, person_model

WIDTH, HEIGHT = 1280, 720
FRAME = np.full((HEIGHT, WIDTH, 3), 120, dtype=np.uint8)
ONE, TWO = Box(100, 200, 80, 200, 0.9), Box(600, 250, 90, 180, 0.55)


class OneFace:
    """Sees the face of the first of two people."""

    def detect(self, frame: Frame) -> list[Box]:
        return [Box(125, 210, 30, 40, 0.9)]


def close(found: Box, wanted: Box) -> bool:
    pairs = zip((found.x, found.y, found.w, found.h), (wanted.x, wanted.y, wanted.w, wanted.h), strict=True)
    return all(abs(one - other) < 1 for one, other in pairs)


def test_people_are_found_where_the_model_says_and_once() -> None:
    doubled = Box(ONE.x + 3, ONE.y, ONE.w, ONE.h, 0.5)
    unsure = Box(900, 100, 80, 200, 0.39)
    found = PersonDetector(person_model([ONE, TWO, doubled, unsure], WIDTH, HEIGHT)).detect(FRAME)
    assert len(found) == 2
    assert close(found[0], ONE)
    assert close(found[1], TWO)


def test_a_person_whose_face_is_not_seen_adds_a_head() -> None:
    seen = Heads(OneFace(), PersonDetector(person_model([ONE, TWO], WIDTH, HEIGHT))).detect(FRAME)
    assert [round(box.x) for box in seen] == [125, 623]
    assert seen[1].score >= 0.6  # it counts, as a face would
    assert seen[1].y == pytest.approx(TWO.y, abs=1)


def test_a_head_that_is_counted_already_is_no_second_one() -> None:
    before = Box(100, 205, 80, 210, 0.8)
    assert len(heads_without_faces([ONE, before], [])) == 1
    faint = Box(125, 210, 30, 40, 0.4)
    assert len(heads_without_faces([ONE], [faint])) == 1
    at_the_feet = Box(125, 370, 30, 30, 0.9)
    assert len(heads_without_faces([ONE], [at_the_feet])) == 1


def test_what_is_no_such_model_is_refused_with_the_reason(tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    with pytest.raises(UnusableModel, match=r"model\.onnx: No such file"):
        load_people(path)
    for content, why in ((b"\x00\x01 nothing", "OpenCV cannot run it"), (other_model(), "not a YOLOX model")):
        path.write_bytes(content)
        with pytest.raises(UnusableModel, match=why):
            load_people(path)
    assert settings_of(path).startswith(" person=")
    assert (settings_of(None), settings_of(tmp_path)) == ("", " person=none")


def test_a_model_that_went_away_is_no_count_rather_than_a_smaller_one(tmp_path: Path) -> None:
    with pytest.raises(NoModel):
        load_heads(tmp_path / "gone.onnx")


@pytest.mark.parametrize("deed", ["run", "check"])
def test_the_program_ends_at_its_start_when_the_model_cannot_be_used(
    deed: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "site.toml"
    config.write_text(f'[agent]\nhome = "{tmp_path}"\n[camera]\nperson_model = "{tmp_path / "gone.onnx"}"\n')
    assert cli.main(["--config", str(config), deed]) == cli.FAILED
    assert "camera.person_model: không dùng được / cannot be used" in capsys.readouterr().err
