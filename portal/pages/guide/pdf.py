"""The guide as a tagged PDF with bookmarks. Text goes in as data, never into the markup; the same is set only once."""

import json
import logging
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import typst
from django.conf import settings

from portal.pages.guide.blocks import Block, Note, Points, Section, Shown, Terms, Text, runs
from portal.pages.guide.pictures import Picture

FILE_NAME = "landlord-portal-guide.pdf"
TITLE = "Portal user guide for landlords"
_FOLDER = Path(__file__).parent
_log = logging.getLogger(__name__)

Data = dict[str, Any]


@dataclass(frozen=True)
class Made:
    """The document, and whether it keeps the rules of PDF/UA. Editable words with a rare character may prevent that."""

    content: bytes
    accessible: bool


def made(sections: tuple[Section, ...], pictures: dict[str, Picture]) -> Made:
    data: Data = {
        "title": TITLE,
        "service": settings.SERVICE_NAME,
        "organisation": settings.ORGANISATION_NAME,
        "sections": [_section(section, pictures) for section in sections],
    }
    return _set(json.dumps(data, ensure_ascii=False, sort_keys=True))


@lru_cache(maxsize=4)
def _set(data: str) -> Made:
    try:
        return Made(_compiled(data, "ua-1"), accessible=True)
    except typst.TypstError as error:
        _log.warning("the guide could not be made as PDF/UA: %s", error)
        return Made(_compiled(data, None), accessible=False)


def _compiled(data: str, standard: Literal["ua-1"] | None) -> bytes:
    content: bytes = typst.compile(
        str(_FOLDER / "guide.typ"),
        root=str(_FOLDER),
        sys_inputs={"guide": data},
        pdf_standards=standard,
        ignore_system_fonts=True,  # the same letters on every machine
    )
    return content


def _section(section: Section, pictures: dict[str, Picture]) -> Data:
    drawn = [_block(block, pictures) for block in section.blocks]
    return {
        "id": section.id,
        "title": section.title,
        "blocks": [block for block in drawn if block],
        "sections": [_section(inner, pictures) for inner in section.sections],
    }


def _block(block: Block, pictures: dict[str, Picture]) -> Data | None:
    match block:
        case Text() | Note():
            return {"kind": block.kind, "runs": _runs(block.words)}
        case Points():
            return {"kind": "steps" if block.numbered else "points", "items": [_runs(item) for item in block.items]}
        case Terms():
            return {"kind": "terms", "rows": [{"name": str(name), "runs": _runs(words)} for name, words in block.rows]}
        case Shown():
            picture = pictures.get(block.slug)
            return {"kind": "picture", **asdict(picture)} if picture else None


def _runs(words: str) -> list[Data]:
    """Links on this site get the portal's address in front, as a document is read elsewhere."""
    return [
        {
            "words": run.words,
            "label": run.label,
            "href": f"{settings.PORTAL_URL}{run.href}" if run.href.startswith("/") else run.href,
        }
        for run in runs(words)
    ]
