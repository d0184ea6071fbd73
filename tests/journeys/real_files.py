"""Five real files, three that the portal accepts and two that it refuses: the sample folder's where it is present."""

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

from docx import Document
from openpyxl import Workbook
from PIL import Image

from tests.house.layers import ROOT

SAMPLES = ROOT.parent / "shared" / "samples"


@dataclass(frozen=True)
class RealFiles:
    accepted: list[Path]
    refused: list[Path]


def five_real_files(folder: Path) -> RealFiles:
    if SAMPLES.is_dir():
        return RealFiles(
            [SAMPLES / name for name in ("test.jpg", "REPAIR-2022-INV-001_multipage.pdf", "test.xlsx")],
            [SAMPLES / name for name in ("fake.odt", "password.pdf")],
        )
    return _made(folder)


def _made(folder: Path) -> RealFiles:
    photo, letter, log = folder / "ceiling.jpg", folder / "Stage 1 response.docx", folder / "Repair log.xlsx"
    Image.effect_noise((640, 480), 60).convert("RGB").save(photo)
    word = Document()
    word.add_paragraph("Dear Ms Okonkwo")
    word.save(str(letter))
    Workbook().save(log)
    packed, empty = folder / "everything.zip", folder / "empty.txt"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.txt", "a")
    packed.write_bytes(buffer.getvalue())
    empty.write_bytes(b"")
    return RealFiles([photo, letter, log], [packed, empty])
