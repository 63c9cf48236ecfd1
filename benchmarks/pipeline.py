"""Photo to products on the demo catalogue: median milliseconds, and their ratio to the bound.

python -m benchmarks.pipeline
"""

from __future__ import annotations

import io
import statistics
import time

import numpy as np
from PIL import Image

from recommender import Recommender
from recommender.settings import ASSETS

# (name, width, height, bound in milliseconds)
CASES = (("12-megapixel JPEG", 4032, 3024, 40.0), ("600 px JPEG", 600, 450, 10.0))
ROUNDS = 60


def photo(width: int, height: int) -> bytes:
    """A real scene blown up to the size, with sensor noise, as a camera's JPEG."""
    sample = next(path for path in sorted((ASSETS / "samples").glob("*.jpg")))
    with Image.open(sample) as opened:
        picture = np.asarray(opened.convert("RGB").resize((width, height)), np.float32)
    noisy = picture + np.random.default_rng(0).normal(0, 4, picture.shape)
    buffer = io.BytesIO()
    Image.fromarray(noisy.clip(0, 255).astype(np.uint8)).save(buffer, "JPEG", quality=85)
    return buffer.getvalue()


def main() -> None:
    started = time.perf_counter()
    shop = Recommender.open()
    print(f"open: {(time.perf_counter() - started) * 1000:.0f} ms, {len(shop.catalogue)} products")
    for name, width, height, bound in CASES:
        data = photo(width, height)
        steps: dict[str, list[float]] = {}
        for _ in range(ROUNDS):
            for step, took in shop.recommend(data).ms.to_dict().items():
                steps.setdefault(step, []).append(took)
        medians = {step: statistics.median(took) for step, took in steps.items()}
        parts = ", ".join(f"{step} {took:.1f}" for step, took in medians.items())
        ratio = medians["total"] / bound
        print(f"{name} ({len(data) / 2**20:.1f} MB): median ms {parts}; {ratio:.2f} of the bound {bound:.0f}")


if __name__ == "__main__":
    main()
