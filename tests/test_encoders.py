"""One contract over every registered encoder, and what happens where weights or packages can't be had."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from recommender.encoders import ENCODERS, Encoder, unit
from recommender.encoders.house import BATCH, HOUSE_ONNX, HouseEncoder
from recommender.errors import MissingExtraError, ModelError, RecommenderError
from tests import drawn

EVERY = list(ENCODERS)
# Large networks are slow on a test machine: of these only one is made a second time.
HEAVY = {"resnet50", "vgg16", "dinov2-small", "efficientnet-b0"}
_made: dict[str, Encoder] = {}

needs_torch = pytest.mark.skipif(
    any(importlib.util.find_spec(name) is None for name in ("torch", "timm", "torchvision")),
    reason="torch, timm and torchvision are not installed",
)


def make(name: str) -> Encoder:
    """A new encoder; untrained, and so without a network, where its weights would be downloaded."""
    try:
        return ENCODERS.create(name, **({"weights": False} if ENCODERS.card(name).download else {}))
    except MissingExtraError as error:
        pytest.skip(str(error))


@pytest.fixture(params=EVERY)
def encoder(request: pytest.FixtureRequest) -> Encoder:
    if request.param not in _made:
        _made[request.param] = make(request.param)
    return _made[request.param]


def canvases(encoder: Encoder, n: int = 2) -> np.ndarray:
    kinds = [("Tshirts", "Red"), ("Handbags", "Black"), ("Trousers", "Blue")]
    return np.stack([encoder.prepare(drawn.draw(*kinds[i % 3], i, size=(150, 200))) for i in range(n)])


def run(code: str, **env: str) -> subprocess.CompletedProcess[str]:
    """A fresh interpreter with other surroundings."""
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        env={**os.environ, "OMP_NUM_THREADS": "1", **env},
        capture_output=True, text=True, timeout=180, check=False,
    )  # fmt: skip


# ---------------------------------------------------------------- the contract


def test_cards_say_what_there_is_to_know() -> None:
    assert {"house", "colour", "mobilenetv3", "resnet50"} <= set(EVERY)
    for name in EVERY:
        card = ENCODERS.card(name)
        assert card.name == name
        assert card.title
        assert card.source
        assert card.licence
        assert card.dimension > 0
    with pytest.raises(RecommenderError, match=r"There is no encoder 'clip'\. Known: colour,"):
        ENCODERS.create("clip")


def test_contract(encoder: Encoder) -> None:
    stack = canvases(encoder)
    assert stack.dtype == np.uint8
    assert stack.shape[3] == 3
    vectors = encoder.encode(stack)
    assert vectors.shape == (2, encoder.dimension) == (2, encoder.card.dimension)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert not np.array_equal(vectors[0], vectors[1])
    alone = encoder.encode(stack[1:])
    np.testing.assert_allclose(alone[0], vectors[1], atol=2e-5)
    np.testing.assert_array_equal(encoder.encode(stack[1:]), alone)
    empty = encoder.encode(stack[:0])
    assert empty.shape == (0, encoder.dimension)
    assert empty.dtype == np.float32


@pytest.mark.parametrize("size", [(8, 8), (3000, 8), (8, 3000), (61, 333)])
def test_prepare_takes_any_shape(encoder: Encoder, size: tuple[int, int]) -> None:
    canvas = encoder.prepare(Image.new("RGB", size, (10, 200, 30)))
    assert canvas.shape == canvases(encoder, 1)[0].shape
    assert canvas.dtype == np.uint8
    # The whole picture is there, and what is not picture is white.
    assert (np.abs(canvas.astype(int) - (10, 200, 30)).max(2) < 8).any()


def test_fingerprints_differ_between_encoders() -> None:
    marks = [made.fingerprint for made in _made.values()]
    assert len(set(marks)) == len(marks)
    assert all(isinstance(mark, str) and mark for mark in marks)


@pytest.mark.parametrize("name", [name for name in EVERY if name not in HEAVY])
def test_made_again_it_is_the_same(name: str) -> None:
    one, other = make(name), make(name)
    assert one.fingerprint == other.fingerprint
    stack = canvases(one)
    np.testing.assert_array_equal(one.encode(stack), other.encode(stack))


@pytest.mark.parametrize("name", ["house", "colour", "mobilenetv3"])
def test_large_batches_and_threads(name: str) -> None:
    made = _made.get(name) or make(name)
    stack = canvases(made, 3)[np.arange(150) % 3]
    vectors = made.encode(stack)
    np.testing.assert_allclose(vectors, vectors[np.arange(150) % 3], atol=2e-5)
    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(made.encode, [stack[:5]] * 8):
            np.testing.assert_allclose(found, vectors[:5], atol=2e-5)


def test_unit() -> None:
    rows = unit(np.array([[3.0, 4.0], [0, 0], [1e-30, 0], [-2, 0]]))
    assert rows.dtype == np.float32
    np.testing.assert_allclose(rows, [[0.6, 0.8], [1, 0], [1, 0], [-1, 0]], atol=1e-7)
    assert unit(np.empty((0, 3))).shape == (0, 3)


def test_colour_sees_colour_and_place() -> None:
    made = make("colour")
    red, also_red, blue = (
        made.encode(made.prepare(drawn.draw("Tshirts", colour, number))[None])[0]
        for colour, number in (("Red", 1), ("Red", 2), ("Blue", 1))
    )
    assert red @ also_red > red @ blue + 0.2


# ---------------------------------------------------------------- the house model's file


def test_the_house_model_names_its_content() -> None:
    made = HouseEncoder()
    assert made.dimension == ENCODERS.card("house").dimension
    assert made.fingerprint == HouseEncoder().fingerprint


def test_a_missing_or_damaged_house_model_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"missing: house\.onnx\. Train it with: python -m recommender train"):
        HouseEncoder(tmp_path / "house.onnx")
    data = HOUSE_ONNX.read_bytes()
    for bad in (b"", b"no model", data[: len(data) // 2]):
        (tmp_path / "house.onnx").write_bytes(bad)
        with pytest.raises(ModelError, match=r"house\.onnx is damaged or no house model"):
            HouseEncoder(tmp_path / "house.onnx")


def test_another_file_is_another_fingerprint(tmp_path: Path) -> None:
    onnx = pytest.importorskip("onnx")
    model = onnx.load(HOUSE_ONNX)
    model.doc_string = "another"
    onnx.save(model, tmp_path / "house.onnx")
    assert HouseEncoder(tmp_path / "house.onnx").fingerprint != HouseEncoder().fingerprint


# ---------------------------------------------------------------- downloads and extras


@needs_torch
def test_without_a_network_it_says_so(tmp_path: Path) -> None:
    # Only the way out is closed: no name is found. All of timm's and the hub's code runs.
    done = run(
        """
        import socket
        def closed(*_, **__):
            raise socket.gaierror(-2, "Name or service not known")
        socket.getaddrinfo = closed
        import time
        time.sleep = lambda _: None  # the hub's client waits between attempts
        from recommender.encoders import ENCODERS
        from recommender.errors import ModelError
        try:
            ENCODERS.create("mobilenetv3")
        except ModelError as error:
            print(error)
        """,
        HF_HOME=str(tmp_path), TORCH_HOME=str(tmp_path), HF_HUB_OFFLINE="0", HF_HUB_DISABLE_TELEMETRY="1",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("The weights of MobileNetV3 small, ImageNet could not be loaded (")
    assert done.stdout.strip().endswith("check the network, or use the house model, which needs none.")


@pytest.mark.parametrize("absent", ["torch", "timm", "torchvision"])
def test_a_missing_package_is_named(tmp_path: Path, absent: str) -> None:
    # What the other two are does not matter here, so they are empty, which also is quick.
    for name in {"torch", "timm", "torchvision"} - {absent}:
        (tmp_path / f"{name}.py").write_text("")
    (tmp_path / f"{absent}.py").write_text(f"raise ModuleNotFoundError('none', name='{absent}.ops')")
    done = run(
        """
        from recommender.encoders import ENCODERS
        from recommender.errors import MissingExtraError
        try:
            ENCODERS.create("resnet50")
        except MissingExtraError as error:
            print(error)
        """,
        PYTHONPATH=f"{tmp_path}{os.pathsep}{os.environ['PYTHONPATH']}",
    )
    want = f"The encoder resnet50 needs the package '{absent}'. Install it with: pip install {absent}\n"
    assert done.stdout == want, done.stderr


# ---------------------------------------------------------------- torchvision beside another build of torch

REPAIR = """
    import json, sys
    from recommender.encoders.torchvision_repair import _kept, import_torchvision
    try:
        module = import_torchvision()
        found = {"file": module.__file__, "same": import_torchvision() is module}
    except Exception as error:
        found = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps({**found, "declared": len(_kept), "torch": "torch" in sys.modules}))
