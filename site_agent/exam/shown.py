"""A paper as it is shown: nothing in it that a page need not know."""

from site_agent.exam.protocol import Opened, PaperImage, PaperItem, PaperOption
from wire.paper import Paper


def opened(paper: Paper) -> Opened:
    """The paper as a candidate's page is given it."""
    return Opened(
        exam=paper.exam,
        code=paper.code,
        items=[
            PaperItem(item.id, item.text, [PaperOption(option.id, option.text) for option in item.options], item.images)
            for item in paper.items
        ],
        images=[PaperImage(each.id, each.width, each.height) for each in paper.pictures],
    )
