"""The child that looks at a photo: bytes in, a clean JPEG out. Run as ``python -m samsyn.findings.picture``.

It decodes to pixels, turns them upright, and encodes them anew, so that no metadata and nothing hidden behind the
picture survives. What it reads is hostile; beyond its limits the kernel ends it.
"""

from __future__ import annotations

import resource
import signal
import sys
import warnings
from io import BytesIO
from typing import TYPE_CHECKING, Final

from samsyn.findings.rules import Refusal

if TYPE_CHECKING:
    from PIL.Image import Image

CPU_SECONDS: Final = 10
MEMORY_BYTES: Final = 1024 * 1024 * 1024
MAX_BYTES: Final = 25_000_000
MAX_PIXELS: Final = 40_000_000
MAX_SIDE: Final = 4096  # pixels of the longer side as kept
QUALITY: Final = 85
REFUSED: Final = 3  # exit code; the word stands on the output

_HEIC_BRANDS: Final = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")


class UnfitError(Exception):
    """The bytes are no picture that is taken."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


def main() -> int:
    """Answer with a JPEG and 0, or with a word of ``Refusal`` and ``REFUSED``."""
    limit_myself()
    warnings.simplefilter("ignore")
    try:
        answer, code = clean(sys.stdin.buffer.read(MAX_BYTES + 1)), 0
    except UnfitError as unfit:
        answer, code = unfit.refusal.value.encode(), REFUSED
    except MemoryError:
        answer, code = Refusal.TOO_MANY_PIXELS.value.encode(), REFUSED
    sys.stdout.buffer.write(answer)
    return code


def limit_myself() -> None:
    """Set processor time, memory, file and core size for this process."""
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def kind_of(data: bytes) -> str | None:
    """Return the format by content (the name is not asked): JPEG, PNG, WEBP or HEIF; None for anything else."""
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS:
        return "HEIF"
    return None


def clean(data: bytes) -> bytes:
    """Return the picture as an upright JPEG of at most 4096 pixels a side without metadata; raise ``UnfitError``."""
    if (kind := kind_of(data)) is None:
        raise UnfitError(Refusal.NOT_A_PICTURE)
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = None  # our own limit below refuses sooner
    if kind == "HEIF":
        import pillow_heif

        pillow_heif.register_heif_opener(thumbnails=False)
    try:
        with Image.open(BytesIO(data), formats=[kind]) as image:
            if image.width * image.height > MAX_PIXELS:
                raise UnfitError(Refusal.TOO_MANY_PIXELS)
            image.draft("RGB", (MAX_SIDE, MAX_SIDE))  # a JPEG is decoded smaller where that is enough
            image.thumbnail((MAX_SIDE, MAX_SIDE))  # before it is turned: turning needs a second picture in memory
            return _encoded(ImageOps.exif_transpose(image))
    except (OSError, ValueError, SyntaxError, EOFError, RuntimeError, IndexError, KeyError) as error:
        raise UnfitError(Refusal.BROKEN_PICTURE) from error


def _encoded(image: Image) -> bytes:
    """Put the pixels, and only them, into a new picture on white ground and encode it."""
    from PIL import Image as Pictures

    pixels = image.convert("RGBA" if image.has_transparency_data else "RGB")
    bare = Pictures.new("RGB", pixels.size, "white")
    bare.paste(pixels, mask=pixels if pixels.mode == "RGBA" else None)
    out = BytesIO()
    bare.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(main())
