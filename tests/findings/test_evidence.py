import zlib
from io import BytesIO
from pathlib import Path
from struct import pack
from uuid import UUID, uuid4

import pytest
from cryptography.exceptions import InvalidTag
from PIL import Image

from samsyn.audit.queries import list_audit
from samsyn.core.errors import GateClosedError, InvalidError, NotFoundError
from samsyn.core.keys import Keys
from samsyn.core.paging import Seek
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.findings.cleaning import CleanPicture, clean_picture
from samsyn.findings.evidence import AddEvidence, add_evidence, read_evidence
from samsyn.findings.picture import MAX_BYTES
from samsyn.findings.queries import evidence_of_finding
from samsyn.findings.rules import Refusal
from tests.factories import START, Town
from tests.findings.scene import HOUR, Scene, make_scene

KEYS = Keys("k1", {"k1": b"1" * 32})
ORIENTATION, MAKE, GPS = 0x0112, 0x010F, 0x8825


def photo(kind: str = "JPEG", size: tuple[int, int] = (60, 40), **options: object) -> bytes:
    """A picture that is red on its left half and blue on its right."""
    image = Image.new("RGB", size, "blue")
    image.paste((255, 0, 0), (0, 0, size[0] // 2, size[1]))
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def photo_with_place() -> bytes:
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # turn a quarter clockwise to see it upright
    exif[MAKE] = "Kamerafabriken"
    exif[GPS] = {1: "N", 2: (59.0, 23.0, 38.0), 3: "E", 4: (15.0, 50.0, 18.0)}
    return photo(exif=exif, comment=b"hemlig kommentar")


def heic() -> bytes:
    import pillow_heif

    image = Image.open(BytesIO(photo(size=(64, 48))))
    out = BytesIO()
    pillow_heif.from_pillow(image).save(out)
    return out.getvalue()


def huge_png(width: int, height: int) -> bytes:
    """A few kilobytes that unpack to gigabytes of one colour."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return pack(">I", len(data)) + name + data + pack(">I", zlib.crc32(name + data))

    rows = zlib.compress(bytes(height * (width // 8 + 1)), 9)
    head = pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def test_the_place_the_camera_and_every_comment_are_gone_and_the_picture_stands_upright() -> None:
    before = photo_with_place()
    assert b"Kamerafabriken" in before
    clean = clean_picture(before).jpeg
    assert b"Kamerafabriken" not in clean
    assert b"hemlig" not in clean
    with Image.open(BytesIO(clean)) as image:
        assert (image.format, image.size, dict(image.getexif())) == ("JPEG", (40, 60), {})
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        top = image.getpixel((20, 10))
    assert isinstance(top, tuple)
    assert (top[0] > 200, top[2] < 60) == (True, True)  # the left half is the upper half now


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIC"])
def test_each_kind_of_photo_is_taken(kind: str) -> None:
    with Image.open(BytesIO(clean_picture(heic() if kind == "HEIC" else photo(kind)).jpeg)) as image:
        assert image.format == "JPEG"


def test_a_large_photo_is_made_smaller() -> None:
    with Image.open(BytesIO(clean_picture(photo(size=(6000, 3000))).jpeg)) as image:
        assert image.size == (4096, 2048)


def test_what_hides_behind_a_picture_is_left_behind() -> None:
    hidden = b"PK\x03\x04<script>alert(1)</script>EICAR"
    assert hidden not in clean_picture(photo() + hidden).jpeg


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>'
HOSTILE = {
    "text": (b"hello", Refusal.NOT_A_PICTURE),
    "empty": (b"", Refusal.NOT_A_PICTURE),
    "svg": (SVG, Refusal.NOT_A_PICTURE),
    "pdf that is also a picture": (b"%PDF-1.7\n" + photo(), Refusal.NOT_A_PICTURE),
    "web page that is also a picture": (b"<html>" + photo(), Refusal.NOT_A_PICTURE),
    "gif": (photo("GIF"), Refusal.NOT_A_PICTURE),
    "tiff": (photo("TIFF"), Refusal.NOT_A_PICTURE),
    "only a beginning": (b"\xff\xd8\xff" + b"x" * 100, Refusal.BROKEN_PICTURE),
    "cut in half": (photo(size=(600, 400))[:2000], Refusal.BROKEN_PICTURE),
    "png cut in half": (photo("PNG", (600, 400))[:300], Refusal.BROKEN_PICTURE),
    "a false HEIC": (b"\x00\x00\x00\x18ftypheic" + bytes(100), Refusal.BROKEN_PICTURE),
    "another kind than its first bytes": (b"\x89PNG\r\n\x1a\n" + photo(), Refusal.BROKEN_PICTURE),
    "a bomb of pixels": (huge_png(20_000, 20_000), Refusal.TOO_MANY_PIXELS),
    "too many bytes": (b"\xff\xd8\xff" + bytes(MAX_BYTES), Refusal.TOO_BIG),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_a_readable_sentence(name: str) -> None:
    data, why = HOSTILE[name]
    with pytest.raises(InvalidError) as refused:
        clean_picture(data)
    assert refused.value.fields == {"photo": (why,)}
    assert str(refused.value).endswith(".")


def add(scene: Scene, who: Viewer, finding: UUID, folder: Path, picture: CleanPicture, keys: Keys = KEYS) -> UUID:
    with unit_of_work(who, START) as uow:
        return add_evidence(uow, keys, folder, AddEvidence(uuid4(), finding, picture))


@pytest.fixture
def scene(town: Town) -> Scene:
    return make_scene(town)


def test_a_picture_comes_back_as_it_was_kept_and_lies_encrypted(scene: Scene, folder: Path) -> None:
    who = scene.town.inspector(scene.town.tobacco)
    finding = scene.answer(who, "TOB-01").finding_id
    picture = clean_picture(photo())
    kept = add(scene, who, finding, folder, picture)
    with unit_of_work(who) as uow:
        assert read_evidence(uow, KEYS, folder, kept) == (picture.jpeg, "image/jpeg")
        [line] = evidence_of_finding(uow, finding)
        assert (line.id, line.size) == (kept, len(picture.jpeg))
    [file] = [path for path in folder.rglob("*") if path.is_file()]
    assert file.parent.name == file.name[:2]
    assert picture.jpeg[:20] not in file.read_bytes()
    with unit_of_work(scene.town.planner(scene.town.tobacco)) as uow:
        assert {"evidence.read", "evidence.write"} <= {line.action for line in list_audit(uow, Seek(200)).items}


def test_the_same_picture_twice_is_kept_once(scene: Scene, folder: Path) -> None:
    who, picture = scene.town.inspector(scene.town.tobacco), clean_picture(photo())
    finding, other = (scene.answer(who, code).finding_id for code in ("TOB-01", "TOB-02"))
    assert add(scene, who, finding, folder, picture) == add(scene, who, finding, folder, picture)
    assert add(scene, who, other, folder, picture) != finding
    assert sum(path.is_file() for path in folder.rglob("*")) == 1
    with unit_of_work(who) as uow:
        assert len(evidence_of_finding(uow, finding)) == 1


def test_two_authorities_with_the_same_picture_share_neither_address_nor_file(scene: Scene, folder: Path) -> None:
    town, picture = scene.town, clean_picture(photo())
    for office, code in ((town.tobacco, "TOB-01"), (town.health, "HAL-01")):
        who = town.inspector(office)
        add(scene, who, scene.answer(who, code).finding_id, folder, picture)
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert len({path.name for path in files}) == 2


def test_after_a_change_of_key_old_and_new_rows_of_one_file_are_read(scene: Scene, folder: Path) -> None:
    who, picture = scene.town.inspector(scene.town.tobacco), clean_picture(photo())
    newer = Keys("k2", {**KEYS.by_name, "k2": b"2" * 32})
    rows = [
        add(scene, who, scene.answer(who, code).finding_id, folder, picture, keys)
        for code, keys in (("TOB-01", KEYS), ("TOB-02", newer))
    ]
    with unit_of_work(who) as uow:
        assert [read_evidence(uow, newer, folder, row)[0] for row in rows] == [picture.jpeg] * 2


def test_a_file_that_was_changed_is_not_shown(scene: Scene, folder: Path) -> None:
    who = scene.town.inspector(scene.town.tobacco)
    kept = add(scene, who, scene.answer(who, "TOB-01").finding_id, folder, clean_picture(photo()))
    [file] = [path for path in folder.rglob("*") if path.is_file()]
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    with pytest.raises(InvalidTag), unit_of_work(who) as uow:
        read_evidence(uow, KEYS, folder, kept)


def test_a_picture_needs_a_finding_of_ones_own_and_a_part_that_is_open(scene: Scene, folder: Path) -> None:
    town, picture = scene.town, CleanPicture(b"picture")
    who = town.inspector(town.tobacco)
    finding = scene.answer(who, "TOB-01").finding_id
    with pytest.raises(NotFoundError):
        add(scene, town.inspector(town.health), finding, folder, picture)
    scene.set_answer(town.tobacco, handed_in_at=START + HOUR)
    with pytest.raises(GateClosedError):
        add(scene, who, finding, folder, picture)
    assert not any(folder.iterdir())
