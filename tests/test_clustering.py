"""Clusters: every registered method on groups that are known, the measures against scikit-learn, the names."""

from __future__ import annotations

import io
import json

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score, silhouette_score

from recommender.clustering import CLUSTERINGS, Choice, Clustering, choose, cluster
from recommender.clustering.choose import SAMPLE, bend, inertia, silhouette
from recommender.clustering.kmeans import BATCHES_FROM
from recommender.clustering.naming import LONGEST, name_clusters
from recommender.clustering.spectral import LANDMARKS
from recommender.errors import RecommenderError
from recommender.service import Recommender
from tests.conftest import unit_rows

METHODS = tuple(CLUSTERINGS)
NOTHING = pd.DataFrame()


def groups(
    rng: np.random.Generator, sizes: list[int], d: int = 24, spread: float = 0.05
) -> tuple[np.ndarray, np.ndarray]:
    """Unit vectors around random directions, shuffled, and the group of each."""
    truth = rng.permutation(np.repeat(np.arange(len(sizes)), sizes))
    vectors = unit_rows(rng, len(sizes), d)[truth] + rng.normal(0, spread, (len(truth), d))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32), truth


@pytest.mark.parametrize("method", METHODS)
def test_known_groups_are_found_and_their_number_suggested(method: str, rng: np.random.Generator) -> None:
    vectors, truth = groups(rng, [90, 70, 50, 40, 30, 20])
    seen: list[float] = []
    found = cluster(vectors, NOTHING, method, progress=seen.append)
    assert found.choice.suggested == found.k == 6
    assert adjusted_rand_score(truth, found.labels) > 0.98
    assert found.sizes.tolist() == [90, 70, 50, 40, 30, 20]
    assert found.method == method
    assert seen == sorted(seen)
    assert seen[0] > 0
    assert seen[-1] == 1


@pytest.mark.parametrize("method", METHODS)
def test_the_same_seed_gives_the_same_clusters(method: str, rng: np.random.Generator) -> None:
    vectors = unit_rows(rng, 400, 12)  # without groups, so that chance has room
    one, other, third = (cluster(vectors, NOTHING, method, 9, seed) for seed in (7, 7, 8))
    assert (one.labels == other.labels).all()
    assert (one.centroids == other.centroids).all()
    assert (one.labels != third.labels).any()