"""


def repaired(folder: Path | None = None, stub: str = "") -> dict[str, object]:
    """What the repair does in a fresh interpreter, with ``stub`` in torchvision's place if a folder is given."""
    path = os.environ["PYTHONPATH"]
    if folder is not None:
        (folder / "torchvision").mkdir()
        (folder / "torchvision" / "__init__.py").write_text(textwrap.dedent(stub))
        path = f"{folder}{os.pathsep}{path}"
    done = run(REPAIR, PYTHONPATH=path)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_repair_leaves_a_whole_torchvision_alone(tmp_path: Path) -> None:
    found = repaired(tmp_path, "whole = True")
    assert found == {
        "file": str(tmp_path / "torchvision" / "__init__.py"), "same": True, "declared": 0, "torch": False,
    }  # fmt: skip


@needs_torch
def test_repair_declares_what_is_missing(tmp_path: Path) -> None:
    # As a torchvision whose operators did not load: it fails after it has imported a part of itself.
    stub = """
        import sys
        assert "torchvision.part" not in sys.modules
        sys.modules["torchvision.part"] = sys
        import torch
        for name in ("nms", "qnms"):
            torch.library.register_fake(f"torchvision::{name}")(lambda *_: None)
    """
    found = repaired(tmp_path, stub)
    assert found == {
        "file": str(tmp_path / "torchvision" / "__init__.py"), "same": True, "declared": 1, "torch": True,
    }  # fmt: skip


