"""What is kept on disk: found again, rebuilt where anything changed or is damaged, never half written."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from recommender.atlas import Atlas
from recommender.catalog import from_table, load_catalog
from recommender.errors import CatalogError
from recommender.files import atomic
from recommender.index import HnswIndex
from recommender.service import Recommender
from recommender.settings import Settings
from recommender.workspace import Workspace, fingerprint, read_vectors, write_vectors
from tests import drawn
from tests.conftest import unit_rows


class Maker:
    """Gives vectors and counts how often it had to."""

    def __init__(self, vectors: np.ndarray) -> None:
        self.vectors, self.calls = vectors, 0

    def __call__(self) -> np.ndarray:
        self.calls += 1
        return self.vectors


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(Settings(workspace=tmp_path / "deep" / "workspace"))


# ---------------------------------------------------------------- atomic writing


def test_atomic_writes_all_or_nothing(tmp_path: Path) -> None:
    path = tmp_path / "new" / "file.txt"
    with atomic(path) as draft:
        draft.write_text("one")
        assert not path.exists()
    assert path.read_text() == "one"
    with pytest.raises(KeyError), atomic(path) as draft:  # noqa: PT012
        draft.write_text("half")
        raise KeyError("stopped")
    assert path.read_text() == "one"
    assert [p.name for p in path.parent.iterdir()] == ["file.txt"]


def test_what_is_kept_can_be_read_by_others(tmp_path: Path) -> None:
    with atomic(tmp_path / "file") as draft:
        draft.write_text("x")
    (tmp_path / "other").write_text("x")
    assert (tmp_path / "file").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_what_is_private_stays_so(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.touch(0o600)
    with atomic(path) as draft:
        draft.write_text("x")
    assert path.read_text() == "x"
    assert path.stat().st_mode & 0o777 == 0o600


KILLED = """
    import os, signal, sys
    from pathlib import Path
    import numpy as np
    import recommender.files as files
    from recommender.workspace import write_vectors

    def die(*_):
        os.kill(os.getpid(), signal.SIGKILL)

    moment = sys.argv[2]
    if moment == "writing":
        np.savez = lambda file, **_: (file.write(b"half"), file.flush(), die())
    elif moment == "flushing":
        files.os.fsync = die
    else:
        files.os.replace = die
    write_vectors(Path(sys.argv[1]), np.ones((3, 2), np.float32))
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system can't kill a process like that")
@pytest.mark.parametrize("moment", ["writing", "flushing", "renaming"])
def test_a_writer_that_is_killed_leaves_the_old_one(tmp_path: Path, moment: str) -> None:
    path = tmp_path / "vectors-k.npz"
    old = np.arange(6, dtype=np.float32).reshape(3, 2)
    write_vectors(path, old)
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(KILLED), str(path), moment], check=False)
    assert done.returncode == -signal.SIGKILL
    assert len(list(tmp_path.iterdir())) == 2  # it did begin
    np.testing.assert_array_equal(read_vectors(path), old)


def test_many_writers_at_once(tmp_path: Path) -> None:
    path = tmp_path / "vectors.npz"

    def write(number: int) -> None:
        write_vectors(path, np.full((200, 50), number, np.float32))
        found = read_vectors(path)
        assert found is not None
        assert len(np.unique(found)) == 1

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(40)))
    assert [p.name for p in tmp_path.iterdir()] == ["vectors.npz"]


# ---------------------------------------------------------------- vectors


def test_vectors_are_made_once(workspace: Workspace, rng: np.random.Generator) -> None:
    make = Maker(unit_rows(rng, 9, 4))
    for _ in range(3):
        np.testing.assert_array_equal(workspace.vectors("key", (9, 4), make), make.vectors)
    assert make.calls == 1


def test_another_key_or_shape_is_made_anew(workspace: Workspace, rng: np.random.Generator) -> None:
    make = Maker(unit_rows(rng, 9, 4))
    workspace.vectors("key", (9, 4), make)
    workspace.vectors("other", (9, 4), make)
    assert make.calls == 2
    shorter = Maker(make.vectors[:8])
    assert len(workspace.vectors("key", (8, 4), shorter)) == 8
    assert shorter.calls == 1