@pytest.mark.parametrize("method", METHODS)
def test_what_a_large_catalogue_simplifies_is_said_and_does_no_harm(method: str, rng: np.random.Generator) -> None:
    n = max(BATCHES_FROM, LANDMARKS) + 500
    vectors, truth = groups(rng, [n // 2, n // 4, n // 8, n - n // 2 - n // 4 - n // 8])
    found = cluster(vectors, NOTHING, method, 4, choice=Choice(*np.zeros((3, 0))))
    assert adjusted_rand_score(truth, found.labels) > 0.98
    assert found.note.endswith(".")
    assert ("1,500 of them" in found.note) is (method == "spectral")
    assert "batches of 4,096" in found.note
    assert "measured on 5,000" in found.note
    assert CLUSTERINGS.create(method).note(200) == ""


def test_what_a_choice_from_a_sample_simplifies_is_said(rng: np.random.Generator) -> None:
    nothing = Choice(*np.zeros((3, 0)))
    vectors = unit_rows(rng, SAMPLE + 1, 4)
    assert "5,000 products drawn evenly" in cluster(vectors, NOTHING, k=2, choice=nothing).note
    assert cluster(vectors[1:], NOTHING, k=2, choice=nothing).note == ""


def test_kept_clusters_say_what_is_said_today(rng: np.random.Generator) -> None:
    """A file of before may know less of what its method simplifies."""
    vectors = np.repeat(unit_rows(rng, 2, 4), SAMPLE, axis=0)
    found = cluster(vectors, NOTHING, "spectral", 3, choice=Choice(*np.zeros((3, 0))))
    fewer = "Only 2 of the 3 clusters hold products, as the others look the same."
    assert found.note.endswith(fewer)
    kept = found.to_arrays()
    for note in (found.note, f"The products are joined through 1,500 of them. {fewer}"):
        words = {"method": "spectral", "names": found.names, "note": note}
        assert Clustering.from_arrays({**kept, "words": np.array(json.dumps(words))}).note == found.note


@pytest.mark.parametrize("method", METHODS)
def test_every_row_is_in_one_cluster_and_goes_back_to_it(method: str, rng: np.random.Generator) -> None:
    vectors, _ = groups(rng, [40, 30, 20])
    found = cluster(vectors, NOTHING, method, 3)
    rows = np.concatenate([found.rows(i) for i in range(found.k)])
    assert sorted(rows) == list(range(90))
    assert found.labels.dtype == np.int32
    assert np.linalg.norm(found.centroids, axis=1) == pytest.approx(np.ones(3), abs=1e-5)
    assert ((vectors @ found.centroids.T).argmax(axis=1) == found.labels).all()
    middle = found.typical(vectors, 1, 5)
    similar = vectors[found.rows(1)] @ found.centroids[1]
    assert (vectors[middle] @ found.centroids[1]).tolist() == sorted(similar, reverse=True)[:5]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("n", [1, 2, 3, 4, 5])
def test_a_handful_of_products(method: str, n: int, rng: np.random.Generator) -> None:
    vectors = unit_rows(rng, n, 8)
    found = cluster(vectors, NOTHING, method)
    assert 1 <= found.k <= n
    assert sorted(found.labels) == sorted(np.repeat(np.arange(found.k), found.sizes))
    assert cluster(vectors, NOTHING, method, n).k == n
    assert len(set(found.names)) == found.k


@pytest.mark.parametrize("method", METHODS)
def test_products_that_all_look_the_same(method: str, rng: np.random.Generator) -> None:
    vectors = np.repeat(unit_rows(rng, 1, 8), 50, axis=0)
    assert cluster(vectors, NOTHING, method).choice.suggested <= 2
    found = cluster(vectors, NOTHING, method, 4)
    assert found.labels.tolist() == [0] * 50
    assert np.isfinite(found.centroids).all()
    assert found.note == "Only 1 of the 4 clusters hold products, as the others look the same."


def test_opposite_products_still_have_a_direction() -> None:
    vectors = np.array([[1, 0], [-1, 0]], np.float32)
    assert cluster(vectors, NOTHING, k=1).centroids.tolist() == [[1, 0]]


def test_wrong_wishes_are_refused(rng: np.random.Generator) -> None:
    vectors = unit_rows(rng, 3, 4)
    with pytest.raises(RecommenderError, match="1 to 3 clusters, not into 4"):
        cluster(vectors, NOTHING, k=4)
    with pytest.raises(RecommenderError, match="not into 0"):
        cluster(vectors, NOTHING, k=0)
    with pytest.raises(RecommenderError, match="no product"):
        cluster(vectors[:0], NOTHING)
    with pytest.raises(RecommenderError, match="Known: kmeans, spectral"):
        cluster(vectors, NOTHING, "ward")


def test_the_measures_agree_with_scikit_learn(rng: np.random.Generator) -> None:
    vectors, truth = groups(rng, [30, 20, 10, 1], spread=0.3)
    assert silhouette(vectors, truth) == pytest.approx(silhouette_score(vectors, truth, metric="cosine"), abs=1e-5)
    means = np.stack([vectors[truth == i].mean(axis=0) for i in range(4)])
    assert inertia(vectors, truth) == pytest.approx(((vectors - means[truth]) ** 2).sum(axis=1).mean(), abs=1e-5)
    assert silhouette(vectors, np.zeros(61, int)) == 0


def test_the_elbow_is_where_the_curve_bends() -> None:
    ks = np.arange(2, 21)
    curve = np.where(ks <= 6, 1 - 0.15 * (ks - 2), 0.4 - 0.005 * (ks - 6))
    assert ks[bend(ks, curve).argmax()] == 6
    assert (bend(ks, curve)[[0, -1]] == 0).all()
    # The silhouette decides among the numbers near the elbow, and has no say beyond them.
    silhouettes = np.zeros(19)
    silhouettes[ks == 7], silhouettes[ks == 15] = 0.5, 0.9
    assert bend(ks, curve)[ks == 7] > 0.9 * bend(ks, curve).max()
    assert Choice(ks, curve, silhouettes).suggested == 7
    assert Choice(ks, np.ones(19), silhouettes).suggested == 15
    assert Choice(*np.zeros((3, 0))).suggested == 1


def test_two_good_numbers_are_not_exchanged_for_a_hair() -> None:
    """One of two is as good an elbow as the other, and has a higher silhouette, or nearly so."""
    ks = np.array([1, 2, 4, 6, 9, 12, 18, 27, 40])
    across = (ks - 1) / 39
    silhouettes = np.array([0, 0.1, 0.15, 0.2, 0.272, 0.25, 0.299, 0.3, 0.3])
    suggested = []
    for near in (0.892, 0.896, 0.9, 0.904, 0.908):
        elbow = np.array([0, 0.3, 0.6, 0.8, 1, 0.98, near, 0.6, 0])
        suggested.append(Choice(ks, 1 - across - 0.6 * elbow, silhouettes).suggested)
    assert len(set(suggested)) == 1


@pytest.mark.parametrize("method", METHODS)
def test_slight_noise_changes_little_of_how_many_are_suggested(method: str, demo: Recommender) -> None:
    """A model trained a little longer, say: a number that jumps to half or twice of it names other groups."""
    suggested = []
    for seed, noise in ((0, 0.0), (0, 0.05), (1, 0.05)):
        moved = demo.vectors + noise * unit_rows(np.random.default_rng(seed), *demo.vectors.shape)
        moved = (moved / np.linalg.norm(moved, axis=1, keepdims=True)).astype(np.float32)
        suggested.append(choose(CLUSTERINGS.create(method), moved, 7).suggested)
    assert max(suggested) <= 1.5 * min(suggested)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("sizes", [(4, 4), (50, 50), (150, 150)])
def test_two_groups_are_suggested_as_two(method: str, sizes: tuple[int, int], rng: np.random.Generator) -> None:
    vectors, truth = groups(rng, list(sizes))
    found = cluster(vectors, NOTHING, method)
    assert found.choice.suggested == found.k == 2
    assert adjusted_rand_score(truth, found.labels) == 1


def test_a_choice_from_a_sample(rng: np.random.Generator) -> None:
    vectors, _ = groups(rng, [3000, 2500, 1500], d=8)
    choice = choose(CLUSTERINGS.create("kmeans"), vectors, 7, tried=(2, 3, 4, 5, 6))
    assert choice.suggested == 3
    assert choice.ks.tolist() == [1, 2, 3, 4, 5, 6]
    assert choice.silhouette[0] == 0
    assert (np.diff(choice.inertia) < 0).all()


def test_clusters_are_kept_without_pickle(demo: Recommender) -> None:
    found = cluster(demo.vectors, demo.catalogue.frame, k=12)
    file = io.BytesIO()
    np.savez(file, **found.to_arrays())
    file.seek(0)
    with np.load(file, allow_pickle=False) as arrays:
        again = Clustering.from_arrays(arrays)
    assert again.names == found.names
    assert (again.method, again.note, again.k) == (found.method, found.note, 12)
    assert (again.labels == found.labels).all()
    assert (again.centroids == found.centroids).all()
    assert again.choice.suggested == found.choice.suggested
    assert (again.choice.silhouette == found.choice.silhouette).all()


@pytest.mark.parametrize(
    "broken",
    [
        {"words": np.array("no json")},
        {"words": np.array("[1]")},
        {"words": np.array('{"method": "kmeans", "names": ["One"], "note": ""}')},
        {"labels": np.array([0, 0, 5])},
        {"labels": np.array(["a"])},
        {"centroids": np.full((3, 8), np.nan)},
        {"centroids": np.zeros(3)},
        {"centroids": np.zeros(())},
        {"ks": np.zeros(99)},
    ],
)
def test_damaged_clusters_are_refused(broken: dict[str, np.ndarray], rng: np.random.Generator) -> None:
    whole = cluster(unit_rows(rng, 30, 8), NOTHING, k=3).to_arrays()
    Clustering.from_arrays(whole)
    with pytest.raises(RecommenderError, match="computed again"):
        Clustering.from_arrays(whole | broken)
    with pytest.raises(RecommenderError, match="computed again"):
        Clustering.from_arrays({name: part for name, part in whole.items() if name not in broken})


def names_of(*clusters: list[tuple[str, str, str, str]], **more: list[str]) -> tuple[str, ...]:
    """Names of clusters, each a list of (gender, colour, type, category)."""
    labels = np.repeat(np.arange(len(clusters)), [len(some) for some in clusters])
    columns = ("gender", "baseColour", "articleType", "subCategory")
    frame = pd.DataFrame([row for some in clusters for row in some], columns=columns)
    return name_clusters(labels, frame.assign(**more))


def test_names_say_what_most_share() -> None:
    jeans = [("Men", "Navy Blue", "Jeans", "Bottomwear")] * 8 + [("Women", "Red", "Skirts", "Bottomwear")] * 2
    bags = [("Women", colour, "Handbags", "Bags") for colour in ("Red", "Blue", "Tan", "Black")]
    mixed = [("Boys", "Multi", f"Type {i}", "Shoes") for i in range(5)]
    pair = [("Girls", f"Colour {i}", ("Tshirts", "Shorts")[i % 2], ("Topwear", "Bottomwear")[i % 2]) for i in range(6)]
    assert names_of(jeans, bags, mixed, pair) == (
        "Men's navy blue jeans",
        "Women's handbags",
        "Boys' multicoloured shoes",
        "Girls' T-shirts and shorts",
    )


def test_names_are_true_of_most_that_they_name() -> None:
    def some(n: int, gender: str, article: str, category: str) -> list[tuple[str, str, str, str]]:
        return [(gender, f"Colour {i}", article, category) for i in range(n)]

    skirts = [*some(4, "Women", "Skirts", "Bottomwear"), *some(3, "Women", "Capris", "Bottomwear")]
    dresses = [*skirts, *some(4, "Women", "Dresses", "Dress")]
    glasses = [*some(15, "Men", "Sunglasses", "Eyewear"), *some(5, "Women", "Sunglasses", "Eyewear")]
    # Most are men's, and yet more of the scarves are women's.
    ties = [*some(13, "Men", "Ties", "Ties"), *some(3, "Men", "Scarves", "Scarves")]
    ties += some(4, "Women", "Scarves", "Scarves")
    departments = ["Apparel"] * len(dresses) + ["Accessories"] * (len(glasses) + len(ties))
    names = names_of(dresses, glasses, ties, masterCategory=departments)
    assert names == ("Women's apparel", "Sunglasses", "Ties and scarves")


def test_names_on_the_shipped_catalogue_are_true_of_most(demo: Recommender) -> None:
    frame = demo.catalogue.frame
    for method in METHODS:
        found = cluster(demo.vectors, frame, method, 16, choice=Choice(*np.zeros((3, 0))))
        for number, name in enumerate(found.names):
            part = frame.iloc[found.rows(number)]
            for start, gender in (("Men's", "Men"), ("Women's", "Women"), ("Unisex", "Unisex")):
                assert not name.startswith(start) or (part["gender"] == gender).mean() >= 0.8
            for category in ("Shoes", "Bags", "Bottomwear", "Topwear", "Jewellery"):
                named = name.split(",")[0].lower().endswith(category.lower())
                assert not named or (part["subCategory"] == category).mean() >= 0.7


def test_names_that_would_be_alike_say_how_they_differ() -> None:
    dark = [("Men", ("Black", "Blue", "Grey")[i % 3], "Tshirts", "Topwear") for i in range(9)]
    light = [("Men", ("White", "Yellow", "Grey")[i % 3], "Tshirts", "Topwear") for i in range(9)]
    same = [("Women", "Gold", "Ring", "Jewellery")] * 3
    names = names_of(dark, light, same, same, same)
    assert names[0] in ("Men's T-shirts, black", "Men's T-shirts, blue")
    assert names[1] in ("Men's T-shirts, white", "Men's T-shirts, yellow")
    assert names[2:] == ("Women's gold rings", "Women's gold rings 2", "Women's gold rings 3")


def test_long_words_without_blanks_are_cut() -> None:
    frame = pd.DataFrame(
        {"articleType": ["Apparel>Shoes>Women>Sandals>FlatSandals", "Electronics/Computers/Cables/USB"]}
    )
    one, other = name_clusters(np.array([0, 1]), frame)
    assert one.lower().startswith("apparel>shoes")
    assert other.lower().startswith("electronics/computers")
    assert max(len(one), len(other)) <= LONGEST


def test_names_need_no_column_at_all() -> None:
    labels = np.array([0, 0, 1, 2])
    empty = pd.DataFrame({"gender": [None] * 4, "articleType": [np.nan] * 4, "baseColour": ["", " ", None, ""]})
    for frame in (NOTHING, empty, pd.DataFrame({"articleType": [1, 2, 3, 4]})):
        assert name_clusters(labels, frame) == ("Group", "Group 2", "Group 3")
    assert name_clusters(labels, pd.DataFrame({"baseColour": ["Red"] * 4}))[0] == "Red products"


def test_names_on_the_shipped_catalogue(demo: Recommender) -> None:
    for method in METHODS:
        found = cluster(demo.vectors, demo.catalogue.frame, method, 40)
        assert len(set(found.names)) == found.k == 40
        assert all(0 < len(name) <= LONGEST + 20 for name in found.names)
        types = demo.catalogue.frame["articleType"].to_numpy()
        # One cluster, or several that are told apart by colour; what is called ties is ties, and no tie is elsewhere.
        ties = np.concatenate([found.rows(k) for k, name in enumerate(found.names) if name.startswith("Men's ties")])
        assert (types[ties] == "Ties").all()
        assert len(ties) == (types == "Ties").sum()
