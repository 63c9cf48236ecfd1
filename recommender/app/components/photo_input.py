"""Where a photo comes from: a file, the camera or a sample."""

from __future__ import annotations

import hashlib
from urllib.parse import urlsplit

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

from recommender.app import resources
from recommender.app.state import Step
from recommender.settings import Settings

WAYS = ("Upload", "Camera", "Samples")
SAMPLE_LABEL = "Sample photo"
FORMATS = "JPEG, PNG, WebP, HEIC or GIF"


def photo_input(key: str) -> Step | None:
    """Draw the input; the query that was just chosen, or None.

    Parameters
    ----------
    key
        Prefix of the widgets' keys: the input is drawn on the start page and in a dialog.
    """
    way = st.segmented_control(
        "Where is your photo?",
        WAYS,
        default="Upload",
        required=True,
        key=f"{key}_way",
        label_visibility="collapsed",
        width="stretch",
    )
    if way == "Camera":
        return _camera(key)
    if way == "Samples":
        return _samples(key)
    return _upload(key)


def let_go(key: str) -> None:
    """Have the server forget the file of an input whose photo was taken over: it would keep it for the whole session.

    Not before, or a photo that can't be used would be gone with the sentence that says so.
    """
    run = get_script_run_ctx()
    if run is None or not isinstance(run.uploaded_file_mgr, MemoryUploadedFileManager):
        return
    for name in (_file_key(key), _shot_key(key)):
        file = st.session_state.get(name)
        if file is not None:
            run.uploaded_file_mgr.remove_file(run.session_id, file.file_id)


def _file_key(key: str) -> str:
    return f"{key}_file"


def _shot_key(key: str) -> str:
    return f"{key}_shot"


def _upload(key: str) -> Step | None:
    # "image/*" is what makes a phone offer its own camera beside its photos.
    megabytes = Settings().max_bytes // 2**20
    file = st.file_uploader(
        "Photo",
        type=["image/*", "heic", "heif"],
        max_upload_size=megabytes,
        key=_file_key(key),
        label_visibility="collapsed",
    )
    st.caption(f"Drop a picture above: {FORMATS}. On a phone, this offers your camera too. Photos aren't kept.")
    return _own(file.getvalue()) if file else None


def _camera(key: str) -> Step | None:
    url = urlsplit(st.context.url or "")
    if url.scheme == "http" and url.hostname not in ("localhost", "127.0.0.1", "::1"):
        st.warning(
            "Browsers lend the camera only to pages opened over https or on this computer. "
            "Choose **Upload** instead: on a phone it offers the camera.",
            icon=":material/lock:",
        )
        return None
    shot = st.camera_input("Take a photo", resolution="720p", key=_shot_key(key), label_visibility="collapsed")
    st.caption(
        "No picture? Allow the camera for this page in the browser's address bar and reload, "
        "or choose **Upload**: on a phone it offers the camera."
    )
    return _own(shot.getvalue()) if shot else None


def _samples(key: str) -> Step | None:
    samples = resources.samples()
    if not samples:
        st.info("There are no sample photos here. Upload one of your own.", icon=":material/photo_library:")
        return None
    chosen = None
    grid = st.grid(5, min_column_width=96, gap=("medium", "small"))
    for sample in samples:
        with grid.cell(), st.container(gap="xxsmall", key=f"{key}_tile_{sample.name}"):
            st.image(resources.sample_tile(sample.name), width="stretch", alt=sample.story)
            if st.button(sample.title, key=f"{key}_sample_{sample.name}", type="tertiary", width="stretch", wrap=True):
                chosen = Step("sample", sample.name, SAMPLE_LABEL)
    return chosen


def _own(photo: bytes) -> Step:
    return Step("photo", hashlib.sha256(photo).hexdigest(), "Your photo", photo)