def test_fingerprints_keep_their_parts_apart() -> None:
    marks = {fingerprint("a", "b"), fingerprint("b", "a"), fingerprint("ab"), fingerprint("a"), fingerprint("a", "c")}
    assert len(marks) == 5
    assert fingerprint("a", "b") == fingerprint("a", "b")
    split = [("a|b",), ("a", "b"), ("a\\", "b"), ("a\\|b",), ("a|", "b"), ("a", "|b"), ("a||b",)]
    assert len({fingerprint(*parts) for parts in split}) == len(split)
    # What lies on people's disks, and is shipped, was named so.
    assert fingerprint("a", "b") == "845b8fa93db65f1ce8dd2f20"


def spoil_flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 4
    path.write_bytes(bytes(data))


def spoil_pickle(path: Path) -> None:
    with path.open("wb") as file:
        np.savez(file, vector=np.array([[object()] * 16] * 50, dtype=object))


def spoil_array(path: Path) -> None:
    with path.open("wb") as file:
        np.save(file, np.ones((50, 16), np.float32))


def spoil_nan(path: Path) -> None:
    write_vectors(path, np.full((50, 16), np.nan))


SPOIL: dict[str, Callable[[Path], object]] = {
    "a flipped bit": spoil_flip,
    "cut short": lambda path: path.write_bytes(path.read_bytes()[:-100]),
    "only begun": lambda path: path.write_bytes(path.read_bytes()[:100]),
    "empty": lambda path: path.write_bytes(b""),
    "text": lambda path: path.write_text("no vectors here"),
    "pickled objects": spoil_pickle,
    "a bare array": spoil_array,
    "not numbers": spoil_nan,
    "another name inside": lambda path: np.savez(path, other=np.ones((50, 16), np.float32)),
}


@pytest.mark.parametrize("spoil", SPOIL.values(), ids=SPOIL)
def test_damaged_vectors_are_made_anew(
    workspace: Workspace, spoil: Callable[[Path], object], rng: np.random.Generator
) -> None:
    make = Maker(unit_rows(rng, 50, 16))
    workspace.vectors("key", (50, 16), make)
    spoil(workspace.folder / "vectors-key.npz")
    np.testing.assert_array_equal(workspace.vectors("key", (50, 16), make), make.vectors)
    assert make.calls == 2
    workspace.vectors("key", (50, 16), make)
    assert make.calls == 2  # and kept again


def test_reading_random_damage_never_raises(tmp_path: Path, rng: np.random.Generator) -> None:
    path = tmp_path / "v.npz"
    write_vectors(path, unit_rows(rng, 20, 8))
    data = path.read_bytes()
    for _ in range(300):
        spoilt = bytearray(data)
        for place in rng.integers(0, len(data), 3):
            spoilt[place] = int(rng.integers(256))
        path.write_bytes(bytes(spoilt))
        read_vectors(path)


@pytest.fixture
def blocked(tmp_path: Path) -> Workspace:
    """A workspace whose folder can't be made, for root neither: a file is in its way."""
    (tmp_path / "file").write_text("")
    return Workspace(Settings(workspace=tmp_path / "file" / "workspace"))


def test_a_folder_that_cannot_be_written_is_no_error(blocked: Workspace, rng: np.random.Generator) -> None:
    make = Maker(unit_rows(rng, 9, 4))
    for calls in (1, 2):
        np.testing.assert_array_equal(blocked.vectors("key", (9, 4), make), make.vectors)
        assert make.calls == calls
        assert blocked.graph("key", make.vectors).search(make.vectors[2], 1)[0].tolist() == [2]


