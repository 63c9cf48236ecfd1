"""Opening models: a registered encoder, and the house model from the folder that the settings name."""

from __future__ import annotations

from recommender.classifiers import HouseClassifier
from recommender.encoders import ENCODERS, Encoder
from recommender.encoders.house import HouseEncoder
from recommender.errors import ModelError
from recommender.settings import Settings
from recommender.text import TextTower

HOUSE = "house"
HOUSE_WORDS = "house-words.safetensors"


def open_house(settings: Settings) -> tuple[HouseEncoder, HouseClassifier]:
    """The house encoder and its heads, from ``settings.model``.

    Raises
    ------
    ModelError
        If a file is missing or damaged, or both are of different trainings.
    """
    folder = settings.model
    if not folder.is_dir():
        raise ModelError(f"There is no folder {str(folder)!r} of model files. Name the one that training wrote.")
    encoder = HouseEncoder(folder / "house.onnx", settings.threads)
    return encoder, HouseClassifier(folder / "house.safetensors", encoder.fingerprint)


def open_words(settings: Settings) -> TextTower:
    """The text tower of the model in ``settings.model``.

    Raises
    ------
    ModelError
        If the model has none (it was trained without titles), or the files don't fit each other.
    """
    encoder, _ = open_house(settings)
    return TextTower(settings.model / HOUSE_WORDS, encoder.fingerprint)


def words_of(encoder: Encoder, settings: Settings) -> TextTower | None:
    """The text tower whose words lie among the pictures of ``encoder``; None where there is none.

    Raises
    ------
    ModelError
        If its file is damaged, or of another training.
    """
    path = settings.model / HOUSE_WORDS
    return TextTower(path, encoder.fingerprint) if isinstance(encoder, HouseEncoder) and path.is_file() else None


def open_model(name: str, settings: Settings) -> tuple[Encoder, HouseClassifier | None]:
    """An encoder by its registered name, with its heads where it is the house encoder.

    Raises
    ------
    ModelError, MissingExtraError
        If it can't be loaded.
    """
    return open_house(settings) if name == HOUSE else (ENCODERS.create(name), None)
