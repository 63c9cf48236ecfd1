"""The rendering studio: what it draws, says and writes. Only the last tests need Blender."""

from __future__ import annotations

import io
import json
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
import zlib
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from recommender.studio import articles, brands, describe, lettering, palette, patterns, prints, render
from recommender.studio.design import ARTICLES, Article, Design

COUNT = 300


@pytest.fixture(scope="module")
def products() -> list[describe.Described]:
    """A catalogue of some hundred products."""
    return describe.designs(COUNT, seed=7)


def test_registry_loads_without_blender() -> None:
    already = "bpy" in sys.modules
    registry = articles.load()
    assert len(registry) >= 10
    assert ("bpy" in sys.modules) == already


def test_every_article_uses_known_words() -> None:
    for item in articles.load().values():
        assert set(item.colours) <= set(palette.COLOURS), item.articleType
        assert set(item.patterns) <= {"plain", *patterns.VARIANTS, "graphic"}, item.articleType
        assert set(item.genders) <= {"Men", "Women", "Boys", "Girls", "Unisex"}, item.articleType
        assert set(item.seasons) <= {"Spring", "Summer", "Fall", "Winter"}, item.articleType
        assert 0 < item.price[0] < item.price[1], item.articleType
        assert item.nouns, item.articleType
        assert item.weight > 0, item.articleType


def test_same_seed_same_products(products: list[describe.Described]) -> None:
    assert describe.designs(COUNT, seed=7) == products
    assert describe.designs(COUNT, seed=8) != products


def test_count_and_ids(products: list[describe.Described]) -> None:
    assert len(products) == COUNT
    ids = [p.id for p in products]
    assert len(set(ids)) == COUNT
    assert all(i.isdigit() for i in ids)
    assert {p.design.articleType for p in products} == set(articles.load())


def test_larger_catalogue_keeps_the_products(products: list[describe.Described]) -> None:
    larger = {p.id: p for p in describe.designs(COUNT * 2, seed=7)}
    kept = [p for p in products if larger.get(p.id) == p]
    assert len(kept) == len(products)


def test_new_article_changes_no_other(products: list[describe.Described], monkeypatch: pytest.MonkeyPatch) -> None:
    like = articles.load()["Tshirts"]
    monkeypatch.setitem(ARTICLES, "Ponchos", replace(like, articleType="Ponchos"))
    more = {p.id: p for p in describe.designs(COUNT * 2, seed=7)}
    assert any(p.design.articleType == "Ponchos" for p in more.values())
    assert all(more[p.id] == p for p in products if p.id in more)
    assert sum(p.id in more for p in products) > 0.9 * COUNT


def test_the_ids_of_the_shipped_catalogue_begin_as_set_down() -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    from recommender.settings import ASSETS

    shipped = parquet.read_table(ASSETS / "demo" / "catalogue.parquet", columns=["id", "articleType"]).to_pylist()
    assert {row["articleType"]: int(row["id"][:3]) for row in shipped} == describe.BLOCKS


def test_a_new_article_of_a_number_that_is_taken_moves_on_itself() -> None:
    """Even where its file is read first."""
    registry = articles.load()
    before = describe.blocks(registry)
    for taken in ("Watches", "Flats"):  # of "Flats" both numbers after its own are taken as well
        named = (f"Type {i}" for i in range(100_000))
        new = next(name for name in named if 100 + zlib.crc32(name.encode()) % 900 == before[taken])
        after = describe.blocks({new: replace(registry["Tops"], articleType=new), **registry})
        assert {name: after[name] for name in registry} == before
        assert after[new] not in before.values()


def test_one_article_alone_is_the_same(products: list[describe.Described]) -> None:
    alone = {p.id: p for p in describe.designs(400, seed=7, articles=["Watches"])}
    shirts = [p for p in products if p.design.articleType == "Watches"]
    assert shirts
    assert all(alone[p.id] == p for p in shirts)


def test_unknown_article_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown articles: Snorkels"):
        describe.designs(5, articles=["Snorkels"])
    assert describe.designs(0) == []


def test_labels_come_from_the_article(products: list[describe.Described]) -> None:
    for p in products:
        item = ARTICLES[p.design.articleType]
        assert p.design.baseColour in item.colours
        assert p.design.pattern in item.patterns
        assert p.design.gender in item.genders
        assert (p.design.subCategory, p.design.masterCategory) == (item.subCategory, item.masterCategory)
        assert p.isFragile == item.fragile
        assert p.year in describe.YEARS
        assert all(0 <= c <= 1 for c in (*p.design.colour, *p.design.accent))


