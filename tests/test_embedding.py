"""Embedding to a file: every kind of source, what failed, and a file that anybody can read."""

from __future__ import annotations

import errno
import io
import os
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

from recommender.catalog import LABEL_COLUMNS
from recommender.embedding import CHUNK, Embedder, embed_to_file, holds_vectors, items, words_to_file
from recommender.encoders import ENCODERS
from recommender.errors import CatalogError
from recommender.service import Recommender
from tests import drawn

Arrays = dict[str, np.ndarray]


def embedded(*sources: Path, encoder: str = "house", out: Path) -> Arrays:
    """What the npz of some sources holds."""
    done, failed = embed_to_file(sources, out, encoder)
    with np.load(out, allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    assert all(array.dtype != object for array in arrays.values())
    n, m = len(arrays["id"]), len(arrays["failed"])
    assert (done, len(failed)) == (n, m)
    assert list(zip(arrays["failed"].tolist(), arrays["failed_reason"].tolist(), strict=True)) == failed
    assert arrays["id"].dtype.kind == arrays["failed"].dtype.kind == "U"
    assert arrays["vector"].dtype == np.float32
    assert arrays["vector"].shape == (n, ENCODERS.card(encoder).dimension)
    np.testing.assert_allclose(np.linalg.norm(arrays["vector"], axis=1), 1, atol=1e-5)
    for name, array in arrays.items():
        if name.startswith(("label_", "probability_")):
            assert array.shape == (n,)
            assert array.dtype.kind == ("U" if name.startswith("label_") else "f")
    return arrays


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Pictures in and below a folder, and what is none."""
    place = tmp_path / "photos"
    (place / "deep" / "er").mkdir(parents=True)
    (place / "b.JPG").write_bytes(drawn.jpeg(drawn.draw("Caps", "Blue")))
    drawn.draw("Dresses", "Red").save(place / "a.png")
    drawn.draw("Dresses", "Pink").save(place / "deep" / "er" / "ü.webp")
    (place / "deep" / "broken.jpeg").write_bytes(b"\xff\xd8\xff broken")
    (place / "notes.txt").write_text("no picture")
    (place / "folder.jpg").mkdir()
    return place


def test_a_folder(folder: Path, tmp_path: Path) -> None:
    found = embedded(folder, out=tmp_path / "out.npz")
    assert found["id"].tolist() == ["a.png", "b.JPG", "deep/er/ü.webp"]
    assert found["failed"].tolist() == ["deep/broken.jpeg"]
    assert "broken.jpeg" in found["failed_reason"][0]
    assert set(found) == {"id", "vector", "failed", "failed_reason", "known"} | {
        f"{kind}_{column}" for kind in ("label", "probability") for column in LABEL_COLUMNS
    }


def test_a_table_is_embedded_as_the_shop_embeds_it(drawn_path: Path, shop: Recommender, tmp_path: Path) -> None:
    found = embedded(drawn_path, out=tmp_path / "out.npz")
    assert found["id"].tolist() == shop.catalogue.ids
    np.testing.assert_allclose(found["vector"], shop.vectors, atol=1e-5)
    scores = shop.classifier.scores(shop.vectors)
    for column in LABEL_COLUMNS:
        labels, probabilities = scores[column].best()
        assert found[f"label_{column}"].tolist() == labels.tolist()
        np.testing.assert_allclose(found[f"probability_{column}"], probabilities, atol=1e-4)
    np.testing.assert_allclose(found["known"], shop.classifier.known(shop.vectors), atol=1e-4)


def test_paths_folders_and_tables_together(folder: Path, drawn_path: Path, tmp_path: Path) -> None:
    one = folder / "a.png"
    found = embedded(one, drawn_path, folder / "deep", tmp_path / "none.jpg", out=tmp_path / "out.npz")
    assert found["id"].tolist()[0] == str(one)
    assert found["id"].tolist()[1:109] == [entry["id"] for entry in drawn.rows()]
    assert found["id"].tolist()[109:] == ["er/ü.webp"]
    assert found["failed"].tolist() == ["broken.jpeg", str(tmp_path / "none.jpg")]
    assert "There is no file" in found["failed_reason"][1]


def test_pictures_of_one_name_in_several_folders_are_told_apart(tmp_path: Path) -> None:
    for name, colour in (("one", "Red"), ("two", "Blue")):
        (tmp_path / name).mkdir()
        drawn.draw("Caps", colour).save(tmp_path / name / "1.png")
    found = embedded(tmp_path / "one", tmp_path / "two", out=tmp_path / "out.npz")
    assert found["id"].tolist() == [(tmp_path / name / "1.png").as_posix() for name in ("one", "two")]


def test_rows_that_fail_are_listed_and_cost_no_other(tmp_path: Path) -> None:
    entries = drawn.rows()[:6]
    entries[1] = drawn.changed(entries[1], image=None)
    entries[2] = drawn.changed(entries[2], image={"bytes": b"no picture", "path": None})
    entries[3] = drawn.changed(entries[3], image={"bytes": None, "path": "/etc/passwd"})
    entries[4] = drawn.changed(entries[4], id=None)
    found = embedded(drawn.write(tmp_path / "x.parquet", entries), out=tmp_path / "out.npz")
    assert found["id"].tolist() == ["1000", "row 5", "1005"]
    assert found["failed"].tolist() == ["1001", "1002", "1003"]
    assert "no picture in this row" in found["failed_reason"][0]
    assert "text file" in found["failed_reason"][1]


def test_an_encoder_without_heads_gives_no_labels(drawn_path: Path, tmp_path: Path) -> None:
    found = embedded(drawn_path, encoder="colour", out=tmp_path / "out.npz")
    assert set(found) == {"id", "vector", "failed", "failed_reason"}


def test_nothing_at_all_still_has_every_array(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    found = embedded(tmp_path / "empty", out=tmp_path / "out.npz")
    assert {"label_articleType", "probability_pattern", "known"} <= set(found)
    assert len(found["id"]) == 0


def test_only_failures(tmp_path: Path) -> None:
    (tmp_path / "x.jpg").write_bytes(b"?")
    assert embedded(tmp_path / "x.jpg", out=tmp_path / "out.npz")["failed"].tolist() == [str(tmp_path / "x.jpg")]


def test_a_name_that_no_file_can_have_fails_like_any_other(tmp_path: Path) -> None:
    assert embedded(Path("e" * 300), out=tmp_path / "out.npz")["failed"].tolist() == ["e" * 300]


def test_order_holds_over_many_chunks_and_progress_counts_up(tmp_path: Path) -> None:
    place = tmp_path / "many"
    place.mkdir()
    for number in range(CHUNK * 3 + 7):
        # Every fifth is bad, so that chunks are of uneven size.
        data = b"?" if number % 5 == 0 else drawn.jpeg(Image.new("RGB", (20, 20), (number, 90, 255 - number)))
        (place / f"{number:04}.jpg").write_bytes(data)
    seen: list[tuple[int, int]] = []
    done, failed = embed_to_file([place], tmp_path / "out.npz", "colour", progress=lambda *report: seen.append(report))
    total = CHUNK * 3 + 7
    assert (done, len(failed)) == (total - 40, 40)
    assert seen == [(CHUNK, total), (CHUNK * 2, total), (CHUNK * 3, total), (total, total)]
    with np.load(tmp_path / "out.npz") as file:
        names = [f"{number:04}.jpg" for number in range(total) if number % 5]
        assert file["id"].tolist() == names
        one = Embedder("colour").chunk([(names[-1], place / names[-1])])
        np.testing.assert_array_equal(file["vector"][-1], one.vectors[0])


def test_only_a_few_pictures_are_held_at_a_time() -> None:
    taken = []
    source = ((str(number), taken.append(number) or b"?") for number in range(CHUNK * 50))
    stream = Embedder("colour").stream(source, workers=2)
    next(stream)
    assert len(taken) <= CHUNK * 5
    stream.close()
    assert threading.active_count() < 20


def test_items_counts_before_it_reads(drawn_path: Path, folder: Path) -> None:
    total, stream = items([drawn_path, folder, Path("x.png")])
    assert total == 108 + 4 + 1
    assert len(list(stream)) == total


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"id": ["1"]}, "lacks the column image"),
        ({"image": [b"x"]}, "lacks the column id"),
        ({"id": ["1"], "image": ["/etc/passwd"]}, "has to hold encoded pictures"),
        ({"id": ["1"], "image": [{"bytes": "/etc/passwd"}]}, "has to hold encoded pictures"),
        ({"id": [], "image": []}, "has no rows: there is no product in it"),
    ],
)
def test_tables_in_another_layout(tmp_path: Path, columns: dict[str, list[object]], words: str) -> None:
    pq.write_table(pa.table(columns), tmp_path / "x.parquet")
    with pytest.raises(CatalogError, match=words):
        embed_to_file([tmp_path / "x.parquet"], tmp_path / "out.npz", "colour")
    assert not (tmp_path / "out.npz").exists()


def test_an_id_without_end_is_refused_before_anything_is_embedded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """NumPy's text is as wide in every row as in the longest: 100,000 letters take 400 kB a product."""
    entries = [
        drawn.changed(entry, id=entry["id"] + "x" * (996 + (row == 70))) for row, entry in enumerate(drawn.rows())
    ]
    table = drawn.write(tmp_path / "x.parquet", entries)
    assert (
        max(map(len, embedded(drawn.write(tmp_path / "y.parquet", entries[:9]), out=tmp_path / "o.npz")["id"])) == 1000
    )
    deep = tmp_path.joinpath("photos", *["d" * 200] * 5)
    deep.mkdir(parents=True)
    (deep / "a.png").touch()
    monkeypatch.setattr(Embedder, "chunk", None)
    for source, what in (
        (table, "id in x.parquet that begins with '1070xxx"),
        (tmp_path / "photos", "path of a picture that begins with 'ddd"),
        (Path("e" * 1001 + ".png"), "path of a picture that begins with 'eee"),
    ):
        with pytest.raises(CatalogError, match=rf"The {what}\w+' has 1,0\d\d letters.*shorten it to 1,000 at most\.$"):
            embed_to_file([source], tmp_path / "out.npz", "colour")
    assert not (tmp_path / "out.npz").exists()


def test_tables_that_are_none_or_damaged(tmp_path: Path, drawn_path: Path) -> None:
    path = tmp_path / "x.parquet"
    for data in (b"", b"PAR1 nothing", None):
        if data is not None:
            path.write_bytes(data)
        else:
            path.unlink()
        with pytest.raises(CatalogError, match=r"x\.parquet can't be read as a Parquet table"):
            embed_to_file([path], tmp_path / "out.npz", "colour")
    spoilt = bytearray(drawn_path.read_bytes())
    spoilt[1000:3000] = bytes(2000)  # inside of the column of pictures: the footer is whole
    path.write_bytes(bytes(spoilt))
    try:
        embed_to_file([path], tmp_path / "out.npz", "colour")
    except CatalogError as error:
        assert "can't be read as a Parquet table" in str(error)  # noqa: PT017


def test_a_place_that_cannot_be_written_is_known_at_once(tmp_path: Path, drawn_path: Path) -> None:
    (tmp_path / "file").write_text("")

    def progress(*_: int) -> None:
        raise AssertionError("work was begun")

    for out in (tmp_path, tmp_path / "file" / "out.npz"):
        with pytest.raises(CatalogError, match="can't be written"):
            embed_to_file([drawn_path], out, "colour", progress=progress)


def test_the_old_file_stays_when_embedding_fails(tmp_path: Path) -> None:
    out = tmp_path / "out.npz"
    np.savez(out, id=np.array(["old"]), vector=np.zeros((1, 2), np.float32))
    before = out.read_bytes()
    (tmp_path / "x.parquet").write_text("none")
    with pytest.raises(CatalogError):
        embed_to_file([tmp_path / "x.parquet"], out, "colour")
    assert out.read_bytes() == before
    assert {path.name for path in tmp_path.iterdir()} == {"out.npz", "x.parquet"}


def test_the_old_vectors_stay_when_no_picture_can_be_read(tmp_path: Path, drawn_path: Path) -> None:
    out, missing = tmp_path / "out.npz", tmp_path / "nope.jpg"
    (tmp_path / "empty").mkdir()
    assert not holds_vectors(out)
    assert embed_to_file([missing], out, "colour")[0] == 0
    assert not holds_vectors(out)  # there is a file, and what failed is in it
    with np.load(out) as file:
        assert file["failed"].tolist() == [str(missing)]
    embedded(drawn_path, out=out)
    assert holds_vectors(out)
    before = out.read_bytes()
    done, failed = embed_to_file([missing], out)
    assert (done, [key for key, _ in failed]) == (0, [str(missing)])
    assert embed_to_file([tmp_path / "empty"], out) == (0, [])
    assert out.read_bytes() == before
    assert len(embedded(missing, drawn_path, out=out)["failed"]) == 1


def test_a_link_is_written_through_and_a_pipe_is_not_replaced(tmp_path: Path, drawn_path: Path) -> None:
    link = tmp_path / "link.npz"
    link.symlink_to(tmp_path / "disk.npz")
    embedded(drawn_path, encoder="colour", out=link)
    assert link.is_symlink()
    assert holds_vectors(tmp_path / "disk.npz")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.npz")
        for write in (lambda out: embed_to_file([drawn_path], out, "colour"), lambda out: words_to_file(link, out)):
            with pytest.raises(CatalogError, match="can't be written: give the path of an ordinary file"):
                write(tmp_path / "pipe.npz")
        assert (tmp_path / "pipe.npz").is_fifo()


def test_what_holds_no_vectors_is_not_written_over(tmp_path: Path, drawn_path: Path) -> None:
    picture = tmp_path / "photo.png"
    Image.new("RGB", (9, 9)).save(picture)
    queries = tmp_path / "queries.txt"
    queries.write_text("red shoes")
    archive = tmp_path / "report.docx"
    np.savez(archive.with_suffix(".npz"), points=np.zeros(3))
    archive.with_suffix(".npz").rename(archive)
    for out in (picture, queries, archive):
        before = out.read_bytes()
        with pytest.raises(CatalogError, match="holds no vectors"):
            embed_to_file([drawn_path], out, "colour")
        with pytest.raises(CatalogError, match="holds no vectors"):
            words_to_file(queries, out)
        assert out.read_bytes() == before
    empty = tmp_path / "made-by-mktemp"
    empty.touch()
    assert words_to_file(queries, empty) == words_to_file(queries, empty) == 1


def test_vectors_among_other_arrays_are_not_written_over(tmp_path: Path, drawn_path: Path) -> None:
    out = tmp_path / "mine.npz"
    np.savez(out, id=np.array(["1"]), vector=np.ones((1, 3)), precious=np.ones(5))
    before = out.read_bytes()
    with pytest.raises(CatalogError, match="holds no vectors"):
        embed_to_file([drawn_path], out, "colour")
    assert out.read_bytes() == before
    embed_to_file([drawn_path], tmp_path / "own.npz")
    embed_to_file([drawn_path], tmp_path / "own.npz")


def test_a_query_ends_where_its_line_ends(tmp_path: Path) -> None:
    queries = tmp_path / "queries.txt"
    queries.write_text("blue\u2028green\r\nred\x0bshoes\n", encoding="utf-8", newline="")
    assert words_to_file(queries, tmp_path / "out.npz") == 2


def test_pictures_near_the_limit_in_one_table(tmp_path: Path) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (9, 9)).save(picture, "PNG")
    large = picture.getvalue() + bytes(35 * 2**20)  # what follows the end of a PNG is not read
    schema = pa.schema([("id", pa.int64()), ("image", pa.struct([("bytes", pa.binary())]))])
    path = tmp_path / "large.parquet"
    with pq.ParquetWriter(path, schema) as writer:
        for start in range(0, 64, 8):
            batch = {"id": list(range(start, start + 8)), "image": [{"bytes": large}] * 8}
            writer.write_table(pa.table(batch, schema))
    total, stream = items([path])
    assert total == sum(1 for _ in stream) == 64


