"""The command line as other programs call it: in processes of their own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import recommender
from recommender.catalog import LABEL_COLUMNS
from recommender.cli import app, catalogue, demo, main, search, training
from recommender.service import Recommender
from recommender.settings import ROOT
from tests import drawn

COMMANDS = [
    [], ["map"], ["search"], ["similar"], ["find"], ["embed"], ["catalogue"], ["catalogue", "list"],
    ["catalogue", "info"], ["train"], ["join"], ["apart"], ["evaluate"],
    ["demo"], ["demo", "embed"], ["demo", "render"],
]  # fmt: skip


WORDS = ("unknown_words", "left_out", "not_left_out", "prices")


def run(*arguments: object, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "recommender", *map(str, arguments)],
        capture_output=True, text=True, encoding="utf-8", timeout=300, check=False, cwd=ROOT,
        env={**os.environ, "COLUMNS": "120", "NO_COLOR": "1", **options.pop("env", {})}, **options,
    )  # fmt: skip


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Like :func:`run` in this process, which is quicker, for what does not depend on having one of its own."""

    def called(*arguments: object) -> subprocess.CompletedProcess[str]:
        monkeypatch.setattr(sys, "argv", ["recommender", *map(str, arguments)])
        monkeypatch.setenv("COLUMNS", "120")
        with pytest.raises(SystemExit) as left:
            main()
        out, err = capsys.readouterr()
        return subprocess.CompletedProcess(arguments, int(left.value.code or 0), out, err)

    return called


