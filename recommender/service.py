"""The pipeline in one object: a photo in, labels and the nearest products out."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import islice
from pathlib import Path

import numpy as np

from recommender.catalog import Catalog, Where, load_catalog, select
from recommender.catalog.labels import has_labels, label_text
from recommender.classifiers import Classifier, ColumnScores, NeighbourClassifier
from recommender.encoders import Encoder
from recommender.errors import CatalogError, FilterError, ImageError, WordsError
from recommender.images import Photo, Source, open_photo, picture_bytes
from recommender.index import AutoIndex, Index
from recommender.models import open_model, words_of
from recommender.results import LabelGuess, LabelScore, Product, Recommendation, Timings
from recommender.settings import Settings
from recommender.text import Question, WordSearch
from recommender.vectors import Progress, embed_catalogue, usable
from recommender.workspace import Workspace, fingerprint

WITHIN = ("masterCategory", "subCategory", "articleType")
CANDIDATES = 5
BATCH = 32


class Recommender:
    """Visual search over one catalogue with one encoder. Safe to share between threads.

    Examples
    --------
    >>> shop = Recommender.open()
    >>> answer = shop.recommend("assets/samples/shirt-on-planks.jpg", k=3)  # doctest: +SKIP
    >>> answer.show()  # doctest: +SKIP
    """

    def __init__(
        self,
        catalogue: Catalog,
        encoder: Encoder,
        classifier: Classifier,
        vectors: np.ndarray,
        index: Index,
        settings: Settings | None = None,
    ) -> None:
        self.catalogue = catalogue
        self.encoder = encoder
        self.classifier = classifier
        self.vectors = vectors
        self.index = index
        self.settings = settings or Settings()
        self._texts: dict[str, np.ndarray] = {}

    @classmethod
    def open(
        cls,
        catalogue: str | Path | Catalog = "demo",
        encoder: str = "house",
        settings: Settings | None = None,
        progress: Progress | None = None,
    ) -> Recommender:
        """Open a catalogue, embedding it first if that has not been done before.

        Parameters
        ----------
        catalogue
            ``"demo"``, the path of a Parquet table, or a catalogue at hand.
        encoder
            A registered name; see :data:`recommender.encoders.ENCODERS`.
        settings
            Limits, the folder of the house model, and the workspace where vectors are kept.
        progress
            Called with (done, total) products while they are embedded.

        Raises
        ------
        CatalogError
            If the catalogue can't be read or holds no product with a readable picture.
        ModelError, MissingExtraError
            If the encoder, or its heads, can't be loaded.
        """
        settings = settings or Settings()
        shop = catalogue if isinstance(catalogue, Catalog) else load_catalog(catalogue)
        if not len(shop):
            raise CatalogError(f"The catalogue {shop.name!r} holds no product.")
        model, heads = open_model(encoder, settings)
        workspace = Workspace(settings)
        key = fingerprint(shop.fingerprint, model.fingerprint, *settings.decoding)
        vectors = workspace.vectors(
            key, (len(shop), model.dimension), lambda: embed_catalogue(shop, model, settings, progress)
        )
        shop, vectors = usable(shop, vectors, model, settings)
        index = AutoIndex(vectors, lambda: workspace.graph(key, vectors), settings.exact_below)
        return cls(shop, model, heads or _by_neighbours(shop, vectors), vectors, index, settings)

    def recommend(
        self, photo: Source, k: int = 12, where: Where | None = None, within: str | None = None, words: str = ""
    ) -> Recommendation:
        """What the photo shows and which products look most like it.

        Parameters
        ----------
        photo
            Path, bytes, binary file, PIL picture or uint8 array.
        k
            Number of products; the answer holds ``min(k, available)``.
        where
            Column to a value, a list of values or a pair ``(low, high)``; see
            :func:`recommender.catalog.select`.
        within
            One of ``masterCategory``, ``subCategory``, ``articleType`` searches only the
            categories that the photo is predicted to be of: as many as it takes to hold
            90 % of the probability. None searches the whole catalogue.
        words
            What is wanted beside the look of the photo, such as "in red": both are added up.

        Raises
        ------
        ImageError
            If the photo can't be used.
        FilterError
            If ``where`` or ``within`` does not fit the catalogue.
        WordsError
            If ``words`` are given and hold neither a letter nor a digit.
        """
        answer = next(self.recommend_many([photo], k, where, within, words, preview=True))
        if isinstance(answer, ImageError):
            raise answer
        return answer

    def recommend_many(
        self,
        photos: Iterable[Source],
        k: int = 12,
        where: Where | None = None,
        within: str | None = None,
        words: str = "",
        preview: bool = False,
    ) -> Iterator[Recommendation | ImageError]:
        """Like :meth:`recommend` for many photos, in batches and in order.

        A photo that can't be used gives its error in its place and stops nothing. A wrong ``k``,
        ``where``, ``within`` or ``words`` is raised at once, before the first photo is asked for.
        """
        _check_k(k)
        passed = select(self.catalogue.frame, where)
        if within is not None and within not in WITHIN:
            raise FilterError(f"A search can be kept within {', '.join(WITHIN)}, not within {within!r}.")
        if within is not None and within not in self.catalogue.frame.columns:
            raise FilterError(f"The catalogue {self.catalogue.name!r} has no column {within!r} to search within.")
        if within is not None and within not in self.told_columns:
            raise FilterError(f"The model does not tell {within}, so a search can't be kept within it.")
        asked = self._ask(words)
        passed = passed if asked is None else passed & asked.fits
        return self._stream(iter(photos), k, passed, within, asked, preview)

    def _stream(
        self,
        waiting: Iterator[Source],
        k: int,
        passed: np.ndarray,
        within: str | None,
        asked: Question | None,
        preview: bool,
    ) -> Iterator[Recommendation | ImageError]:
        while part := list(islice(waiting, BATCH)):
            opened = [self._open(photo) for photo in part]
            good = [(photo, took) for photo, took in opened if isinstance(photo, Photo)]
            started = time.perf_counter()
            vectors, scores, known = self._read([photo for photo, _ in good])
            encode = _since(started) / max(len(good), 1)
            number = 0
            for photo, took in opened:
                if isinstance(photo, ImageError):
                    yield photo
                    continue
                row = {column: _row(score, number) for column, score in scores.items()}
                yield self._answer(
                    photo, vectors[number], row, float(known[number]), k, passed, within, asked, (took, encode), preview
                )
                number += 1

    def similar_to(self, product_id: str, k: int = 12, where: Where | None = None, words: str = "") -> Recommendation:
        """The products most like one of the catalogue, without that one; ``words`` as in :meth:`recommend`.

        Raises
        ------
        CatalogError
            If there is no product of that id.
        """
        _check_k(k)
        started = time.perf_counter()
        row = self.catalogue.row_of(product_id)
        allowed = select(self.catalogue.frame, where)
        allowed[row] = False
        asked = self._ask(words)
        allowed = allowed if asked is None else allowed & asked.fits
        products = self._nearest(self.vectors[row], k, allowed, asked)
        took = _since(started)
        ms, own = Timings(0.0, 0.0, took, took), self.vectors[row].copy()
        return _found(products, allowed, ms, own, asked, self.catalogue.image(row))

    def find(self, words: str, k: int = 12, where: Where | None = None) -> Recommendation:
        """The products that fit ``words`` best: those that look like it, and those that are called so first.

        Raises
        ------
        WordsError
            If the words hold neither a letter nor a digit, or nothing is known of any of them.
        """
        _check_k(k)
        started = time.perf_counter()
        asked = self.words.ask(words)
        if asked.says_nothing and asked.wish.rules_out:
            raise WordsError(
                "Say what you look for too, not only what it must not be or cost, such as: shoes, not red."
            )
        if asked.says_nothing:
            raise WordsError("No product is described by these words. Try fewer or others, such as: red women shoes.")
        encode, allowed = _since(started), select(self.catalogue.frame, where) & asked.fits
        searching = time.perf_counter()
        products = self._nearest(None, k, allowed, asked)
        return _found(products, allowed, Timings(0.0, encode, _since(searching), _since(started)), asked.vector, asked)

    @cached_property
    def words(self) -> WordSearch:
        """The catalogue, to be asked in words."""
        return WordSearch(self.catalogue.frame, self.vectors, words_of(self.encoder, self.settings))

    def _ask(self, words: str) -> Question | None:
        return self.words.ask(words) if words else None

    @cached_property
    def told_columns(self) -> tuple[str, ...]:
        """Label columns that the model tells of a photo."""
        return tuple(self.classifier.scores(np.zeros((1, self.encoder.dimension), np.float32)))

    @property
    def breadths(self) -> tuple[str, ...]:
        """Columns that a photo's search can be kept within: the catalogue has them, and the model tells them."""
        return tuple(one for one in WITHIN if one in self.catalogue.frame.columns and one in self.told_columns)

    def product(self, product_id: str) -> Product:
        """A product by its id; raises CatalogError if there is none."""
        return self._product(self.catalogue.row_of(product_id), 1.0)

    def _open(self, photo: Source) -> tuple[Photo | ImageError, float]:
        started = time.perf_counter()
        try:
            return open_photo(photo, self.settings), _since(started)
        except ImageError as error:
            return error, _since(started)

    def _read(self, photos: list[Photo]) -> tuple[np.ndarray, dict[str, ColumnScores], np.ndarray]:
        """Vectors, label scores and known-ness of a batch."""
        if not photos:
            return np.empty((0, self.encoder.dimension), np.float32), {}, np.empty(0, np.float32)
        vectors = self.encoder.encode(np.stack([self.encoder.prepare(photo.picture) for photo in photos]))
        return vectors, self.classifier.scores(vectors), self.classifier.known(vectors)

    def _answer(
        self,
        photo: Photo,
        vector: np.ndarray,
        scores: Mapping[str, ColumnScores],
        known: float,
        k: int,
        passed: np.ndarray,
        within: str | None,
        asked: Question | None,
        took: tuple[float, float],
        preview: bool,
    ) -> Recommendation:
        started = time.perf_counter()
        allowed, names = passed, None
        if within is not None:
            names, inside = self._categories(within, scores[within], passed)
            allowed = passed & inside
        products = self._nearest(vector, k, allowed, asked)
        search = _since(started)
        small = picture_bytes(photo.picture) if preview else b""
        answer = Recommendation(
            labels={column: _guess(column, score) for column, score in scores.items()},
            products=products,
            available=int(allowed.sum()),
            within=None if names is None or within is None else (within, names),
            known=known,
            ms=Timings(*took, search, sum(took) + _since(started)),
            vector=vector,
            preview=small,
            passed=int(passed.sum()),
        )
        return asked.told_in(answer) if asked else answer

    def _categories(self, column: str, score: ColumnScores, passed: np.ndarray) -> tuple[tuple[str, ...], np.ndarray]:
        """The likeliest categories that hold ``mass`` of the probability, and the rows of their products.

        Where none of these has a product that passes the filter, the next likely one that has is added.
        """
        values = self._said(column)
        names: list[str] = []
        inside = np.zeros(len(values), dtype=bool)
        mass = 0.0
        for i in np.argsort(-score.probabilities[0], kind="stable"):
            enough = mass >= self.settings.mass or len(names) >= self.settings.most_categories
            if enough and ((inside & passed).any() or not passed.any()):
                break
            found = values == score.classes[i]
            mass += float(score.probabilities[0, i])
            if (found & passed).any() if enough else found.any():
                names.append(score.classes[i])
                inside |= found
        return tuple(names), inside

    def _said(self, column: str) -> np.ndarray:
        """A column's values as the model names them, (n,) text; None where there is none."""
        if column not in self._texts:
            self._texts[column] = np.array(label_text(self.catalogue.frame[column]), dtype=object)
        return self._texts[column]

    def _nearest(
        self, picture: np.ndarray | None, k: int, allowed: np.ndarray, asked: Question | None = None
    ) -> tuple[Product, ...]:
        """The best of the allowed products by a picture, by words, or by both."""
        if asked is None:
            assert picture is not None
            rows, distances = self.index.search(picture, k, None if allowed.all() else allowed)
            return tuple(self._product(int(row), 1 - float(gap)) for row, gap in zip(rows, distances, strict=True))
        # What a product is called is in no index of pictures: all are looked at, which takes milliseconds.
        inside = np.flatnonzero(allowed)
        rows = inside[np.argsort(-asked.scores(self.vectors, picture)[inside], kind="stable")[:k]]
        alike = self.vectors[rows] @ (asked.vector if picture is None else picture)
        return tuple(self._product(int(row), float(cosine)) for row, cosine in zip(rows, alike, strict=True))

    def _product(self, row: int, similarity: float) -> Product:
        return Product(
            id=self.catalogue.ids[row],
            similarity=min(max(similarity, 0.0), 1.0),
            columns=self.catalogue.columns_of(row),
            image=self.catalogue.image(row),
        )