def test_titles_read_as_in_a_shop(products: list[describe.Described]) -> None:
    for p in products:
        assert p.title.startswith(f"{p.brand} {p.design.gender} ")
        assert p.design.baseColour in p.title
        assert p.title.endswith(ARTICLES[p.design.articleType].nouns)
        assert "  " not in p.title


def test_prices_are_whole_or_end_in_99(products: list[describe.Described]) -> None:
    for p in products:
        low, high = ARTICLES[p.design.articleType].price
        assert low - 0.01 <= p.price <= high
        assert round(p.price % 1, 2) in (0.0, 0.99)


def test_dear_brands_cost_more(products: list[describe.Described]) -> None:
    shares: dict[int, list[float]] = {0: [], 1: [], 2: []}
    for p in products:
        low, high = ARTICLES[p.design.articleType].price
        shares[brands.tier(p.design.masterCategory, p.brand)].append((p.price - low) / (high - low))
    assert np.mean(shares[0]) < np.mean(shares[1]) < np.mean(shares[2])


def test_variants_share_all_but_the_colour() -> None:
    every = describe.designs(2000, seed=7)
    by_id = {p.id: p for p in every}
    variants = [p for p in every if p.variantOf and not p.duplicateOf]
    assert 0.07 < len(variants) / len(every) < 0.17
    for p in variants:
        first = by_id[p.variantOf or ""]
        assert first.variantOf is None
        assert first.design.seed == p.design.seed
        assert first.design.articleType == p.design.articleType
        assert first.design.baseColour != p.design.baseColour
        assert (first.brand, first.price, first.year) == (p.brand, p.price, p.year)


def test_duplicates_repeat_a_picture() -> None:
    every = describe.designs(2000, seed=7)
    by_id = {p.id: p for p in every}
    copies = [p for p in every if p.duplicateOf]
    assert 0.005 < len(copies) / len(every) < 0.03
    assert {p.copy for p in copies} == {"exact", "near"}
    for p in copies:
        first = by_id[p.duplicateOf or ""]
        assert first.duplicateOf is None
        assert replace(first.design, id=p.id) == p.design


def test_palette_is_rich_and_consistent() -> None:
    assert len(palette.COLOURS) >= 32
    rng = np.random.default_rng(0)
    for word in palette.COLOURS:
        for _ in range(5):
            colour = palette.shade(word, rng)
            assert all(0 < c < 1 for c in colour), word
            other, accent = palette.accent(word, colour, rng)
            assert other in palette.COLOURS
            assert palette.contrast(colour, accent) > 0.25, (word, other)
    for word, partners in palette.PARTNERS.items():
        assert word in palette.COLOURS
        assert set(partners) <= set(palette.COLOURS)


def test_linear_and_hex_are_inverse() -> None:
    for shades in palette.COLOURS.values():
        for value in shades:
            assert patterns.to_hex(palette.linear(value)) == value


def test_brands_are_many_and_unique() -> None:
    every = [name for names in brands.BRANDS.values() for name in names]
    assert len(every) == len(set(every))
    assert all(len(names) >= 30 for names in brands.BRANDS.values())
    known = {"Nike", "Adidas", "Puma", "Reebok", "Levis", "Gucci", "Prada", "Zara", "Fossil", "Casio", "Titan", "Fila"}
    assert not known & set(every)


@pytest.mark.parametrize("variant", sorted(patterns.NAMED))
def test_tiles_are_valid_svg(variant: str) -> None:
    for seed in range(4):
        tile = patterns.tile("striped", (0.1, 0.2, 0.3), (0.8, 0.7, 0.1), seed, variant)
        root = ElementTree.fromstring(tile.svg())
        assert root.tag.endswith("svg")
        assert not tile.placed
        assert 0.005 < tile.width < 0.3
        assert tile == patterns.tile("striped", (0.1, 0.2, 0.3), (0.8, 0.7, 0.1), seed, variant)


@pytest.mark.parametrize("variant", sorted(prints.PRINTS))
def test_prints_are_valid_svg(variant: str) -> None:
    for seed in range(8):
        tile = patterns.tile("graphic", (0.02, 0.02, 0.05), (0.7, 0.1, 0.1), seed, variant)
        ElementTree.fromstring(tile.svg())
        assert tile.placed


