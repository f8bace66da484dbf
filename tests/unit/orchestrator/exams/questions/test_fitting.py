from orchestrator.exams.importing.images import clean_image
from orchestrator.exams.papers import Stored, make_paper
from orchestrator.exams.questions.fitting import fitting, pictured
from tests.doubles.pictures import noisy_png, png
from wire.ids import ExamId, ItemId, OptionId
from wire.paper import MAX_PICTURE_BYTES, Option, paper_bytes, read_paper


def test_images_of_a_paper_fit_together_and_small_ones_stay_as_they_are() -> None:
    small, *large = (clean_image(content) for content in (png(), *(noisy_png((700, 500 + n)) for n in range(3))))
    most = 200_000
    fitted = fitting({image.digest: image for image in (small, *large)}, most)
    assert sum(len(image.content) for image in fitted.values()) <= most
    assert fitted[small.digest] == small
    assert max(len(image.content) for image in large) > most // 3


def test_a_paper_carries_each_image_once_and_reads_back() -> None:
    image = clean_image(png())
    options = tuple(Option(OptionId(f"o{letter}"), letter) for letter in "ab")
    stored = [Stored(ItemId(f"q{n}"), "[Hình 1]?", options, options[0].id, images=(image.digest,)) for n in range(3)]
    paper = make_paper(ExamId("exam-1"), "101", pictured(stored, {image.digest: image}), b"s" * 32)
    assert [picture.content for picture in paper.pictures] == [image.content]
    assert {item.images for item in paper.items} == {(paper.pictures[0].id,)}
    assert read_paper(paper_bytes(paper)) == paper
    assert len(image.content) < MAX_PICTURE_BYTES