def test_a_folder_that_may_not_be_looked_into_is_no_error(
    tmp_path: Path, rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:  # the superuser, who may run the tests, may look into all
        raise PermissionError(13, "Permission denied")

    workspace, vectors = Workspace(Settings(workspace=tmp_path)), unit_rows(rng, 9, 4)
    for ask in ("stat", "is_file", "read_bytes", "mkdir"):
        monkeypatch.setattr(Path, ask, refuse)
    assert workspace.graph("key", vectors).search(vectors[2], 1)[0].tolist() == [2]


def test_an_account_without_a_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def homeless(_: type[Path]) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("RECOMMENDER_WORKSPACE")
    monkeypatch.setattr(Path, "home", classmethod(homeless))
    assert Settings().workspace.name == "recommender"
    monkeypatch.setenv("RECOMMENDER_WORKSPACE", str(tmp_path))
    assert Settings().workspace == tmp_path


# ---------------------------------------------------------------- graphs


@pytest.fixture
def builds(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Grows by "built" or "loaded" with each graph."""
    seen: list[str] = []
    make = HnswIndex.__init__

    def spy(self: HnswIndex, vectors: np.ndarray, path: Path | None = None) -> None:
        make(self, vectors, path)
        seen.append("built" if path is None else "loaded")

    monkeypatch.setattr(HnswIndex, "__init__", spy)
    return seen


def test_graphs_are_built_once(workspace: Workspace, rng: np.random.Generator, builds: list[str]) -> None:
    vectors = unit_rows(rng, 60, 8)
    for _ in range(3):
        assert workspace.graph("key", vectors).search(vectors[7], 1)[0].tolist() == [7]
    assert builds == ["built", "loaded", "loaded"]


def test_damaged_or_foreign_graphs_are_built_anew(
    workspace: Workspace, rng: np.random.Generator, builds: list[str]
) -> None:
    vectors = unit_rows(rng, 60, 8)
    workspace.graph("key", vectors)
    spoil_flip(workspace.folder / "graph-key.bin")
    assert workspace.graph("key", vectors).search(vectors[7], 1)[0].tolist() == [7]
    other = unit_rows(rng, 60, 8)
    assert workspace.graph("key", other).search(other[7], 1)[0].tolist() == [7]
    workspace.graph("key", other)
    assert builds == ["built", "built", "built", "loaded"]


# ---------------------------------------------------------------- through the service


def opened(path: Path, folder: Path, encoder: str = "colour") -> tuple[Recommender, list[int]]:
    """The shop of a table, and the progress that embedding it reported (none where it was kept)."""
    seen: list[int] = []
    shop = Recommender.open(path, encoder, Settings(workspace=folder), lambda done, _: seen.append(done))
    return shop, seen


def test_a_catalogue_is_embedded_once_and_again_when_it_changes(tmp_path: Path) -> None:
    entries = drawn.rows()[:20]
    path = drawn.write(tmp_path / "shop.parquet", entries)
    folder = tmp_path / "workspace"
    first, seen = opened(path, folder)
    assert seen == [20]
    again, seen = opened(path, folder)
    assert seen == []
    np.testing.assert_array_equal(first.vectors, again.vectors)
    drawn.write(path, [drawn.changed(entry, price=1.0) for entry in entries])
    assert opened(path, folder)[1] == []  # what vectors don't depend on costs nothing
    drawn.write(path, [*entries[1:], entries[0]])
    moved, seen = opened(path, folder)
    assert seen == [20]
    np.testing.assert_array_equal(moved.vectors, np.roll(first.vectors, -1, axis=0))
    assert opened(path, folder, "house")[1] == [20]


def test_the_graph_of_a_larger_catalogue_is_kept(tmp_path: Path, drawn_path: Path, builds: list[str]) -> None:
    settings = Settings(workspace=tmp_path, exact_below=50)
    for way in ("built", "loaded"):
        shop = Recommender.open(drawn_path, "colour", settings)
        assert builds.pop() == way
        assert shop.similar_to("1000", 3).products


def test_pictures_that_cannot_be_used_cost_no_other_product(tmp_path: Path) -> None:
    entries = drawn.rows()[:12]
    entries[0] = drawn.changed(entries[0], image={"bytes": b"no picture", "path": None})
    entries[7] = drawn.changed(entries[7], image={"bytes": entries[7]["image"]["bytes"][:300], "path": None})
    path = drawn.write(tmp_path / "shop.parquet", entries)
    whole = load_catalog(path)
    for seen_now in ([12], []):  # as embedded, and as kept
        shop, seen = opened(path, tmp_path / "workspace")
        assert seen == seen_now
        assert len(shop.catalogue) == len(shop.vectors) == 10
        assert [line.split(":")[0] for line in shop.catalogue.skipped] == ["Product '1000'", "Product '1007'"]
        assert "is a text file" in shop.catalogue.skipped[0]
        answer = shop.similar_to("1008", 20)
        assert sorted(p.id for p in answer.products) == sorted(set(whole.ids) - {"1000", "1007", "1008"})
        for product in answer.products:
            assert product.image == whole.image(whole.row_of(product.id))
        with pytest.raises(CatalogError):
            shop.product("1007")


def test_another_selection_of_as_many_products_has_vectors_of_its_own(tmp_path: Path) -> None:
    whole = from_table(drawn.table(drawn.rows()[:12]), "shop")
    settings = Settings(workspace=tmp_path)
    first, second = whole.without({3: "sold"}), whole.without({10: "sold"})
    assert first.fingerprint != second.fingerprint
    assert first.fingerprint == from_table(drawn.table([*drawn.rows()[:3], *drawn.rows()[4:12]]), "x").fingerprint
    for part in (first, second):
        shop = Recommender.open(part, "colour", settings)
        photo = part.image(4)
        assert shop.recommend(photo, 1).products[0].id == part.ids[4]


def test_a_picture_that_was_refused_before_is_tried_again(tmp_path: Path) -> None:
    entries = drawn.rows()[:12]
    large = drawn.draw(entries[3]["articleType"], entries[3]["baseColour"], 3, (300, 400))
    entries[3] = drawn.changed(entries[3], image={"bytes": drawn.jpeg(large), "path": None})
    path = drawn.write(tmp_path / "shop.parquet", entries)
    strict = Settings(workspace=tmp_path / "workspace", max_pixels=100_000)
    shop = Recommender.open(path, "colour", strict)
    assert len(shop.catalogue) == 11
    assert "million pixels" in shop.catalogue.skipped[0]
    again = Recommender.open(path, "colour", Settings(workspace=tmp_path / "workspace"))
    fresh = Recommender.open(path, "colour", Settings(workspace=tmp_path / "other"))
    assert not again.catalogue.skipped
    np.testing.assert_array_equal(again.vectors, fresh.vectors)


def test_vectors_of_pictures_that_were_decoded_otherwise_are_not_taken(tmp_path: Path) -> None:
    large = drawn.draw("Tshirts", "Blue", 3, (300, 400), striped=True)
    entries = [drawn.changed(entry, image={"bytes": drawn.jpeg(large), "path": None}) for entry in drawn.rows()[:3]]
    path = drawn.write(tmp_path / "shop.parquet", entries)
    small = Recommender.open(path, "colour", Settings(workspace=tmp_path / "workspace", decode_side=40))
    usual = Recommender.open(path, "colour", Settings(workspace=tmp_path / "workspace"))
    fresh = Recommender.open(path, "colour", Settings(workspace=tmp_path / "other"))
    np.testing.assert_array_equal(usual.vectors, fresh.vectors)
    assert np.abs(small.vectors - usual.vectors).max() > 1e-3
    assert Atlas(small)._map("pca").file != Atlas(usual)._map("pca").file


def test_what_limits_let_through_is_not_what_others_do(tmp_path: Path) -> None:
    path = drawn.write(tmp_path / "shop.parquet", drawn.rows()[:4])
    usual = Recommender.open(path, "colour", Settings(workspace=tmp_path / "workspace"))
    assert len(usual.vectors) == 4
    with pytest.raises(CatalogError, match="no product with a readable picture"):
        Recommender.open(path, "colour", Settings(workspace=tmp_path / "workspace", max_pixels=100))
    again = Recommender.open(path, "colour", Settings(workspace=tmp_path / "workspace"))
    np.testing.assert_array_equal(again.vectors, usual.vectors)


def test_no_usable_picture_is_one_sentence() -> None:
    bad = [drawn.changed(entry, image={"bytes": b"?", "path": None}) for entry in drawn.rows()[:3]]
    with pytest.raises(CatalogError, match="'bad' holds no product with a readable picture"):
        Recommender.open(from_table(drawn.table(bad), "bad"), "colour")
    with pytest.raises(CatalogError, match="'none' holds no product"):
        Recommender.open(from_table(drawn.table(bad), "none").without({0: "", 1: "", 2: ""}), "colour")