def test_prints_need_no_font() -> None:
    for names in (prints.NAMES, prints.PLACES, *prints.SLOGANS):
        for name in names:
            assert all(c == " " or c in lettering.GLYPHS for c in name.upper())
    assert "<text" not in "".join(patterns.tile("graphic", (0, 0, 0), (1, 1, 1), s).svg() for s in range(40))


@pytest.mark.parametrize("kind", [*patterns.VARIANTS, "graphic"])
def test_patterns_raster(kind: str) -> None:
    pytest.importorskip("resvg_py")
    made = patterns.draw(kind, (0.02, 0.02, 0.2), (0.9, 0.9, 0.9), seed=3)
    with Image.open(made.path) as image:
        assert min(image.size) >= 4
        if kind == "graphic":
            assert image.convert("RGBA").getpixel((0, 0))[3] == 0  # outside a print is clear


@pytest.mark.skipif(sys.platform == "win32", reason="there each user has a temporary folder")
def test_patterns_lie_in_a_folder_of_this_users_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    own = patterns.folder()
    assert own.parent == tmp_path
    assert patterns.folder() == own
    assert own.stat().st_mode & 0o077 == 0
    patterns._new_folder.cache_clear()
    try:
        # As if somebody else had made it, to have a picture of theirs on a product.
        own.chmod(0o777)
        other = patterns.folder()
        assert other != own
        assert other.stat().st_mode & 0o077 == 0
        assert patterns.folder() == other
        own.rmdir()
        own.symlink_to(other)
        assert patterns.folder() == other
    finally:
        patterns._new_folder.cache_clear()


def test_a_pattern_is_drawn_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    fake = SimpleNamespace(svg_to_bytes=lambda svg_string, **how: drawn.append(svg_string) or b"picture")
    monkeypatch.setitem(sys.modules, "resvg_py", fake)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    one, again = (patterns.draw("striped", (0.1, 0.2, 0.3), (0.9, 0.9, 0.9), seed=3) for _ in range(2))
    assert one == again
    assert len(drawn) == 1
    assert one.path.read_bytes() == b"picture"
    assert [path.name for path in one.path.parent.iterdir()] == [one.path.name]
    assert one.path.parent == patterns.folder()


def test_fingerprint_follows_the_design(products: list[describe.Described]) -> None:
    design = products[0].design
    assert render.fingerprint(design, 32) == render.fingerprint(replace(design, id="other"), 32)
    assert render.fingerprint(design, 32) != render.fingerprint(design, 16)
    assert render.fingerprint(design, 32) != render.fingerprint(replace(design, seed=design.seed + 1), 32)
    assert render.fingerprint(design, 32) != render.fingerprint(design, 32, snapshot=True)


def fake_picture(design: Design) -> bytes:
    """JPEG of one plain colour."""
    image = Image.new("RGB", (render.WIDTH, render.HEIGHT), patterns.to_hex(design.colour))
    return render.encode(image)


