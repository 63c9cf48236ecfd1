"""One contract over every registered index, and what each promises beyond it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.errors import IndexMismatchError, RecommenderError
from recommender.index import INDEXES, AutoIndex, ExactIndex, HnswIndex, Index
from recommender.index.auto import most_copies
from recommender.index.hnsw import EF_SEARCH
from tests.conftest import unit_rows

EVERY = list(INDEXES)
# The automatic one with a bound that makes it use its graph on the few vectors of a test.
MAKERS = {**{name: lambda v, name=name: INDEXES.create(name, vectors=v) for name in EVERY},
          "auto, graph": lambda v: AutoIndex(v, exact_below=0)}  # fmt: skip


def reference(vectors: np.ndarray, query: np.ndarray, k: int, allowed: np.ndarray | None) -> list[int]:
    """The k nearest rows in double precision."""
    rows = np.arange(len(vectors)) if allowed is None else np.flatnonzero(allowed)
    gaps = 1 - vectors[rows].astype(np.float64) @ query.astype(np.float64)
    return rows[np.lexsort((rows, gaps))][:k].tolist()


def check(index: Index, vectors: np.ndarray, query: np.ndarray, k: int, allowed: np.ndarray | None) -> np.ndarray:
    """What every answer has to be, whichever index gave it."""
    rows, gaps = index.search(query, k, allowed)
    available = len(vectors) if allowed is None else int(allowed.sum())
    assert len(rows) == len(gaps) == min(k, available)
    assert rows.dtype == np.int64
    assert gaps.dtype == np.float32
    assert len(set(rows.tolist())) == len(rows)
    assert allowed is None or allowed[rows].all()
    assert (np.diff(gaps) >= 0).all()
    assert (gaps >= 0).all()
    np.testing.assert_allclose(gaps, 1 - vectors[rows] @ query, atol=1e-5)
    ties = np.flatnonzero(np.diff(gaps) == 0)
    assert (rows[ties] < rows[ties + 1]).all()
    return rows


# ---------------------------------------------------------------- the contract


def test_all_are_registered() -> None:
    assert set(EVERY) == {"exact", "hnsw", "auto"}
    for name in EVERY:
        card = INDEXES.card(name)
        assert card.name == name
        assert card.title
        assert card.source
        assert card.licence
    with pytest.raises(RecommenderError, match=r"There is no index 'lsh'. Known: auto, exact, hnsw\."):
        INDEXES.create("lsh")


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
@pytest.mark.parametrize("share", [None, 0.0, 0.004, 0.05, 0.5, 1.0])
def test_holds_min_of_k_and_available(make, share: float | None, rng: np.random.Generator) -> None:
    vectors = unit_rows(rng, 500, 16)
    index = make(vectors)
    assert len(index) == 500
    allowed = None if share is None else np.arange(500) < round(share * 500)
    if allowed is not None:
        rng.shuffle(allowed)
    for k in (1, 2, 12, 100, 499, 500, 501, 10_000):
        for query in unit_rows(rng, 3, 16):
            check(index, vectors, query, k, allowed)


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_finds_the_nearest_of_few(make, rng: np.random.Generator) -> None:
    vectors = unit_rows(rng, 120, 8)
    index = make(vectors)
    for query in unit_rows(rng, 20, 8):
        allowed = rng.random(120) < 0.5
        assert check(index, vectors, query, 10, None).tolist() == reference(vectors, query, 10, None)
        assert check(index, vectors, query, 10, allowed).tolist() == reference(vectors, query, 10, allowed)


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
@pytest.mark.parametrize("k", [0, -1, -100])
def test_no_products_for_no_k(make, k: int, rng: np.random.Generator) -> None:
    vectors = unit_rows(rng, 10, 4)
    rows, gaps = make(vectors).search(vectors[0], k)
    assert len(rows) == len(gaps) == 0


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
@pytest.mark.parametrize("n", [0, 1, 2])
def test_tiny(make, n: int) -> None:
    vectors = np.eye(2, 4, dtype=np.float32)[:n]
    index = make(vectors)
    query = np.array([0, 1, 0, 0], np.float32)
    rows = check(index, vectors, query, 5, None)
    assert rows.tolist() == {0: [], 1: [0], 2: [1, 0]}[n]
    check(index, vectors, query, 5, np.zeros(n, bool))


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_duplicates_all_come_lowest_row_first(make, rng: np.random.Generator) -> None:
    # An odd width and number: a matrix product sums the last rows and columns in another way.
    vectors = np.repeat(unit_rows(rng, 7, 27), 41, axis=0)
    index = make(vectors)
    for group in range(7):
        query = vectors[group * 41]
        rows = check(index, vectors, query, 41, None)
        assert rows.tolist() == list(range(group * 41, group * 41 + 41))
        allowed = np.arange(287) % 2 == 0
        found = check(index, vectors, query, 5, allowed)
        if not isinstance(index, HnswIndex):  # the graph promises recall, not every one of many equal vectors
            assert found.tolist() == np.flatnonzero(allowed & (np.arange(287) >= group * 41))[:5].tolist()


def test_a_tie_that_rounding_breaks_is_one_still() -> None:
    """The second row is more similar by a last digit that no distance has."""
    low = np.float32(0.1)
    similar = np.array([low, np.nextafter(low, np.float32(1)), 0], np.float32)
    assert 1 - similar[0] == 1 - similar[1]
    vectors = np.stack([similar, np.sqrt(1 - similar**2)], axis=1)
    query = np.array([1, 0], np.float32)
    assert vectors[1] @ query > vectors[0] @ query
    assert ExactIndex(vectors).search(query, 1)[0].tolist() == [0]


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_all_vectors_alike(make) -> None:
    vectors = np.tile(np.eye(1, 9, dtype=np.float32), (400, 1))
    rows = check(make(vectors), vectors, vectors[0], 400, None)
    assert rows.tolist() == list(range(400))


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_threads_share_it(make, rng: np.random.Generator) -> None:
    vectors = unit_rows(rng, 600, 16)
    index = make(vectors)
    queries = unit_rows(rng, 60, 16)
    alone = [index.search(query, 10)[0].tolist() for query in queries]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda query: index.search(query, 10)[0].tolist(), queries)) == alone


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_other_number_types_do_as_well(make, rng: np.random.Generator) -> None:
    vectors = unit_rows(rng, 50, 8)
    double = make(np.asfortranarray(vectors.astype(np.float64)))
    assert double.search(vectors[3].astype(np.float64), np.int64(5))[0][0] == 3


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_vectors_any_filter_any_k(data: st.DataObject) -> None:
    n, d = data.draw(st.integers(0, 40)), data.draw(st.integers(1, 6))
    # Few different coordinates, so that ties and duplicates are the rule.
    cells = st.lists(st.sampled_from([-1.0, 0.0, 1.0]), min_size=d, max_size=d)
    raw = np.array(data.draw(st.lists(cells, min_size=n + 1, max_size=n + 1)), np.float32)
    raw[~raw.any(1), 0] = 1
    unit = raw / np.linalg.norm(raw, axis=1, keepdims=True)
    vectors, query = unit[:n], unit[n]
    allowed = data.draw(st.one_of(st.none(), st.lists(st.booleans(), min_size=n, max_size=n)))
    mask = None if allowed is None else np.array(allowed, dtype=bool)
    k = data.draw(st.integers(1, 50))
    answers = [check(make(vectors), vectors, query, k, mask).tolist() for make in MAKERS.values()]
    assert all(answer == answers[0] for answer in answers)


# ---------------------------------------------------------------- recall


@pytest.fixture(scope="module")
def clustered() -> tuple[np.ndarray, HnswIndex]:
    """20,000 vectors of 64 dimensions in 200 clusters, as products are, and the graph over them."""
    rng = np.random.default_rng(11)
    centres = unit_rows(rng, 200, 64)
    vectors = centres[rng.integers(200, size=20_000)] + 0.08 * rng.normal(size=(20_000, 64)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors, HnswIndex(vectors)


def recall(vectors: np.ndarray, index: Index, allowed: np.ndarray | None) -> float:
    """Share of the true ten nearest that the index finds, over 200 queries near the vectors."""
    rng = np.random.default_rng(12)
    exact = ExactIndex(vectors)
    near = vectors[rng.integers(len(vectors), size=200)] + 0.05 * rng.normal(size=(200, 64)).astype(np.float32)
    near /= np.linalg.norm(near, axis=1, keepdims=True)
    hits = [len(set(index.search(query, 10, allowed)[0]) & set(exact.search(query, 10, allowed)[0])) for query in near]
    return sum(hits) / 2000


def test_the_graph_finds_what_exact_search_finds(clustered: tuple[np.ndarray, HnswIndex]) -> None:
    vectors, graph = clustered
    assert recall(vectors, graph, None) >= 0.98


def test_filtered_recall_of_the_automatic_index(clustered: tuple[np.ndarray, HnswIndex]) -> None:
    vectors, graph = clustered
    index = AutoIndex(vectors, lambda: graph)
    rng = np.random.default_rng(3)
    for share in (0.05, 0.3, 0.6, 0.95):
        assert recall(vectors, index, rng.random(len(vectors)) < share) >= 0.95
    # A filter that keeps only what is far from most queries.
    far = vectors[:, 0] > np.quantile(vectors[:, 0], 0.7)
    for k in (1, 12, 64, 200):
        for query in vectors[~far][:20]:
            check(index, vectors, query, k, far)


# ---------------------------------------------------------------- the automatic switch


class Spy:
    """A graph that says it was asked."""

    def __init__(self, graph: HnswIndex) -> None:
        self.graph, self.asked = graph, 0

    def search(self, query: np.ndarray, k: int, allowed: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        self.asked += 1
        return self.graph.search(query, k, allowed)


def test_switches_by_size_filter_and_k(clustered: tuple[np.ndarray, HnswIndex]) -> None:
    vectors, graph = clustered
    spy = Spy(graph)
    index = AutoIndex(vectors, lambda: spy)  # type: ignore[arg-type, return-value]
    n = len(vectors)
    cases = [
        (12, None, "hnsw"),
        (EF_SEARCH // 2, None, "hnsw"),
        (EF_SEARCH // 2 + 1, None, "exact"),
        (12, 5001, "hnsw"),
        (12, 5000, "exact"),
        (12, 0, "exact"),
    ]
    for k, many, way in cases:
        allowed = None if many is None else np.arange(n) < many
        asked = spy.asked
        assert index.chosen(k, allowed) == way
        check(index, vectors, vectors[9], k, allowed)
        assert spy.asked - asked == (way == "hnsw")
    sparse = AutoIndex(vectors, lambda: graph, exact_below=100)
    assert sparse.chosen(12, np.arange(n) < n // 4) == "hnsw"
    assert sparse.chosen(12, np.arange(n) < n // 4 - 1) == "exact"


def test_a_small_catalogue_builds_no_graph(rng: np.random.Generator) -> None:
    def never() -> HnswIndex:
        raise AssertionError("a graph was built")

    vectors = unit_rows(rng, 5000, 4)
    assert AutoIndex(vectors, never).chosen(1) == "exact"
    with pytest.raises(AssertionError, match="a graph was built"):
        AutoIndex(unit_rows(rng, 5001, 4), never)


def test_copies_of_one_picture_hide_no_other_product(rng: np.random.Generator) -> None:
    centres = unit_rows(rng, 60, 32)
    vectors = centres[rng.integers(60, size=6000)] + 0.1 * rng.normal(size=(6000, 32)).astype(np.float32)
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    vectors[rng.choice(6000, 600, replace=False)] = vectors[0]
    index = AutoIndex(vectors, exact_below=1000)
    for row in range(0, 6000, 50):
        assert index.search(vectors[row], 3)[1][0] == pytest.approx(0, abs=1e-6)
    assert most_copies(vectors) >= 600
    assert most_copies(unit_rows(rng, 5000, 32)) == 1
    assert most_copies(vectors[:0]) == 0


def test_copies_that_differ_by_a_rounding_hide_no_other_product() -> None:
    """One picture in other batches: bit for bit its vectors are all different, and cut the graph as copies do."""
    rng = np.random.default_rng(0)
    centres = unit_rows(rng, 60, 32)
    vectors = _unit(centres[rng.integers(60, size=6000)] + 0.1 * rng.normal(size=(6000, 32)))
    copies = rng.choice(6000, 2000, replace=False)
    vectors[copies] = _unit(vectors[0] + 1e-7 * rng.normal(size=(2000, 32)))
    index = AutoIndex(vectors, exact_below=1000)
    assert all(row in index.search(vectors[row], 3)[0] for row in np.setdiff1d(np.arange(1, 6000), copies)[::5])
    for off in (1e-7, 1e-6, 1e-5):
        near = _unit(vectors[0] + off * rng.normal(size=(100, 32)))
        assert most_copies(near) > 16


def test_pictures_that_look_alike_are_no_copies(rng: np.random.Generator) -> None:
    first = unit_rows(rng, 1, 256)
    off = rng.normal(size=(500, 256))
    near = _unit(first + 0.01 * _unit(off))  # a cosine of 0.99995 with it
    assert (near @ first[0]).min() > 0.9999
    assert most_copies(near) == 1


def test_copies_that_follow_each_other_are_all_found() -> None:
    """Sizes of one product share a picture and lie in consecutive rows: the graph has to lead to each such group.

    With this seed four of them could not be reached when rows were added in their order.
    """
    rng = np.random.default_rng(3)
    centres = rng.normal(size=(60, 64))
    apart = _unit(centres[rng.integers(60, size=800)] + 0.6 * rng.normal(size=(800, 64)))
    queries = _unit(apart + 0.05 * rng.normal(size=apart.shape))
    index = HnswIndex(np.repeat(apart, 16, axis=0))
    found = [int(index.search(query, 12)[0][0]) // 16 for query in queries]
    assert found == (queries @ apart.T).argmax(1).tolist()


def _unit(rows: np.ndarray) -> np.ndarray:
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


# ---------------------------------------------------------------- on disk


def test_saved_and_loaded_it_answers_the_same(tmp_path: Path, rng: np.random.Generator) -> None:
    vectors = unit_rows(rng, 800, 16)
    built = HnswIndex(vectors)
    built.save(tmp_path / "graph.bin")
    loaded = HnswIndex(vectors, tmp_path / "graph.bin")
    assert len(loaded) == 800
    for query in unit_rows(rng, 20, 16):
        for one, other in zip(built.search(query, 15), loaded.search(query, 15), strict=True):
            assert one.tolist() == other.tolist()


def test_building_is_repeatable(tmp_path: Path, rng: np.random.Generator) -> None:
    vectors = unit_rows(rng, 800, 16)
    HnswIndex(vectors).save(tmp_path / "a")
    HnswIndex(vectors).save(tmp_path / "b")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_damaged_file_is_refused(tmp_path: Path, rng: np.random.Generator) -> None:
    vectors = unit_rows(rng, 300, 8)
    path = tmp_path / "graph.bin"
    HnswIndex(vectors).save(path)
    data = path.read_bytes()
    # One flipped bit in a link would send hnswlib into foreign memory, so each must be noticed.
    spoilt = [bytes(data[:place]) + bytes([data[place] ^ 1]) + data[place + 1 :] for place in range(0, len(data), 997)]
    for bad in [*spoilt, b"", data[:10], data[:-1], data + b"\0", bytes(len(data))]:
        path.write_bytes(bad)
        with pytest.raises(IndexMismatchError, match=r"The index file graph.bin is damaged"):
            HnswIndex(vectors, path)


def test_the_graph_of_other_vectors_is_refused(tmp_path: Path, rng: np.random.Generator) -> None:
    vectors = unit_rows(rng, 300, 8)
    HnswIndex(vectors).save(tmp_path / "graph.bin")
    for other in (unit_rows(rng, 300, 8), vectors[:299], vectors[:, :7], vectors.reshape(600, 4)):
        with pytest.raises(IndexMismatchError, match="other vectors"):
            HnswIndex(other, tmp_path / "graph.bin")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(IndexMismatchError, match="can't be read"):
        HnswIndex(np.eye(3, dtype=np.float32), tmp_path / "none.bin")
