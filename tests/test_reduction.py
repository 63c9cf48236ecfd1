"""The contract of every map method, what each is to agree with, and the measures of a map's quality."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from sklearn.datasets import make_swiss_roll
from sklearn.decomposition import PCA, KernelPCA
from sklearn.manifold import Isomap as ReferenceIsomap
from sklearn.manifold import trustworthiness as reference_trustworthiness
from sklearn.neighbors import KNeighborsClassifier, NearestNeighbors
from threadpoolctl import threadpool_limits

from recommender.errors import RecommenderError
from recommender.reduction import REDUCERS
from recommender.reduction.isomap import Isomap, connected_graph
from recommender.reduction.kernel_pca import KernelPca
from recommender.reduction.neighbours import nearest
from recommender.reduction.pca import start
from recommender.reduction.quality import (
    FEWEST_HELD_OUT,
    SAMPLE,
    knn_accuracy,
    neighbourhoods,
    neighbours_kept,
    trustworthiness,
)
from recommender.reduction.umap import memberships, similarity_curve
from tests.conftest import unit_rows

METHODS = tuple(REDUCERS)
GROUPS = 6


def grouped(n: int, d: int = 24, seed: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """(n, d) unit vectors in six groups, and the group of each."""
    rng = np.random.default_rng(seed)
    groups = np.arange(n) % GROUPS
    vectors = unit_rows(np.random.default_rng(0), GROUPS, d)[groups] + rng.normal(scale=0.06, size=(n, d))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32), groups


@pytest.fixture(scope="module")
def maps() -> dict[str, tuple[np.ndarray, np.ndarray, list[float]]]:
    """Of each method: vectors, map, and the progress that it told."""
    vectors, _ = grouped(300)
    made = {}
    for method in METHODS:
        told: list[float] = []
        made[method] = (vectors, REDUCERS.create(method).fit(vectors, told.append), told)
    return made


Maps = dict[str, tuple[np.ndarray, np.ndarray, list[float]]]

# ---------------------------------------------------------------- the contract


def test_the_five_methods_are_there() -> None:
    assert set(METHODS) == {"tsne", "umap", "pca", "kernel-pca", "isomap"}
    with pytest.raises(RecommenderError, match="no map method 'mds'"):
        REDUCERS.create("mds")


@pytest.mark.parametrize("method", METHODS)
def test_a_map_is_a_finite_point_for_each_product(method: str, maps: Maps) -> None:
    vectors, points, told = maps[method]
    assert points.shape == (len(vectors), 2)
    assert points.dtype == np.float32
    assert np.isfinite(points).all()
    assert told == sorted(told)
    assert told[0] >= 0
    assert told[-1] == pytest.approx(1, abs=0.02)


@pytest.mark.parametrize("method", METHODS)
def test_the_same_vectors_give_the_same_map(method: str, maps: Maps) -> None:
    vectors, points, _ = maps[method]
    assert np.array_equal(REDUCERS.create(method).fit(vectors), points)


def test_the_number_of_threads_does_not_change_where_a_map_starts() -> None:
    vectors = unit_rows(np.random.default_rng(2), 700, 256)
    starts = []
    for threads in (1, 2):
        with threadpool_limits(threads, user_api="blas"):
            starts.append(REDUCERS.create("pca").fit(vectors))
    assert np.array_equal(*starts)


@pytest.mark.parametrize("method", METHODS)
def test_groups_stay_together(method: str, maps: Maps) -> None:
    vectors, points, _ = maps[method]
    _, groups = grouped(len(vectors))
    near = NearestNeighbors(n_neighbors=6).fit(points).kneighbors(return_distance=False)
    # A plane can't hold six groups apart by projection alone; the neighbourhood methods can.
    wanted = 0.98 if method in ("tsne", "umap", "isomap") else 0.7
    assert (groups[near] == groups[:, None]).mean() > wanted


@pytest.mark.parametrize("method", METHODS)
def test_a_known_product_is_placed_near_itself(method: str, maps: Maps) -> None:
    vectors, points, _ = maps[method]
    # As from disk: nothing but the stored points and the vectors.
    placer = REDUCERS.create(method).restore(vectors.copy(), points.copy())
    placed = placer.place(vectors[:60])
    assert placed.dtype == np.float32
    apart = np.linalg.norm(placed - points[:60], axis=1) / np.ptp(points, axis=0).max()
    bound = 0.05 if method in ("tsne", "umap") else 1e-4
    assert np.median(apart) < bound
    # Nearer than a product drawn by chance lies, each of them.
    assert apart.max() < 4 * bound


@pytest.mark.parametrize("method", METHODS)
def test_a_new_vector_is_placed_in_its_group_and_leaves_the_map_alone(method: str, maps: Maps) -> None:
    vectors, points, _ = maps[method]
    before = points.copy()
    new, groups = grouped(60, seed=99)
    placer = REDUCERS.create(method).restore(vectors, points)
    placed = placer.place(new)
    assert np.array_equal(points, before)
    assert np.array_equal(placer.place(new), placed)
    one_by_one = np.concatenate([placer.place(vector[None]) for vector in new])
    assert one_by_one == pytest.approx(placed, abs=1e-3 * float(np.ptp(points)))
    voted = KNeighborsClassifier(5).fit(points, grouped(len(vectors))[1]).predict(placed)
    assert (voted == groups).mean() > (0.98 if method in ("tsne", "umap", "isomap") else 0.7)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 7, 12, 40])
def test_few_products_have_a_map_too(method: str, n: int) -> None:
    vectors, _ = grouped(n)
    reducer = REDUCERS.create(method)
    points = reducer.fit(vectors)
    assert points.shape == (n, 2)
    assert np.isfinite(points).all()
    if n > 1:
        assert len(np.unique(points, axis=0)) == n
    placed = reducer.restore(vectors, points).place(grouped(2, seed=8)[0])
    assert placed.shape == (2, 2)
    assert np.isfinite(placed).all()


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("n", [1, 2, 5, 60])
def test_equal_pictures_have_a_map(method: str, n: int) -> None:
    vectors = np.repeat(unit_rows(np.random.default_rng(1), 1, 16), n, axis=0)
    reducer = REDUCERS.create(method)
    points = reducer.fit(vectors)
    assert points.shape == (n, 2)
    assert np.isfinite(points).all()
    new = np.concatenate([vectors[:1], unit_rows(np.random.default_rng(2), 1, 16)])
    assert np.isfinite(reducer.restore(vectors, points).place(new)).all()


@pytest.mark.parametrize("method", METHODS)
def test_many_doubles_among_others_have_a_map(method: str) -> None:
    vectors, _ = grouped(90)
    vectors[20:70] = vectors[20]
    assert np.isfinite(REDUCERS.create(method).fit(vectors)).all()


def test_the_width_of_the_kernel_is_no_rounding_between_doubles() -> None:
    vectors, groups = grouped(100, 256)
    vectors[:80] = vectors[0]
    points = KernelPca().fit(vectors)
    one, other = points[80:][groups[80:] == 0], points[80:][groups[80:] == 1]
    within = max(np.ptp(part, axis=0).max() for part in (one, other))
    assert within < np.linalg.norm(one.mean(0) - other.mean(0))
    placed = KernelPca().restore(vectors, points).place(vectors)
    assert np.abs(placed - points).max() < 1e-3 * np.ptp(points)


@pytest.mark.parametrize("method", METHODS)
def test_what_is_simplified_is_said(method: str) -> None:
    reducer = REDUCERS.create(method)
    assert reducer.note(720) == ""
    said = reducer.note(39_631)
    if method in ("kernel-pca", "isomap"):
        assert said == "Computed from 2,000 products drawn evenly; the other 37,631 are placed by them."
    else:
        assert said == ""
    assert (reducer.note(3) == "") is (method not in ("tsne", "umap"))


@pytest.mark.parametrize("method", METHODS)
def test_the_parameters_are_in_the_name_of_what_is_kept(method: str) -> None:
    reducer = REDUCERS.create(method)
    assert repr(reducer) == repr(REDUCERS.create(method))
    if hasattr(reducer, "seed"):
        assert repr(REDUCERS.create(method, seed=8)) != repr(reducer)


# ---------------------------------------------------------------- what each agrees with


def same_up_to_sign(one: np.ndarray, other: np.ndarray, tolerance: float) -> None:
    signs = np.sign((one * other).sum(0))
    assert one == pytest.approx(other * signs, abs=tolerance)


def test_pca_is_that_of_scikit_learn() -> None:
    vectors, _ = grouped(200)
    same_up_to_sign(REDUCERS.create("pca").fit(vectors), PCA(2).fit_transform(vectors), 1e-5)


def test_kernel_pca_is_that_of_scikit_learn() -> None:
    vectors, _ = grouped(200)
    new, _ = grouped(20, seed=8)
    squares = ((vectors[:, None] - vectors[None]) ** 2).sum(2)
    gamma = 1 / np.median(squares[np.triu_indices(200, 1)])
    reference = KernelPCA(2, kernel="rbf", gamma=gamma).fit(vectors)
    points = KernelPca().fit(vectors)
    wanted = reference.transform(vectors)
    same_up_to_sign(points, wanted, 1e-4)
    signs = np.sign((points * wanted).sum(0))
    placed = KernelPca().restore(vectors, points).place(new)
    assert placed == pytest.approx(reference.transform(new) * signs, abs=1e-4)


def test_isomap_is_that_of_scikit_learn_and_unrolls_a_roll() -> None:
    roll, along = make_swiss_roll(700, random_state=4)
    roll = roll.astype(np.float32)
    points = Isomap().fit(roll)
    reference = ReferenceIsomap(n_neighbors=10, n_components=2).fit(roll[:600])
    same_up_to_sign(Isomap().fit(roll[:600]), reference.embedding_, 0.02)
    assert abs(np.corrcoef(points[:, 0], along)[0, 1]) > 0.99
    assert abs(np.corrcoef(REDUCERS.create("pca").fit(roll)[:, 0], along)[0, 1]) < 0.9


def test_landmarks_give_nearly_the_map_of_all() -> None:
    roll, along = make_swiss_roll(2_000, random_state=4)
    few = Isomap(landmarks=1_000).fit(roll.astype(np.float32))
    assert abs(np.corrcoef(few[:, 0], along)[0, 1]) > 0.98
    vectors, _ = grouped(600)
    whole, part = KernelPca().fit(vectors), KernelPca(landmarks=300).fit(vectors)
    assert abs(np.corrcoef(whole[:, 0], part[:, 0])[0, 1]) > 0.95
    # The landmarks themselves are placed exactly where they are.
    placed = KernelPca(landmarks=300).restore(vectors, part).place(vectors)
    assert placed == pytest.approx(part, abs=1e-5)


def test_parts_without_an_edge_between_them_are_joined() -> None:
    rng = np.random.default_rng(0)
    far = np.concatenate([rng.normal(size=(30, 3)), rng.normal(size=(30, 3)) + 100]).astype(np.float32)
    graph = connected_graph(far, 5)
    across = graph.tocoo()
    bridges = (across.row < 30) != (across.col < 30)
    assert bridges.sum() == 1
    gaps = np.linalg.norm(far[:30, None] - far[None, 30:], axis=2)
    assert across.data[bridges][0] == pytest.approx(gaps.min(), rel=1e-4)


def test_a_start_is_the_pca_in_another_size() -> None:
    vectors, _ = grouped(200)
    begun = start(vectors, 1e-4, 7)
    assert begun.std(0).max() == pytest.approx(1e-4, rel=0.02)
    pca = REDUCERS.create("pca").fit(vectors)
    assert np.corrcoef(begun[:, 0], pca[:, 0])[0, 1] > 0.999
    assert len(np.unique(start(np.ones((50, 4), np.float32), 1e-4, 7), axis=0)) == 50


def test_tsne_and_umap_begin_with_the_pca(maps: Maps) -> None:
    # Turned by half a turn, the start is another one of the same data, and the map turns with it.
    vectors, points, _ = maps["tsne"]
    pca = REDUCERS.create("pca").fit(vectors)
    for method in ("tsne", "umap"):
        points = maps[method][1]
        assert np.corrcoef(points[:, 0], pca[:, 0])[0, 1] > 0.5
        assert np.corrcoef(points[:, 1], pca[:, 1])[0, 1] > 0.5


def test_umap_places_new_points_where_umap_learn_does() -> None:
    from umap import UMAP
    from umap.umap_ import find_ab_params

    assert similarity_curve(0.1) == pytest.approx(find_ab_params(1.0, 0.1), rel=1e-3)
    vectors, _ = grouped(300)
    new, _ = grouped(60, seed=99)
    reference = UMAP(n_neighbors=15, min_dist=0.1, random_state=7, init="pca").fit(vectors)
    points = np.ascontiguousarray(reference.embedding_, np.float32)
    placed = REDUCERS.create("umap").restore(vectors, points).place(new)
    apart = np.linalg.norm(placed - reference.transform(new), axis=1)
    # Both draw negative samples, each its own: within a group they come to lie somewhere else.
    spread = np.mean([points[g::GROUPS].std(0).max() for g in range(GROUPS)])
    assert np.median(apart) < spread
    assert apart.max() < 0.1 * np.ptp(points)


def test_memberships_add_up_to_what_the_paper_asks() -> None:
    gaps = np.sort(np.random.default_rng(0).random((20, 15)), axis=1)
    weights = memberships(gaps)
    assert weights[:, 1:].sum(1) == pytest.approx(np.full(20, np.log2(15)), rel=1e-3)
    assert np.isfinite(memberships(np.zeros((2, 15)))).all()


# ---------------------------------------------------------------- neighbours


def test_the_graph_finds_nearly_all_neighbours() -> None:
    vectors = unit_rows(np.random.default_rng(0), 1_200, 16)
    exact, gaps = nearest(vectors, 12)
    found, _ = nearest(vectors, 12, exact=100)
    shared = np.mean([len(set(a) & set(b)) / 12 for a, b in zip(exact, found, strict=True)])
    assert shared > 0.98
    reference = NearestNeighbors(n_neighbors=12).fit(vectors).kneighbors()
    assert np.array_equal(exact, reference[1])
    assert gaps == pytest.approx(reference[0], abs=1e-4)


def test_copies_of_one_picture_cost_no_other_its_neighbours() -> None:
    rng = np.random.default_rng(5)
    centres = unit_rows(rng, 40, 32)
    vectors = centres[rng.integers(40, size=4000)] + 0.1 * rng.normal(size=(4000, 32)).astype(np.float32)
    vectors[rng.choice(4000, 2000, replace=False)] = vectors[0]
    exact, _ = nearest(vectors, 10)
    found, _ = nearest(vectors, 10, exact=100)
    others = np.flatnonzero((vectors != vectors[0]).any(1))
    shared = np.mean([len(set(exact[row]) & set(found[row])) / 10 for row in others])
    assert shared > 0.98


@pytest.mark.parametrize("exact", [10, 5_000])
def test_no_product_is_its_own_neighbour_even_among_doubles(exact: int) -> None:
    vectors = np.repeat(unit_rows(np.random.default_rng(0), 3, 8), 60, axis=0)
    rows, gaps = nearest(vectors, 5, exact=exact)
    assert rows.shape == gaps.shape == (180, 5)
    assert gaps == pytest.approx(np.zeros((180, 5)), abs=1e-3)
    near_own = (rows == np.arange(180)[:, None]).sum(1)
    assert all(len(set(row)) == 5 for row in rows.tolist())
    # Where the query's own row is not among the nearest, any other double stands for it; its own never counts twice.
    assert near_own.max() == 0


# ---------------------------------------------------------------- quality


@pytest.mark.parametrize("k", [3, 10])
def test_trustworthiness_is_that_of_scikit_learn(k: int) -> None:
    vectors = unit_rows(np.random.default_rng(0), 250, 12)
    for points in (vectors[:, :2], np.random.default_rng(1).normal(size=(250, 2)).astype(np.float32)):
        found = trustworthiness(neighbourhoods(vectors, points, k))
        assert found == pytest.approx(reference_trustworthiness(vectors, points, n_neighbors=k), abs=1e-3)


def test_a_perfect_map_has_perfect_quality_and_a_random_one_has_not() -> None:
    flat = np.random.default_rng(0).normal(size=(400, 2)).astype(np.float32)
    found = neighbourhoods(flat, flat * 3)
    assert trustworthiness(found) == neighbours_kept(found) == 1
    chance = neighbourhoods(flat, flat[np.random.default_rng(1).permutation(400)])
    assert neighbours_kept(chance) < 0.06
    assert trustworthiness(chance) < 0.6


def test_equal_pictures_are_each_others_neighbours() -> None:
    vectors = np.repeat(unit_rows(np.random.default_rng(0), 2, 8), 40, axis=0)
    points = np.concatenate([np.zeros((40, 2)), np.ones((40, 2))]).astype(np.float32)
    points += np.random.default_rng(0).normal(scale=0.01, size=points.shape).astype(np.float32)
    assert neighbours_kept(neighbourhoods(vectors, points)) == 1


@pytest.mark.parametrize("n", [3, 4, 5, 21])
def test_quality_of_few_products_is_in_its_bounds(n: int) -> None:
    vectors, _ = grouped(n)
    found = neighbourhoods(vectors, REDUCERS.create("pca").fit(vectors))
    assert 0 <= trustworthiness(found) <= 1
    assert 0 <= neighbours_kept(found) <= 1


def test_many_products_are_measured_on_a_sample() -> None:
    vectors, _ = grouped(2 * SAMPLE, 4)
    points = REDUCERS.create("pca").fit(vectors)
    found = neighbourhoods(vectors, points)
    assert found.ranks.shape == (SAMPLE, 10)
    reference = reference_trustworthiness(vectors, points, n_neighbors=10)
    assert trustworthiness(found) == pytest.approx(reference, abs=0.01)


def test_neighbours_on_the_map_tell_the_label() -> None:
    rng = np.random.default_rng(0)
    values = np.array(["A", "B"] * 200, object)
    points = np.where(values == "A", 0.0, 5.0)[:, None] + rng.normal(size=(400, 2))
    assert knn_accuracy(points, values) > 0.98
    assert knn_accuracy(rng.normal(size=(400, 2)), values) == pytest.approx(0.5, abs=0.15)


@pytest.mark.parametrize(("nearer", "other"), ["AB", "BA"])
def test_a_tie_goes_to_the_nearer(nearer: str, other: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of each three, far from all others, the first is held out and has one of either kind near it."""
    points = np.array([[1000.0 * i + x, 0] for i in range(30) for x in (0, 1, -2)])
    values = np.array([nearer, nearer, other] * 30, object)
    monkeypatch.setattr("recommender.reduction.quality.held_out", lambda n, share, seed: np.arange(0, n, 3))
    assert knn_accuracy(points, values, k=2) == 1


def test_a_share_of_hardly_any_products_is_none() -> None:
    rng, n = np.random.default_rng(0), 5 * FEWEST_HELD_OUT
    points, values = rng.normal(size=(n, 2)), np.array(["A", "B"] * (n // 2), object)
    assert knn_accuracy(points, values) is not None
    assert knn_accuracy(points[1:], values[1:]) is None
    # Only those count that have a label, and blank text is none.
    for nothing in (None, "", "  "):
        assert knn_accuracy(points, np.array([nothing, *values[1:]], object)) is None


@pytest.mark.parametrize(
    "values",
    [
        [None] * 300,
        [""] * 300,
        ["A"] * 300,
        ["A", " "] * 150,
        [float("nan")] * 300,
        [None] * 299 + ["A"],
        [3, None, ""] * 100,
    ],
)
def test_columns_that_tell_nothing_have_no_accuracy(values: list[object]) -> None:
    assert knn_accuracy(np.random.default_rng(0).normal(size=(300, 2)), np.array(values, object)) is None


def test_progress_has_no_long_silence(maps: Maps) -> None:
    for method in ("tsne", "umap"):
        told = maps[method][2]
        assert max(b - a for a, b in pairwise(told)) < 0.2