def test_a_name_as_long_as_a_name_may_be_is_written_and_a_longer_one_is_known_at_once(
    tmp_path: Path, drawn_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / ("鞋" * 82 + ".npz")
    embedded(drawn_path, encoder="colour", out=out)
    assert [path.name for path in tmp_path.iterdir()] == [out.name]
    monkeypatch.setattr(Embedder, "chunk", None)
    with pytest.raises(CatalogError, match="can't be written"):
        embed_to_file([drawn_path], tmp_path / ("a" * 252 + ".npz"), "colour")


# A file that grows over the limit can't be written any further, as on a full disk.
LIMITED = """
import resource, sys
from pathlib import Path
from recommender.embedding import embed_to_file, words_to_file
from recommender.errors import CatalogError

resource.setrlimit(resource.RLIMIT_FSIZE, (3000, resource.RLIM_INFINITY))
source, out = map(Path, sys.argv[1:])
try:
    words_to_file(source, out) if source.suffix == ".txt" else embed_to_file([source], out, "colour")
except CatalogError as error:
    print(error)
"""


@pytest.mark.parametrize("kind", ["pictures", "words"])
def test_a_disk_that_is_full_is_said_in_a_sentence(tmp_path: Path, drawn_path: Path, kind: str) -> None:
    pytest.importorskip("resource", reason="Windows has no such limits")
    source, out = drawn_path, tmp_path / "out.npz"
    if kind == "words":
        source = tmp_path / "queries.txt"
        source.write_text("red shoes\n" * 50)
    np.savez(out, id=np.array(["old"]), vector=np.zeros((1, 2), np.float32))
    before = out.read_bytes()
    code = [sys.executable, "-c", LIMITED, str(source), str(out)]
    done = subprocess.run(code, capture_output=True, text=True, timeout=300, check=False)
    said = f"{str(out)!r} can't be written: is the disk full? Make room and embed again.\n"
    assert (done.stdout, done.returncode) == (said, 0), done.stderr
    assert out.read_bytes() == before
    assert not list(tmp_path.glob(".*"))


def test_what_else_keeps_a_file_from_being_written_is_told(
    tmp_path: Path, drawn_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(np, "savez", refuse)
    with pytest.raises(CatalogError, match=r"can't be written: Read-only file system\. Mend that and embed again\."):
        embed_to_file([drawn_path], tmp_path / "out.npz", "colour")