def _by_neighbours(shop: Catalog, vectors: np.ndarray) -> Classifier:
    """For encoders without heads: the labels of the nearest products."""
    labels = {column: label_text(shop.frame[column]) for column in shop.label_columns if has_labels(shop.frame[column])}
    return NeighbourClassifier(vectors, labels)


def _check_k(k: int) -> None:
    if isinstance(k, bool) or not isinstance(k, int | np.integer) or k < 1:
        raise FilterError(f"The number of products has to be a whole number from 1 up, not {k!r}.")


def _found(
    products: tuple[Product, ...],
    allowed: np.ndarray,
    ms: Timings,
    vector: np.ndarray,
    asked: Question | None,
    preview: bytes = b"",
) -> Recommendation:
    """The answer to a product or to words, of which there is nothing to tell."""
    answer = Recommendation(
        labels={},
        products=products,
        available=int(allowed.sum()),
        within=None,
        known=1.0,
        ms=ms,
        vector=vector,
        preview=preview,
        pictured=bool(preview),
        passed=int(allowed.sum()),
    )
    return asked.told_in(answer) if asked else answer


def _row(score: ColumnScores, number: int) -> ColumnScores:
    return ColumnScores(score.classes, score.probabilities[number : number + 1], score.sure_from)


def _guess(column: str, score: ColumnScores) -> LabelGuess:
    best = np.argsort(-score.probabilities[0], kind="stable")[:CANDIDATES]
    candidates = tuple(LabelScore(score.classes[i], float(score.probabilities[0, i])) for i in best)
    return LabelGuess(column, candidates, candidates[0].probability >= score.sure_from)


def _since(started: float) -> float:
    """Milliseconds since ``started``."""
    return (time.perf_counter() - started) * 1000
