"""The two documents that the landlord of the guide's pictures and of the video uploads."""

from pathlib import Path

from docx import Document
from PIL import Image


def two_files(folder: Path) -> list[Path]:
    letter, photo = folder / "Stage 1 response 12 March.docx", folder / "Kitchen ceiling 3 March.jpg"
    document = Document()
    document.add_paragraph("Thank you for your complaint about the leak in the kitchen.")
    document.save(str(letter))
    Image.linear_gradient("L").resize((640, 480)).convert("RGB").save(photo)
    return [letter, photo]
