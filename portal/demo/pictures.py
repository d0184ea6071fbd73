"""Draws the demo's photographs: a papered wall with damp, mould and the grain of a cheap camera."""

import io
from random import Random

from PIL import Image, ImageDraw, ImageFilter

SIZE = (1000, 750)
_WALLPAPERS = ((214, 205, 184), (196, 204, 208), (222, 212, 205), (203, 210, 190))


def damp_wall(seed: int, *, damp: bool = True) -> bytes:
    """A JPEG; with `damp` False the wall is sound again. The same picture for the same seed."""
    rng, file = Random(seed), io.BytesIO()
    picture = _room(rng)
    if damp:
        picture = _stained(picture, rng)
        _mould(picture, rng)
    grain = Image.frombytes("L", SIZE, rng.randbytes(SIZE[0] * SIZE[1])).convert("RGB")
    Image.blend(picture, grain, 0.07).save(file, "JPEG", quality=68)
    return file.getvalue()


def _room(rng: Random) -> Image.Image:
    picture = Image.new("RGB", SIZE, rng.choice(_WALLPAPERS))
    pen = ImageDraw.Draw(picture)
    width, height = SIZE
    for x in range(0, width, 62):
        pen.line((x, 0, x, height), fill=(188, 182, 166), width=2)
    left = rng.randint(60, 600)
    pen.rectangle((left, 90, left + 300, 400), fill=(238, 240, 240), outline=(150, 140, 130), width=14)
    pen.rectangle((left + 22, 112, left + 278, 378), fill=(170, 196, 214))
    pen.line((left + 150, 112, left + 150, 378), fill=(238, 240, 240), width=12)
    pen.rectangle((0, height - 80, width, height), fill=(240, 238, 232), outline=(160, 150, 140), width=3)
    return picture


def _stained(picture: Image.Image, rng: Random) -> Image.Image:
    """Brown rings that grow from a corner, soft at their edges."""
    stain = Image.new("L", SIZE, 0)
    pen = ImageDraw.Draw(stain)
    corner = rng.choice((0, SIZE[0]))
    for _ in range(14):
        x, y = corner + rng.randint(-260, 260), SIZE[1] - 80 - rng.randint(0, 340)
        radius = rng.randint(40, 130)
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=rng.randint(70, 150))
    soft = stain.filter(ImageFilter.GaussianBlur(24))
    return Image.composite(Image.new("RGB", SIZE, (118, 98, 66)), picture, soft)


def _mould(picture: Image.Image, rng: Random) -> None:
    pen = ImageDraw.Draw(picture)
    centre = rng.randint(150, SIZE[0] - 150)
    for _ in range(420):
        x, y = rng.gauss(centre, 130), SIZE[1] - 90 - abs(rng.gauss(0, 110))
        radius = rng.uniform(1, 5)
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=(46, 52, 44))
