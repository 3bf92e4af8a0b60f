"""A few photos that nobody took: plain shapes, made here, cleaned as every photo is."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from samsyn.findings.evidence import clean_picture

SIZE: Final = (640, 480)
GROUNDS: Final = ("#d9d2c4", "#c9d4d8", "#cfd8c6", "#ddcfcf")
SHAPES: Final = ("#7d6b52", "#4d6470", "#586b4c", "#7a5555")


def photos() -> list[bytes]:
    """Return the pictures as they are kept."""
    with ThreadPoolExecutor(2) as pool:
        return [clean.jpeg for clean in pool.map(clean_picture, (drawn(n) for n in range(len(GROUNDS))))]


def drawn(number: int) -> bytes:
    """Return one picture: a shelf, and things in it."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", SIZE, GROUNDS[number])
    draw = ImageDraw.Draw(image)
    for shelf in range(3):
        y = 130 + 130 * shelf
        draw.rectangle((40, y, 600, y + 12), fill=SHAPES[number])
        for thing in range(4 + number):
            x = 60 + thing * (520 // (4 + number))
            draw.rectangle((x, y - 70 + 9 * ((thing + shelf) % 4), x + 46, y), fill=SHAPES[(number + thing) % 4])
    draw.text((44, 24), "PRAKTIK / OVNING", fill="#222222")
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85)
    return out.getvalue()
