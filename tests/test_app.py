"""The app's pages, run by Streamlit's AppTest over the shipped catalogue and model."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec
from streamlit.testing.v1 import AppTest, local_script_runner

from recommender.app import resources, state, url
from recommender.app.components import prediction
from recommender.app.state import FACETS, MOST_LETTERS, PAGE, Facet, Key
from recommender.app.wording import plain

ROOT = Path(__file__).resolve().parents[1]
ABOUT = "recommender/app/pages/about.py"
PATIENCE = 60


def open_app(**params: str | list[str]) -> AppTest:
    """The app after its first run, opened with these query parameters."""
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=PATIENCE)
    for name, value in params.items():
        app.query_params[name] = value
    return app.run()


def sample_bytes(number: int = 0) -> bytes:
    return resources.samples()[number].path.read_bytes()


def words(app: AppTest) -> str:
    """All text on the screen."""
    parts = (*app.title, *app.subheader, *app.markdown, *app.caption, *app.error, *app.warning, *app.info)
    return "\n".join(str(part.value) for part in parts)


def keys(app: AppTest, start: str) -> list[str]:
    return [button.key for button in app.button if (button.key or "").startswith(start)]


def found(app: AppTest) -> list[str]:
    """Ids of the products in the gallery, in order."""
    return [key.removeprefix("found_more_") for key in keys(app, "found_more_")]


def count(app: AppTest) -> tuple[int, int]:
    """Shown and available products, from the line over the gallery."""
    match = re.search(r"\*\*(\d+)\*\* of \*\*([\d,]+)\*\*", words(app))
    assert match, words(app)
    return int(match[1]), int(match[2].replace(",", ""))


def control(app: AppTest, key: str) -> str:
    """The key of the present control of what the session keeps at ``key``."""
    return f"filter_{key}_{app.session_state.get(Key.TURN, 0)}"


def facet(name: str) -> Facet:
    return next(one for one in FACETS if one.name == name)


def test_start_offers_every_way_in() -> None:
    app = open_app()
    assert not app.exception
    assert app.title[0].value == "Find it by photo"
    assert app.segmented_control(key="start_way").options == ["Upload", "Camera", "Samples"]
    assert app.file_uploader(key="start_file").allowed_type[0] == "image/*"
    assert len(keys(app, "pick_more_")) == PAGE
    assert not app.query_params


def test_upload_is_answered() -> None:
    app = open_app()
    app.file_uploader(key="start_file").upload("photo.jpg", sample_bytes(), "image/jpeg").run()
    assert not app.exception
    assert count(app) == (PAGE, resources.facts().size)
    assert "Your photo" in words(app)
    assert " in all: " in words(app)
    assert len(found(app)) == PAGE
    # One's own photo is no part of a link, which counts them so that Back leads from one to what was before it.
    assert dict(app.query_params) == {"photo": "1"}


def test_a_photo_that_was_taken_over_is_not_kept_as_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    managers: list[MemoryUploadedFileManager] = []

    class Kept(MemoryUploadedFileManager):
        def add_file(self, session_id: str, file: UploadedFileRec) -> None:
            managers.append(self)
            super().add_file(session_id, file)

    monkeypatch.setattr(local_script_runner, "MemoryUploadedFileManager", Kept)
    app = open_app()
    app.file_uploader(key="start_file").upload("notes.jpg", b"just some text", "image/jpeg").run()
    assert app.error
    assert any(files for files in managers[-1].file_storage.values())  # or the sentence would be gone
    app.file_uploader(key="start_file").set_value(("photo.jpg", sample_bytes(), "image/jpeg")).run()
    assert len(found(app)) == PAGE
    assert not any(files for files in managers[-1].file_storage.values())


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("notes.jpg", b"just some text"),
        ("empty.png", b""),
        ("drawing.svg.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("half.jpg", None),
    ],
)
def test_bad_file_gets_a_sentence_and_the_app_goes_on(name: str, data: bytes | None) -> None:
    app = open_app()
    whole = sample_bytes()
    app.file_uploader(key="start_file").upload(name, whole[:300] if data is None else data, "image/jpeg").run()
    assert not app.exception
    assert len(app.error) == 1
    assert "Traceback" not in app.error[0].value
    assert app.title[0].value == "Find it by photo"
    app.file_uploader(key="start_file").set_value(("photo.jpg", whole, "image/jpeg")).run()
    assert not app.error
    assert len(found(app)) == PAGE


def test_camera_photo_is_answered() -> None:
    app = open_app()
    app.segmented_control(key="start_way").set_value("Camera").run()
    assert "Allow the camera" in words(app)
    app.camera_input(key="start_shot").set_value(("shot.jpg", sample_bytes(1), "image/jpeg")).run()
    assert not app.exception
    assert len(found(app)) == PAGE


def test_camera_is_explained_where_a_browser_would_refuse_it() -> None:
    app = open_app()
    app.context["url"] = "http://shop.example/"
    app.segmented_control(key="start_way").set_value("Camera").run()
    assert "https" in app.warning[0].value
    assert not app.get("camera_input")
    assert "Allow the camera" not in words(app)
    app.context["url"] = "http://localhost:8501/"
    assert not app.run().warning


def test_sample_is_answered_and_linked() -> None:
    app = open_app()
    app.segmented_control(key="start_way").set_value("Samples").run()
    name = resources.samples()[0].name
    app.button(key=f"start_sample_{name}").click().run()
    assert app.query_params["sample"] == name
    again = open_app(sample=name)
    assert found(again) == found(app)


def test_words_are_answered_linked_and_changed() -> None:
    app = open_app()
    app.chat_input(key="start_words").set_value("  red  women shoes ").run()
    assert not app.exception
    want = [product.id for product in resources.shop().find("red women shoes", k=PAGE).products]
    assert found(app) == want
    assert app.query_params["find"] == "red women shoes"
    assert "“red women shoes”" in words(app)
    assert found(open_app(find="red women shoes")) == want
    app.text_input(key="words_again").set_value("blue floral dress").run()
    assert app.query_params["find"] == "blue floral dress"
    assert found(app) != want
    assert "No product is described by **floral**" in words(app)
    before = found(app)
    app.text_input(key="words_again").set_value(" ?! ").run()
    assert found(app) == before
    app.button(key=f"found_more_{before[0]}").click().run()
    assert app.query_params["product"] == before[0]
    app.button(key="crumb_0").click().run()
    assert found(app) == before


def test_a_long_text_is_searched_for_as_far_as_it_is_read() -> None:
    text = "red women shoes " * 20
    app = open_app()
    field = app.chat_input(key="start_words")
    assert not field.proto.max_chars  # or the browser takes nothing of it, and says nothing
    field.set_value(text).run()
    assert app.query_params["find"] == "red women shoes " * 7 + "red"  # and no half of a word
    assert found(app) == found(open_app(find=text))
    assert state.words_step("x" * 500).key == "x" * MOST_LETTERS


@pytest.mark.parametrize("text", ["?!", " ", "", "👗"])
def test_words_that_say_nothing_are_no_search(text: str) -> None:
    app = open_app(find=text)
    assert not app.exception
    assert app.title[0].value == "Find it by photo"
    app.chat_input(key="start_words").set_value(text or "-").run()
    assert app.title[0].value == "Find it by photo"
    assert "Say in words what you look for" in app.error[0].value


def test_words_nobody_knows_are_one_sentence() -> None:
    app = open_app()
    app.chat_input(key="start_words").set_value("платье").run()
    assert not app.exception
    assert "No product is described by these words" in app.error[0].value
    assert app.title[0].value == "Find it by photo"
    assert "No product is described by these words" in words(open_app(find="платье"))


def test_other_words_that_nobody_knows_leave_the_field_and_the_map() -> None:
    app = open_app(find="red women shoes")
    app.text_input(key="words_again").set_value("платье").run()
    assert not app.exception
    assert "No product is described by these words" in app.warning[0].value
    assert keys(app, "pick_more_")
    app.switch_page("recommender/app/pages/explore.py").run()
    assert not app.exception
    assert "products, alike ones close together" in words(app)
    app.switch_page("recommender/app/pages/find_similar.py").run()
    app.text_input(key="words_again").set_value("red women shoes").run()
    assert found(app) == found(open_app(find="red women shoes"))


def test_words_beside_a_photo_and_a_product() -> None:
    name = resources.samples()[0].name
    app = open_app(sample=name)
    before = found(app)
    app.text_input(key=Key.WORDS).set_value("in yellow zeppelins").run()
    assert not app.exception
    shop = resources.shop()
    assert found(app) == [
        p.id for p in shop.recommend(resources.sample(name).path, PAGE, words="in yellow zeppelins").products
    ]
    assert found(app) != before
    assert app.query_params["words"] == "in yellow zeppelins"
    assert "No product is described by **zeppelins**" in words(app)
    own = found(app)[0]
    app.button(key=f"found_more_{own}").click().run()
    assert found(app) == [product.id for product in shop.similar_to(own, PAGE, words="in yellow zeppelins").products]
    assert found(open_app(sample=name, product=own, words="in yellow zeppelins")) == found(app)
    app.button(key="clear").click().run()
    assert "words" not in app.query_params
    assert found(app) == [product.id for product in shop.similar_to(own, PAGE).products]
    assert "Say in words" not in words(app)
    app.text_input(key=Key.WORDS).set_value("...").run()
    assert found(app) == [product.id for product in shop.similar_to(own, PAGE).products]
    assert "Say in words what should be other" in words(app)


def test_every_sample_opens() -> None:
    assert len(resources.samples()) >= 6
    for sample in resources.samples():
        app = open_app(sample=sample.name)
        assert not app.exception, sample.name
        assert found(app), sample.name


def test_more_like_this_leaves_a_trail_back() -> None:
    app = open_app(sample=resources.samples()[0].name)
    first = found(app)
    app.button(key=f"found_more_{first[0]}").click().run()
    assert app.query_params["product"] == first[0]
    assert app.query_params["sample"] == resources.samples()[0].name
    second = found(app)
    assert first[0] not in second
    app.button(key=f"found_more_{second[0]}").click().run()
    assert app.query_params["product"] == second[0]
    assert keys(app, "crumb_") == ["crumb_-1", "crumb_0", "crumb_1"]
    app.button(key="crumb_0").click().run()
    assert found(app) == first
    assert "product" not in app.query_params
    app.button(key="crumb_-1").click().run()
    assert app.title[0].value == "Find it by photo"
    assert not app.query_params


def test_details_show_the_product() -> None:
    app = open_app(sample=resources.samples()[0].name)
    product = resources.product(found(app)[0])
    app.button(key=f"found_details_{product.id}").click().run()
    assert not app.exception
    assert plain(product.columns["baseColour"]) in words(app)
    assert f"No. {plain(product.id)}" in words(app)
    app.button(key="dialog_more").click().run()
    assert app.query_params["product"] == product.id


def test_show_more_loads_more() -> None:
    app = open_app(sample=resources.samples()[0].name)
    first = found(app)
    app.button(key="show_more").click().run()
    assert found(app)[: len(first)] == first
    assert len(found(app)) == 2 * PAGE


def test_back_leads_to_as_many_products_as_were_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    name = resources.samples()[0].name
    app = open_app(sample=name)
    app.button(key="show_more").click().run()
    shown = found(app)
    app.button(key=f"found_more_{shown[40]}").click().run()
    assert len(found(app)) == PAGE
    del app.query_params["product"]
    with monkeypatch.context() as patch:
        patch.setattr(url, "gone_back", lambda: True)
        app.run()
    assert found(app) == shown
    app.button(key=f"found_more_{shown[40]}").click().run()
    app.button(key="crumb_0").click().run()
    assert found(app) == shown
    app.pills(key=control(app, facet("gender").key)).set_value([resources.facts().values["gender"][0]]).run()
    assert len(found(app)) == PAGE  # of another answer there is one helping again
    app.button(key="crumb_-1").click().run()
    app.segmented_control(key="start_way").set_value("Samples").run()
    app.button(key=f"start_sample_{name}").click().run()
    assert found(app) == shown[:PAGE]


def test_the_parts_of_the_time_add_up() -> None:
    (line,) = [one.value for one in open_app(sample=resources.samples()[0].name).caption if " in all: " in one.value]
    whole, *parts = (float(number) for number in re.findall(r"([\d.]+) ms", line))
    assert len(parts) == 4
    assert sum(parts) == pytest.approx(whole, abs=0.5 * (1 + len(parts)))


def test_photo_of_nothing_is_said_to_be_one() -> None:
    app = open_app(sample="plant-on-table")
    assert "I don't see a product here" in words(app)
    assert not [pills for pills in app.pills if pills.key == "suggested"]  # nothing of it is worth filtering by
    assert "Search in" not in [box.label for box in app.selectbox]  # there is but the whole catalogue
    assert len(found(app)) == PAGE


def test_what_is_hardly_known_has_no_attributes(monkeypatch: pytest.MonkeyPatch) -> None:
    name = resources.samples()[0].name
    assert ":green-badge[" in words(open_app(sample=name))
    monkeypatch.setattr(prediction, "VAGUE", 1.01)
    app = open_app(sample=name)
    assert ":green-badge[" not in words(app)
    assert not [pills for pills in app.pills if pills.key == "suggested"]
    assert " ms in all: " in words(app)  # and everything else is there


def test_about_is_honest() -> None:
    app = open_app().switch_page(ABOUT).run()
    assert not app.exception
    for said in ("renders every picture", "Fashion Product Images (Small)", "Alexey Grigorev", "CC0"):
        assert said in words(app)
    measured = resources.model_facts().measured
    assert f"{measured['articleType'][0]:.1%}" in [metric.value for metric in app.metric]
    (pattern,) = [metric for metric in app.metric if metric.label == "Pattern"]
    assert f"measured on the {measured['pattern'][3]:,} of them" in pattern.help


def test_the_page_imports_nothing_heavy() -> None:
    code = (
        "import sys\n"
        "from streamlit.testing.v1 import AppTest\n"
        f"app = AppTest.from_file({str(ROOT / 'streamlit_app.py')!r}, default_timeout={PATIENCE}).run()\n"
        "assert not app.exception and app.title[0].value\n"
        # Not plotly: Streamlit imports it by itself where it is installed.
        "print(sorted({'torch', 'timm', 'sklearn', 'matplotlib', 'scipy'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout.strip().splitlines()[-1:] == ["[]"], done.stderr
