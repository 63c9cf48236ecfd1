"""Words: tokens, hashing, the tower in both forms, what it learns, and taking up earlier weights."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import load_file, save_file

from recommender.errors import ModelError
from recommender.text import TextTower, features, tokens
from recommender.text.features import GRAM_BUCKETS, MOST_WORDS, WORD_BUCKETS

torch = pytest.importorskip("torch", reason="training needs torch")

from recommender.encoders.house import HouseEncoder  # noqa: E402
from recommender.evaluation.words import NAMED, _kept, words_report  # noqa: E402
from recommender.settings import Settings  # noqa: E402
from recommender.training.augment import Augment  # noqa: E402
from recommender.training.config import TrainConfig, held_back  # noqa: E402
from recommender.training.data import Pool  # noqa: E402
from recommender.training.export import export, tower  # noqa: E402
from recommender.training.loop import outputs, train  # noqa: E402
from recommender.training.network import HouseNet, TextNet  # noqa: E402
from recommender.training.start import take_up  # noqa: E402
from recommender.training.words import Words  # noqa: E402
from tests.training_fixtures import rounded  # noqa: E402

SIZE = (32, 24)
CONFIG = dataclasses.replace(
    TrainConfig(),
    size=SIZE,
    sizes=(),
    widths=(8, 8, 12, 12),
    blocks=(0, 1, 0, 1),
    dim=16,
    epochs=30,
    batch=24,
    lr=1e-2,
    composite=0.0,
    clean=1.0,
    nothing=0.0,
    text_width=16,
    text_hidden=32,
    text_memory=16,
    text_weight=1.0,
    text_phrases=0.3,
    bf16=False,
)
COLOURS = {"Red": (220, 30, 30), "Blue": (30, 40, 220), "Green": (20, 160, 40)}
KINDS = ("Caps", "Ties")


def shop() -> Pool:
    """48 plain pictures: a wide or a tall box in one of three colours, and titles that say so."""
    pictures, titles, labels = [], [], []
    for number in range(48):
        colour, kind = list(COLOURS)[number % 3], KINDS[number // 3 % 2]
        picture = np.full((*SIZE, 3), 255, np.uint8)
        top, left = (12, 3) if kind == "Caps" else (3, 9)
        picture[top : SIZE[0] - top, left : SIZE[1] - left] = COLOURS[colour]
        picture[0, 0] = number
        pictures.append(picture)
        titles.append(f"Brand {colour} {kind}" if number % 8 else f"Brand {kind} in {colour}")
        labels.append((number % 3, number // 3 % 2))
    array = np.array(labels)
    nothing = np.full(48, -1)
    named = {"baseColour": array[:, 0], "articleType": array[:, 1], "kind": np.ones(48, int)}
    columns = [column for column, _ in CONFIG.loss_weights] + ["baseColour"]
    return Pool(
        ids=np.arange(48).astype(str),
        small=np.stack(pictures),
        sharp=np.empty((0, *SIZE, 3), np.uint8),
        sharp_of=nothing,
        labels={column: np.asarray(named.get(column, nothing), np.int64) for column in columns},
        classes={column: ["a", "b"] for column in columns}
        | {"baseColour": list(COLOURS), "articleType": list(KINDS), "kind": ["nothing", "product"]},
        photo=np.zeros(48, bool),
        groups=np.arange(48),
        validation=np.arange(48) >= 36,
        titles=titles,
    )


@pytest.fixture(scope="module")
def pool() -> Pool:
    return shop()


@pytest.fixture(scope="module")
def network(pool: Pool, tmp_path_factory: pytest.TempPathFactory) -> HouseNet:
    return train(CONFIG, pool, tmp_path_factory.mktemp("run"))


@pytest.fixture(scope="module")
def files(network: HouseNet, pool: Pool, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model")
    about = {"classes": {c: pool.classes[c] for c in ("articleType", "baseColour")}, "temperature": {}, "sure_from": {}}
    export(rounded(network, pool), about, folder)
    return folder


# ---------------------------------------------------------------- words


def test_tokens_join_what_belongs_together() -> None:
    assert tokens("Nike Women's T-Shirt, 3/4 sleeves") == ["nike", "womens", "tshirt", "3", "4", "sleeves"]
    assert tokens("Café CRÈME") == ["cafe", "creme"]
    assert tokens(" – !? ") == []
    assert tokens("navy–white dress — red…blue · men’s") == ["navy", "white", "dress", "red", "blue", "mens"]


def test_a_pasted_page_is_cut() -> None:
    assert len(tokens("word " * 10_000)) == MOST_WORDS
    assert len(tokens("x" * 10_000)[0]) < 100


@given(st.lists(st.text(max_size=40), max_size=6))
def test_features_of_any_text(texts: list[str]) -> None:
    rows, weights, starts = features(texts)
    assert len(rows) == len(weights)
    assert ((rows >= 0) & (rows < WORD_BUCKETS + GRAM_BUCKETS)).all()
    assert len(starts) == len(texts)
    for text, start, end in zip(texts, starts, [*starts, len(rows)][1:], strict=True):
        assert weights[start:end].sum() == pytest.approx(2.0 if tokens(text) else 0.0, abs=1e-4)


def test_phrases_are_said_by_the_columns_that_there_are(pool: Pool) -> None:
    always = dataclasses.replace(CONFIG, text_phrases=1.0, text_drop=0.0)
    rng = np.random.default_rng(0)
    columns = {"material": np.arange(48) % 2, "masterCategory": np.zeros(48, np.int64)}
    names = {"material": ["Oak", "Felt"], "masterCategory": ["Furniture"]}
    other = dataclasses.replace(pool, labels=columns, classes=names)
    said, named = Words(TextNet(8, 8, 8), other, always)._texts(np.arange(40), rng)
    assert named.shape == (40, 1)
    # Half of them say the material; a product of which nothing is said keeps its title.
    assert set(said[::2]) <= {"Oak", *pool.titles}
    assert {"Oak", "Felt"} < set(said)
    assert [text == title for text, title in zip(said, pool.titles, strict=False)] == (~named[:, 0]).tolist()
    silent = dataclasses.replace(pool, labels={"masterCategory": columns["masterCategory"]}, classes={})
    said, named = Words(TextNet(8, 8, 8), silent, always)._texts(np.arange(4), rng)
    assert said == pool.titles[:4]
    assert named.shape == (4, 0)


def test_phrases_leave_out_what_says_nothing(pool: Pool) -> None:
    always = dataclasses.replace(CONFIG, text_phrases=1.0, text_drop=0.0)
    half = np.arange(48) % 2
    labels = {"articleType": half, "boxed": half, "stuff": half, "made": half}
    classes = {
        "articleType": ["Шапка", "Caps"],
        "boxed": ["No", "Yes"],
        "stuff": ["Дуб", "Лён"],
        "made": ["Oak", "Дуб"],
    }
    words = Words(TextNet(8, 8, 8), dataclasses.replace(pool, labels=labels, classes=classes), always)
    assert list(words.said) == ["articleType", "made"]
    said, named = words._texts(np.arange(48), np.random.default_rng(0))
    assert all(map(tokens, said))
    # The type of the even ones can't be read, nor what the odd ones are made of: it is not named.
    assert {*said[::2]} == {"Oak", *(pool.titles[row] for row in range(0, 48, 2) if not named[row].any())}
    assert {*said[1::2]} == {"Caps"}
    assert not named[::2, 0].any()
    assert not named[1::2, 1].any()


def test_half_a_title_of_another_script_keeps_what_is_read(pool: Pool) -> None:
    dropping = dataclasses.replace(CONFIG, text_phrases=0.0, text_drop=0.5)
    other = dataclasses.replace(pool, titles=["Платье вечернее 1001"] * len(pool))
    said, _ = Words(TextNet(8, 8, 8), other, dropping)._texts(np.arange(48), np.random.default_rng(0))
    assert all(map(tokens, said))
    assert len(set(said)) > 2


def test_phrases_of_labels_that_are_all_read_are_drawn_as_ever(pool: Pool) -> None:
    words = Words(TextNet(8, 8, 8), pool, dataclasses.replace(CONFIG, text_phrases=0.5, text_drop=0.3))
    assert (words.sayable == (words.labels.numpy() >= 0)).all()
    said, named = words._texts(np.arange(48), np.random.default_rng(0))
    rng, shares = np.random.default_rng(0), np.array(list(words.said.values()))
    for row, text in enumerate(said):
        title = pool.titles[row].split()
        if rng.random() < 0.5:
            told = (rng.random(len(shares)) < shares) & (words.labels[row].numpy() >= 0)
            phrase = [pool.classes[c][words.labels[row, i]] for i, c in enumerate(words.said) if told[i]]
            assert (named[row].numpy() == told).all()
            assert text == " ".join(phrase or title)
        else:
            assert text == " ".join([word for word in title if rng.random() >= 0.3] or title)


def test_hashing_is_the_same_everywhere() -> None:
    rows, _, _ = features(["red"])
    # crc32 is fixed by its polynomial; another hash would make shipped weights worthless.
    assert rows.tolist() == [8079, *sorted(rows[1:].tolist())]
    assert len(rows) == 1 + len({"<re", "red", "ed>", "<red", "red>"})


# ---------------------------------------------------------------- learning


def test_words_find_their_pictures(files: Path, pool: Pool) -> None:
    pictures = HouseEncoder(files / "house.onnx").encode(pool.small)
    words = TextTower(files / "house-words.safetensors")
    held = np.flatnonzero(pool.validation)
    for colour in COLOURS:
        for kind in KINDS:
            best = held[np.argmax(pictures[held] @ words.encode([f"{kind} {colour}"])[0])]
            assert (
                pool.classes["baseColour"][pool.labels["baseColour"][best]],
                pool.classes["articleType"][pool.labels["articleType"][best]],
            ) == (colour, kind)


def test_numpy_and_torch_say_the_same(files: Path, network: HouseNet) -> None:
    texts = ["Brand Red Caps", "something unseen", "tie"]
    ours = TextTower(files / "house-words.safetensors").encode(texts)
    with torch.no_grad():
        theirs = network.text(texts).numpy()
    assert np.allclose(np.linalg.norm(ours, axis=1), 1, atol=1e-5)
    assert (ours * theirs).sum(1).min() > 0.999  # the table is stored in bytes
    assert not TextTower(files / "house-words.safetensors").encode(["?!"]).any()


def test_equal_titles_and_fitting_products_are_no_negatives(pool: Pool) -> None:
    words = Words(TextNet(8, 8, CONFIG.dim), pool, CONFIG)
    own = torch.tensor([1, 2, 7])  # 1 and 7: the same title
    phrase = torch.zeros(3, words.labels.shape[1], dtype=torch.bool)
    keep = words._allowed(own, phrase, own)
    assert keep.tolist() == [[True, True, False], [True, True, True], [False, True, True]]
    phrase[1, 0] = True  # row 2 is described by its colour alone, which 5 has too
    keep = words._allowed(own, phrase, torch.cat([own, torch.tensor([5, 0])]))
    assert keep[1].tolist() == [True, True, True, False, True]
    assert keep[0].tolist()[3:] == [True, True]


def test_pictures_without_titles_teach_no_words(pool: Pool) -> None:
    bare = dataclasses.replace(pool, titles=[""] * len(pool))
    words = Words(TextNet(8, 8, CONFIG.dim), bare, CONFIG)
    vectors = torch.nn.functional.normalize(torch.randn(5, CONFIG.dim), dim=1)
    loss = words.loss(vectors, np.arange(5), torch.ones(5, dtype=torch.bool), np.random.default_rng(0))
    assert float(loss) == 0.0


def test_the_product_of_the_photo_is_not_among_what_is_found_in_another_colour() -> None:
    n = 12
    pool = SimpleNamespace(
        labels={
            "baseColour": np.array([0, *[1] * 10, 0]),
            "articleType": np.zeros(n, int),
            "gender": np.zeros(n, int),
        },
        classes={"baseColour": ["Red", "Blue"]},
    )
    vectors = np.tile(np.array([1.0, 0.0], np.float32), (n, 1))
    vectors[-1] = [0, 1]  # red as well, and nothing like it
    asked: list[str] = []

    def ask(text: str) -> SimpleNamespace:
        asked.append(text)
        return SimpleNamespace(scores=lambda vectors, picture: vectors @ picture)

    assert _kept(SimpleNamespace(ask=ask), pool, np.arange(n), vectors, 0, 1) == 1.0  # type: ignore[arg-type]
    assert asked == ["blue"]


# ---------------------------------------------------------------- files


def test_how_well_words_find_is_measured_beside_what_labels_could(files: Path, pool: Pool) -> None:
    pictures = HouseEncoder(files / "house.onnx", threads=1)
    vectors, held = pictures.encode(pool.small), np.flatnonzero(pool.validation & ~pool.photo)
    found = words_report(pool, vectors, held, pictures.fingerprint, files / "house-words.safetensors")
    labels = {row: tuple(pool.labels[column][row] for column in NAMED) for row in np.flatnonzero(~pool.photo)}
    want = np.mean([min(1, 10 / list(labels.values()).count(labels[row])) for row in held])
    assert found["own title by its labels, R@10"]["accuracy"] == pytest.approx(want, abs=1e-4)
    assert found["own title by its labels, R@10"]["products"] == len(held)
    assert 0 < found["own title, R@10"]["accuracy"] <= 1
    assert words_report(pool, vectors, held, "", files / "none.safetensors") == {}


def test_words_of_another_encoder_are_refused(files: Path) -> None:
    digest = HouseEncoder(files / "house.onnx").fingerprint
    assert TextTower(files / "house-words.safetensors", digest).dimension == CONFIG.dim
    with pytest.raises(ModelError, match="another encoder"):
        TextTower(files / "house-words.safetensors", "other")


def test_a_missing_or_damaged_tower_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"text tower is missing: .* This model learnt no words"):
        TextTower(tmp_path / "none.safetensors")
    (tmp_path / "bad.safetensors").write_bytes(b"bad")
    with pytest.raises(ModelError, match="no text tower"):
        TextTower(tmp_path / "bad.safetensors")


@pytest.mark.parametrize(
    ("about", "changed"),
    [
        ({}, {}),
        ([], {}),
        ({"encoder": "x"}, {"step": np.ones(7, np.float16)}),
        ({"encoder": "x"}, {"hidden.weight": np.ones((256, 64), np.float16)}),
        ({"encoder": "x"}, {"out.bias": np.ones(3, np.float16)}),
        ({"encoder": "x"}, {"table": np.ones(9, np.int8)}),
    ],
)
def test_a_tower_whose_parts_do_not_fit_is_noticed_when_it_is_opened(
    files: Path, tmp_path: Path, about: object, changed: dict[str, np.ndarray]
) -> None:
    arrays = load_file(files / "house-words.safetensors") | changed
    save_file(arrays, tmp_path / "words.safetensors", {"words": json.dumps(about)})
    with pytest.raises(ModelError, match="no text tower"):
        TextTower(tmp_path / "words.safetensors", "x")


def test_the_table_is_stored_within_half_a_step(network: HouseNet) -> None:
    arrays = tower(network.text)
    table = network.text.table.weight.detach().numpy()
    assert arrays["table"].dtype == np.int8
    back = arrays["table"] * arrays["step"].astype(np.float32)[:, None]
    assert (np.abs(back - table) <= 0.51 * arrays["step"].astype(np.float32)[:, None] + 1e-3 * np.abs(table)).all()


# ---------------------------------------------------------------- earlier weights


def test_training_takes_up_what_a_file_computes(files: Path, network: HouseNet, pool: Pool) -> None:
    fresh = HouseNet(CONFIG, {c: len(names) for c, names in pool.classes.items()})
    augment = Augment(pool.small[:1], 0.0, 0.0, 1, clean=1.0)
    take_up(fresh, files / "house.safetensors", pool, augment, np.zeros(pool.small.shape[:3], np.uint8))
    before, logits = outputs(network, pool.small)
    after, again = outputs(fresh, pool.small)
    assert np.allclose(before, after, atol=5e-3)
    assert (logits["articleType"].argmax(1) == again["articleType"].argmax(1)).mean() > 0.95


def test_other_classes_get_a_new_head(files: Path, pool: Pool) -> None:
    other = dataclasses.replace(pool, classes={**pool.classes, "articleType": ["Cups", "Plates"]})
    torch.manual_seed(5)
    fresh = HouseNet(CONFIG, {c: len(names) for c, names in other.classes.items()})
    head = fresh.heads["articleType"].weight.detach().clone()
    colours = fresh.heads["baseColour"].weight.detach().clone()
    augment = Augment(pool.small[:1], 0.0, 0.0, 1)
    known = take_up(fresh, files / "house.safetensors", other, augment, np.zeros(pool.small.shape[:3], np.uint8))
    assert "baseColour" in known
    assert "articleType" not in known
    assert torch.equal(fresh.heads["articleType"].weight, head)
    assert not torch.equal(fresh.heads["baseColour"].weight, colours)


@pytest.mark.parametrize("content", [None, b"no safetensors"])
def test_no_model_to_start_from_is_one_sentence(content: bytes | None, pool: Pool, tmp_path: Path) -> None:
    path = tmp_path / "house.safetensors"
    if content:
        path.write_bytes(content)
    with pytest.raises(ModelError, match="can't be used"):
        train(dataclasses.replace(CONFIG, start_from=str(path)), pool, tmp_path / "run")


def test_another_shape_of_network_is_refused(files: Path, pool: Pool, tmp_path: Path) -> None:
    config = dataclasses.replace(CONFIG, widths=(8, 8, 12, 16), start_from=str(files / "house.safetensors"))
    with pytest.raises(ModelError, match="another shape"):
        train(config, pool, tmp_path / "run")


def test_a_model_that_has_learnt_what_is_held_back_now_is_no_start(files: Path, pool: Pool, tmp_path: Path) -> None:
    config = dataclasses.replace(CONFIG, ties="rows", start_from=str(files / "house.safetensors"))
    with pytest.raises(ModelError, match="other ties than 'rows'"):
        train(config, pool, tmp_path / "run")
    more = dataclasses.replace(config, ties=CONFIG.ties, validation=CONFIG.validation + 0.1)
    with pytest.raises(ModelError, match="with less held back"):
        train(more, pool, tmp_path / "run")
    train(dataclasses.replace(config, epochs=1), dataclasses.replace(pool, name="mine"), tmp_path / "other")


def test_what_a_model_held_back_of_the_training_tables() -> None:
    own = {"config": {"validation": 0.05, "ties": "photos"}}
    assert held_back(own) == (0.05, "photos")
    assert held_back({}) == held_back({**own, "catalogue": "mine"}) == (0.1, "designs")


def test_a_model_that_held_nothing_back_is_not_measured(network: HouseNet, pool: Pool, tmp_path: Path) -> None:
    from recommender.evaluation.report import validation_report

    one = dict.fromkeys(pool.classes, 1.0)
    about = {"classes": pool.classes, "temperature": one, "sure_from": one, "config": {"validation": 0.0}}
    export(rounded(network, pool), about, tmp_path)
    with pytest.raises(ModelError, match="held nothing back"):
        validation_report(settings=dataclasses.replace(Settings(), model=tmp_path))


def test_the_tower_names_its_encoder(files: Path) -> None:
    from safetensors import safe_open

    with safe_open(files / "house-words.safetensors", framework="numpy") as file:
        about = json.loads(file.metadata()["words"])
    assert about == {"encoder": HouseEncoder(files / "house.onnx").fingerprint}