@needs_torch
def test_repair_makes_the_installed_torchvision_importable() -> None:
    broken = run("import torchvision").returncode != 0
    found = repaired()
    assert "error" not in found
    assert found["same"]
    assert found["declared"] == (1 if broken else 0)
    done = run(
        """
        from recommender.encoders.torchvision_repair import import_torchvision
        import_torchvision()
        import timm
        print(len(timm.list_models()) > 500)
        """
    )
    assert done.stdout.strip() == "True", done.stderr


@pytest.mark.parametrize("error", ["RuntimeError('the disk is full')", "ImportError('none')", "ValueError('odd')"])
def test_repair_hides_no_other_error(tmp_path: Path, error: str) -> None:
    found = repaired(tmp_path, f"raise {error}")
    kind, text = error[:-2].split("('")
    assert found == {"error": f"{kind}: {text}", "declared": 0, "torch": False}


def test_pictures_on_white_are_looked_at_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """One of them in a batch would have all of it looked at with every network."""
    encoder = HouseEncoder()
    rng = np.random.default_rng(0)
    mixed = rng.integers(0, 200, (3 * BATCH, *encoder.size, 3), np.uint8)
    white = rng.permutation(len(mixed))[:BATCH]
    for side in (np.s_[:, :4], np.s_[:, -4:], np.s_[:, :, :4]):
        part = mixed[white]
        part[side] = 255
        mixed[white] = part
    want = np.concatenate([encoder.encode(one[None]) for one in mixed])
    asked: list[np.ndarray] = []
    run = encoder._session.run

    class Watched:
        def run(self, names: None, feed: dict[str, np.ndarray]) -> list[np.ndarray]:
            asked.extend(feed.values())
            return run(names, feed)

    monkeypatch.setattr(encoder, "_session", Watched())
    np.testing.assert_allclose(encoder.encode(mixed), want, atol=1e-6)
    assert [len(part) for part in asked] == [BATCH] * 3
    assert [int((part[:, 0] == 255).all((1, 2)).sum()) for part in asked] == [0, 0, BATCH]