def lines(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    """stdout as JSON, one object a line and nothing else."""
    assert done.stdout.endswith("\n")
    return [json.loads(line, parse_constant=pytest.fail) for line in done.stdout.splitlines()]


def sentence(done: subprocess.CompletedProcess[str], status: int = 2) -> str:
    """The one line on stderr of a command that was refused."""
    assert done.returncode == status, done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    (line,) = done.stderr.splitlines()
    return line


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A photo, one that is none, a path that is not there, and another photo."""
    folder = tmp_path_factory.mktemp("photos")
    good = [folder / "good.jpg", folder / "ümlaut and space.jpg"]
    good[0].write_bytes(drawn.jpeg(drawn.draw("Tshirts", "Red", 3, (240, 320))))
    good[1].write_bytes(drawn.jpeg(drawn.draw("Caps", "Blue", 4, (240, 320))))
    (folder / "bad.jpg").write_text("no photo")
    return [good[0], folder / "bad.jpg", folder / "none.jpg", good[1]]


# ---------------------------------------------------------------- search


def test_search_in_json(photos: list[Path], drawn_path: Path, shop: Recommender) -> None:
    done = run("search", *photos, "-c", drawn_path, "-k", 4, "--json")
    assert done.returncode == 1
    found = lines(done)
    assert [line["photo"] for line in found] == [str(photo) for photo in photos]
    for line in (found[1], found[2]):
        assert set(line) == {"photo", "error"}
    assert "text file" in found[1]["error"]
    assert "There is no file" in found[2]["error"]
    for line, photo in ((found[0], photos[0]), (found[3], photos[3])):
        said = ["labels", "known", "within", "available", *WORDS, "products", "ms"]
        assert list(line) == ["photo", *said]
        assert set(line["labels"]) == set(LABEL_COLUMNS)
        for candidates in line["labels"].values():
            shares = [candidate["probability"] for candidate in candidates]
            assert shares == sorted(shares, reverse=True)
        assert set(line["ms"]) == {"decode", "encode", "search", "total"}
        want = [product.to_dict() for product in shop.recommend(photo, 4).products]
        assert [product["id"] for product in line["products"]] == [product["id"] for product in want]
        assert set(line["products"][0]) == {*shop.catalogue.frame.columns, "similarity"}
    assert done.stderr == ""


def test_search_in_words(photos: list[Path], drawn_path: Path) -> None:
    done = run("search", *photos[:2], "-c", drawn_path, "-k", 2)
    assert done.returncode == 1
    assert done.stdout.splitlines()[0] == str(photos[0])
    assert "articleType: " in done.stdout
    assert done.stdout.count("Drawn ") == 2
    assert str(photos[1]) in done.stderr
    assert "text file" in done.stderr


def test_search_filters_and_categories(photos: list[Path], drawn_path: Path) -> None:
    done = run(
        "search", photos[0], "-c", drawn_path, "-k", 200, "--json", "--within", "masterCategory",
        "--where", "baseColour=red,Blue", "-w", "price=10..40", "--where", "isFragile=no",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (line,) = lines(done)
    assert line["products"]
    for product in line["products"]:
        assert product["baseColour"] in ("Red", "Blue")
        assert 10 <= product["price"] <= 40
        assert product["isFragile"] is False


def test_500_photos_in_one_call(photos: list[Path], drawn_path: Path) -> None:
    many = [photos[0], photos[3]] * 249 + [photos[1], photos[0]]
    done = run("search", *many, "--catalogue", drawn_path, "-k", 1, "--json")
    found = lines(done)
    assert len(found) == 500
    assert [line["photo"] for line in found] == [str(photo) for photo in many]
    assert [number for number, line in enumerate(found) if "error" in line] == [498]
    assert done.returncode == 1
    assert {line["products"][0]["id"] for line in found[:498:2]} == {found[0]["products"][0]["id"]}


def test_a_reader_that_leaves_is_no_traceback(photos: list[Path], drawn_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "recommender", "search", *map(str, [photos[0]] * 60), "-c", str(drawn_path), "--json"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--where", "colour=Red"], "Error: The catalogue has no column 'colour'."),
        (["--where", "price=cheap"], "Error: price holds numbers, and 'cheap' is none."),
        (["--where", "price"], "Error: A filter reads column=value"),
        (["--where", "price=9..1"], "upside down"),
        (["--within", "gender"], "Error: A search can be kept within masterCategory, subCategory, articleType"),
        (["--encoder", "clip"], "Error: There is no encoder 'clip'."),
    ],
)
def test_a_wrong_question_is_one_sentence(
    call: Any, photos: list[Path], drawn_path: Path, arguments: list[str], words: str
) -> None:
    assert words in sentence(call("search", photos[0], "-c", drawn_path, "--json", *arguments))


def test_a_wrong_question_in_a_process_of_its_own(photos: list[Path], drawn_path: Path) -> None:
    done = run("search", photos[0], "-c", drawn_path, "--json", "--where", "colour=Red")
    assert sentence(done) == "Error: The catalogue has no column 'colour'. Did you mean 'baseColour'?"


def test_a_wrong_catalogue_is_one_sentence(call: Any, photos: list[Path], tmp_path: Path) -> None:
    (tmp_path / "x.parquet").write_text("none")
    for name in ("nowhere", tmp_path, tmp_path / "x.parquet", "x" * 3000):
        assert sentence(call("search", photos[0], "-c", name)).startswith("Error: ")
    assert sentence(call("catalogue", "info", "nowhere")).startswith("Error: There is no catalogue 'nowhere'")
    assert sentence(call("similar", "1", "-c", "nowhere")).startswith("Error: There is no catalogue")


def test_a_wrong_option_is_a_usage_error(call: Any, photos: list[Path]) -> None:
    for arguments in (["search"], ["search", photos[0], "-k", "0"], ["search", photos[0], "-k", "x"], ["serch"]):
        done = call(*arguments)
        assert done.returncode == 2
        assert done.stdout == ""
        assert "Traceback" not in done.stderr


# ---------------------------------------------------------------- similar, embed, catalogue, evaluate


def test_similar(call: Any, drawn_path: Path, shop: Recommender) -> None:
    done = run("similar", "1007", "-c", drawn_path, "-k", 3, "--where", "gender=Men", "--json")
    assert done.returncode == 0, done.stderr
    (line,) = lines(done)
    assert line["product"] == "1007"
    want = shop.similar_to("1007", 3, {"gender": "Men"}).to_dict()["products"]
    assert line["products"] == want
    assert call("similar", "1007", "-c", drawn_path, "-k", 3).stdout.count("Drawn ") == 3
    none = call("similar", "1007", "-c", drawn_path, "--where", "gender=Robots")
    assert none.stdout == "No product passes the filters.\n"
    assert "no product with the id '5'" in sentence(call("similar", "5", "-c", drawn_path))


def test_embed(photos: list[Path], drawn_path: Path, tmp_path: Path, shop: Recommender) -> None:
    out = tmp_path / "new folder" / "out.npz"
    done = run("embed", *photos, drawn_path, "--out", out)
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert f"110 of 112 pictures are in {out}." in done.stderr
    assert "bad.jpg" in done.stderr
    with np.load(out, allow_pickle=False) as file:
        assert file["id"].tolist() == [str(photos[0]), str(photos[3]), *shop.catalogue.ids]
        assert file["failed"].tolist() == [str(photos[1]), str(photos[2])]
        np.testing.assert_allclose(file["vector"][2:], shop.vectors, atol=1e-5)


def test_embed_words(call: Any, tmp_path: Path) -> None:
    queries = tmp_path / "queries.txt"
    queries.write_text("red women shoes\n\n  watch \n", encoding="utf-8")
    done = call("embed", "--words", queries, "--out", tmp_path / "words.npz")
    assert done.returncode == 0, done.stderr
    assert "2 queries" in done.stderr
    with np.load(tmp_path / "words.npz", allow_pickle=False) as found:
        assert found["id"].tolist() == ["red women shoes", "watch"]
        np.testing.assert_allclose(np.linalg.norm(found["vector"], axis=1), 1, atol=1e-5)
        vector = found["vector"][0]
    queries.write_text("\n".join(["red women shoes"] * 50 + ["shoes " * 5000]), encoding="utf-8")
    assert call("embed", "--words", queries, "--out", tmp_path / "words.npz").returncode == 0
    with np.load(tmp_path / "words.npz", allow_pickle=False) as found:
        np.testing.assert_allclose(found["vector"][0], vector, atol=1e-6)
        assert found["id"].nbytes < 51 * 4 * 1001  # a pasted page is not kept whole, in as many letters a row


def test_embed_words_is_refused_in_one_sentence(call: Any, tmp_path: Path) -> None:
    queries, binary = tmp_path / "queries.txt", tmp_path / "binary"
    queries.write_text("watch", encoding="utf-8")
    binary.write_bytes(b"\xff\xfe\x00\x81")
    for wrong, said in (
        (("--words", binary), "as text"),
        (("--words", tmp_path / "none.txt"), "as text"),
        (("--words", queries, "--encoder", "colour"), "Only the house encoder"),
        ((tmp_path, "--words", queries), "or else"),
        ((), "or else"),
    ):
        assert said in sentence(call("embed", *wrong, "--out", tmp_path / "x.npz"))


def test_embed_is_refused_in_one_sentence(call: Any, photos: list[Path], tmp_path: Path) -> None:
    assert "There is no file or folder" in sentence(call("embed", tmp_path / "none", "--out", tmp_path / "o.npz"))
    assert "can't be written" in sentence(call("embed", photos[0], "--out", tmp_path))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("evaluate", "--data", "."), "--data needs --validation"),
        (("evaluate", "--validation", "--by", "gender"), "--by and --against belong to a catalogue"),
        (("evaluate", "--validation", "--other", "nowhere"), "There is no folder 'nowhere'"),
        (("train", "-c", "demo", "--limit", "100"), "--data and --limit belong to the tables"),
    ],
)
def test_options_that_would_do_nothing_are_refused(call: Any, arguments: tuple[str, ...], words: str) -> None:
    assert words in sentence(call(*arguments))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_is_one_sentence() -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "recommender", "catalogue", "list"],
            stdout=full, stderr=subprocess.PIPE, text=True, timeout=300, check=False, cwd=ROOT,
        )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.startswith("Error: ")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal")
def test_control_c_says_so(tmp_path: Path, drawn_path: Path) -> None:
    pytest.importorskip("torch")
    command = [
        sys.executable,
        "-m",
        "recommender",
        "train",
        "-c",
        str(drawn_path),
        "--run",
        str(tmp_path),
        "--epochs",
        "500",
    ]
    with subprocess.Popen(
        command,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        # A shell's background jobs ignore the signal, and so would their children.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "Epoch 1 of" in line or "Training from" in line:
                process.send_signal(signal.SIGINT)
                break
        said = process.stderr.read()
        assert process.wait(60) == 130
    assert said.rstrip().endswith("Stopped.")
    assert "Traceback" not in said


def test_embedding_nothing_is_no_success(call: Any, tmp_path: Path) -> None:
    (tmp_path / "bad.jpg").write_bytes(b"no picture")
    done = call("embed", tmp_path / "bad.jpg", "--out", tmp_path / "x.npz")
    assert done.returncode == 1
    assert "0 of 1 pictures" in done.stderr


def test_training_without_data_says_where_it_looked(call: Any, tmp_path: Path) -> None:
    pytest.importorskip("torch")
    assert "fashion_products.parquet is missing" in sentence(call("train", "--data", tmp_path))


# ---------------------------------------------------------------- help


def test_help_in_a_process_of_its_own() -> None:
    done = run("--help")
    assert done.returncode == 0
    assert all(f" {command[0]} " in done.stdout for command in COMMANDS if command)
    assert "Usage: python -m recommender" in done.stdout
    assert done.stderr == ""


def test_version() -> None:
    done = run("--version")
    assert (done.returncode, done.stdout) == (0, f"recommender {recommender.__version__}\n")


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help(call: Any, command: list[str]) -> None:
    done = call(*command, "--help")
    assert done.returncode == 0, done.stderr
    usage = next(line for line in done.stdout.splitlines() if "Usage: " in line)
    assert " ".join([*command, "["]) in usage
    if command and command not in (["catalogue"], ["demo"], ["catalogue", "list"], ["demo", "embed"]):
        assert f"Example: python -m recommender {' '.join(command)}" in " ".join(done.stdout.split())


def test_the_commands_are_those_that_are_tested() -> None:
    found: list[list[Any]] = [[], ["catalogue"], ["demo"]]
    apps = ((app, []), (search.app, []), (training.app, []), (catalogue.app, ["catalogue"]), (demo.app, ["demo"]))
    for group, prefix in apps:
        found += [
            [*prefix, info.name or info.callback.__name__.removeprefix("catalogue_")]
            for info in group.registered_commands
        ]
    assert len(app.registered_groups) == len(apps) - 1
    assert sorted(map(str, found)) == sorted(map(str, COMMANDS))


def test_the_shipped_catalogue_by_name(demo: Recommender) -> None:
    done = run("catalogue", "list")
    assert done.stdout.startswith(f"demo\t{len(demo.catalogue)} products")
    done = run("similar", demo.catalogue.ids[0], "-k", "2", "--json")
    assert len(lines(done)[0]["products"]) == 2