def test_catalogue_is_written_and_resumed(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    made: list[str] = []

    def jobs_done(jobs: list[render.Job], processes: int, progress: render.Progress | None = None) -> None:
        for job in jobs:
            if not job.path.exists():
                made.append(job.design.id)
                render.write_atomically(job.path, fake_picture(job.design))

    monkeypatch.setattr(render, "run_jobs", jobs_done)
    out = tmp_path / "catalogue.parquet"
    render.render_catalogue(out, count=90, seed=3)
    table = parquet.read_table(out)
    assert table.num_rows == 90
    assert table.column_names[0] == "id"
    assert parquet.ParquetFile(out).num_row_groups == 2
    row = table.slice(5, 1).to_pylist()[0]
    assert isinstance(row["price"], float)
    assert isinstance(row["isFragile"], bool)
    assert row["image"]["path"] == f"{row['id']}.jpg"
    assert Image.open(io.BytesIO(row["image"]["bytes"])).size == (render.WIDTH, render.HEIGHT)
    first = len(made)
    before = out.read_bytes()
    render.render_catalogue(out, count=90, seed=3)
    assert len(made) == first
    assert out.read_bytes() == before
    assert not [*tmp_path.glob("**/*.part"), *tmp_path.glob("**/*.tmp")]


def test_snapshots_show_each_product_once(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    asked: list[render.Job] = []

    def jobs_done(jobs: list[render.Job], processes: int, progress: render.Progress | None = None) -> None:
        asked.extend(jobs)
        for job in jobs:
            render.write_atomically(job.path, fake_picture(job.design))

    monkeypatch.setattr(render, "run_jobs", jobs_done)
    out = render.render_catalogue(tmp_path / "snapshots.parquet", count=200, seed=3, snapshots=True)
    found = parquet.read_table(out)
    assert 150 < found.num_rows < 200
    assert found.column("duplicateOf").null_count == found.num_rows
    assert len(asked) == found.num_rows
    assert all(job.snapshot for job in asked)


def test_near_copy_is_near() -> None:
    data = fake_picture(describe.designs(1, seed=2)[0].design)
    copy = render.near_copy(data, "123456")
    assert copy != data
    assert render.near_copy(data, "123456") == copy
    a, b = (np.asarray(Image.open(io.BytesIO(d)), dtype=float) for d in (data, copy))
    assert a.shape == b.shape
    assert np.abs(a - b).mean() < 12


def test_crashing_picture_is_given_up(tmp_path) -> None:
    from collections import deque

    design = describe.designs(1, seed=2)[0].design
    jobs = [render.Job(design, tmp_path / f"{k}.jpg", 4) for k in range(3)]
    waiting: deque[render.Job] = deque()
    crashes: dict = {}
    render._give_back(jobs, waiting, crashes, -11)
    assert list(waiting) == jobs
    waiting.clear()
    render._give_back(jobs, waiting, crashes, -11)
    assert list(waiting) == jobs[1:]
    assert render.error_file(jobs[0]).exists()


def test_article_rejects_a_second_registration() -> None:
    from recommender.studio.design import article

    item: Article = articles.load()["Tshirts"]
    with pytest.raises(ValueError, match="registered twice"):
        article("Tshirts", "Topwear", "Apparel")(item.build)


@pytest.mark.parametrize("name", ["Tshirts", "Casual Shoes"])
def test_a_picture_is_rendered(name: str) -> None:
    pytest.importorskip("bpy")
    design = replace(describe.designs(1, seed=4, articles=[name])[0].design, pattern="plain")
    image = render.picture(design, samples=16, width=60, height=80)
    data = np.asarray(image, dtype=float)
    assert data.shape == (80, 60, 3)
    assert min(data[:3, :3].min(), data[-4:-1, -4:-1].min()) >= 250  # clean background
    assert (data.min(axis=2) < 240).mean() > 0.08  # something stands before it


@pytest.mark.parametrize("name", ["Tshirts", "Handbags"])
def test_a_snapshot_is_no_studio_picture(name: str) -> None:
    pytest.importorskip("bpy")
    from recommender.studio.snapshots import snapshot

    design = describe.designs(1, seed=4, articles=[name])[0].design
    first, second = (np.asarray(snapshot(design, samples=8, width=60, height=80), dtype=float) for _ in range(2))
    assert first.shape == (80, 60, 3)
    assert np.array_equal(first, second)
    assert min(first[0].min(1).mean(), first[-1].min(1).mean()) < 235  # no white background


def test_sample_photos_are_listed_with_what_they_show() -> None:
    from recommender.settings import ASSETS

    listed = json.loads((ASSETS / "samples" / "samples.json").read_text(encoding="utf-8"))
    assert {one["file"] for one in listed} == {path.name for path in (ASSETS / "samples").glob("*.jpg")}
    assert len(listed) >= 12
    assert len({one["title"] for one in listed}) == len(listed)
    shown = [one["shows"] for one in listed]
    assert shown.count(None) >= 2
    assert {kind for kind in shown if kind} <= set(articles.load())


def test_contact_sheet_shows_each_article_type(tmp_path: Path) -> None:
    from recommender.settings import ASSETS
    from recommender.studio.sheet import GAP, TILE, contact_sheet

    size = contact_sheet(ASSETS / "demo" / "catalogue.parquet", tmp_path / "sheet.jpg", each=1, wide=8)
    assert size[0] == 8 * (TILE[0] + GAP) + GAP
    assert size[1] >= 3 * (TILE[1] + GAP)
    with Image.open(tmp_path / "sheet.jpg") as sheet:
        assert sheet.size == size
        # The first tile is a product on white, not the sheet's own ground.
        assert min(sheet.getpixel((GAP + 6, GAP + 6))) > 235
