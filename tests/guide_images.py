"""Makes a picture of the guide light: fewer colours until it weighs little enough."""

import io

from PIL import Image

from portal.pages.guide.pictures import MOST_BYTES


def small(picture: bytes) -> bytes:
    whole = Image.open(io.BytesIO(picture)).convert("RGB")
    for colours in (256, 128, 64, 32, 16):
        buffer = io.BytesIO()
        whole.quantize(colours).save(buffer, "PNG", optimize=True)
        if buffer.tell() <= MOST_BYTES:
            break
    return buffer.getvalue()
