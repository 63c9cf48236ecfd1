"""The map as one file that opens without us: the same drawing code, the data and plotly.js, all in one page."""

from __future__ import annotations

import base64
import html
import io
import json
from dataclasses import replace

import numpy as np

from recommender.app.components.map_plot import FRONTEND, MapView, payload, plotly_folder
from recommender.catalog import Catalog

SCRIPTS = ("geometry.js", "theme.js", "legend.js", "outline.js", "moves.js", "chart.js", "map.js", "standalone.js")
MOST_PICTURES = 400
"""Thumbnails that come along: about a megabyte."""

THUMB = (96, 128)


def standalone(view: MapView, rows: np.ndarray, catalogue: Catalog) -> bytes:
    """A page with the map, ``rows`` selected, and the pictures of the first :data:`MOST_PICTURES` of them."""
    view = replace(view, selected=rows if len(rows) else None)
    chosen = rows[:MOST_PICTURES].tolist()
    data = {
        "args": {name: _as_text(value) for name, value in payload(view).items()},
        "pictures": {str(row): _thumbnail(catalogue.image(row)) for row in chosen},
        "listed": chosen,
        "selected": len(rows),
    }
    title = f"Map of {len(catalogue):,} products"
    scripts = [(plotly_folder() / "plotly.min.js").read_text(encoding="utf-8")]
    scripts += [(FRONTEND / name).read_text(encoding="utf-8") for name in SCRIPTS]
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html.escape(title)}</title>\n"
        f"<style>\n{(FRONTEND / 'map.css').read_text(encoding='utf-8')}</style>\n</head>\n"
        f'<body class="alone">\n<h1>{html.escape(title)}</h1>\n<div id="map"></div>\n<div id="listed"></div>\n'
        f'<script type="application/json" id="data">{_inert(json.dumps(data))}</script>\n'
        + "".join(f"<script>\n{_closed(script)}\n</script>\n" for script in scripts)
        + "</body>\n</html>\n"
    ).encode()


def _as_text(value: object) -> object:
    """Bytes in base 64, marked as such; everything else as it is."""
    return {"base64": base64.b64encode(value).decode()} if isinstance(value, bytes) else value


def _inert(text: str) -> str:
    """JSON in which nothing can end the element that it stands in; as JSON it says the same."""
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _closed(script: str) -> str:
    """A script whose own strings don't end its element."""
    return script.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def _thumbnail(data: bytes) -> str:
    """A small JPEG as a data: address; made anew, so that nothing of the file but its pixels comes along."""
    from PIL import Image, ImageOps

    out = io.BytesIO()
    with Image.open(io.BytesIO(data)) as picture:
        ImageOps.pad(picture.convert("RGB"), THUMB, color="white").save(out, "JPEG", quality=80)
    return f"data:image/jpeg;base64,{base64.b64encode(out.getvalue()).decode()}"
