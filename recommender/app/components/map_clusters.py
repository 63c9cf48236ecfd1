"""Clusters: how many there are, which number fits, and what each is made of."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from recommender.app import map_resources, map_state, resources
from recommender.app.components.map_ready import time_left
from recommender.app.state import Key
from recommender.app.wording import column_title, named, plain, share
from recommender.clustering import CLUSTERINGS, Clustering
from recommender.maps.selection import counts

SHEET = 8
"""Pictures on a contact sheet."""

FIRST = 12
"""Clusters that are described at first."""

KINDS = ("articleType", "gender", "baseColour")
MOST_K = 40


def chosen_clusters() -> tuple[Clustering, int | None]:
    """Draw the choice; the clusters, computed where they have to be, and the number asked for, None for the best."""
    size = resources.facts().size
    most = min(MOST_K, size)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        method = st.segmented_control(
            "Clusters by",
            list(CLUSTERINGS),
            default=next(iter(CLUSTERINGS)),
            required=True,
            format_func=lambda name: CLUSTERINGS.card(name).title,
            key=Key.MAP_CLUSTERING,
            persist_state="session",
        )
        own = st.toggle("Choose how many", key=Key.MAP_OWN_K, persist_state="session") if most > 2 else False
        k = None
        if own:
            st.session_state.setdefault(Key.MAP_K, min(12, most))
            k = st.slider("How many clusters", 2, most, key=Key.MAP_K, persist_state="session", width=320)
    slot = st.empty()
    found = map_resources.atlas().clusters(
        method, k, lambda part, left: slot.progress(min(part, 1.0), f"Finding clusters. {time_left(left)}")
    )
    slot.empty()
    return found, k


def cluster_cards(found: Clustering) -> None:
    """Why this number of clusters, and a card for each: its pictures and what it is made of."""
    _reasons(found)
    st.markdown(f"#### The {found.k} clusters")
    if found.note:
        st.caption(found.note)
    whole = st.session_state.get(Key.MAP_ALL_CLUSTERS, False)
    grid = st.grid(2, min_column_width=340, gap="small")
    for cluster in range(found.k if whole else min(found.k, FIRST)):
        with grid.cell(), st.container(border=True, gap="xsmall"):
            _card(found, cluster)
    if not whole and found.k > FIRST:
        st.button(
            f"Show the other {found.k - FIRST}",
            icon=":material/expand_more:",
            on_click=_show_all,
            key="clusters_all",
        )


def _card(found: Clustering, cluster: int) -> None:
    rows = found.rows(cluster)
    catalogue, vectors = resources.shop().catalogue, resources.shop().vectors
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(f"**{plain(found.names[cluster])}** :gray[{len(rows):,}]", width="content")
        st.button(
            "Select",
            icon=":material/select_all:",
            type="tertiary",
            on_click=map_state.select,
            args=(rows.tolist(),),
            key=f"cluster_{cluster}",
        )
    best = found.typical(vectors, cluster, SHEET)
    names = [catalogue.ids[row] for row in best]
    st.image(map_resources.contact_sheet(tuple(names)), width="stretch", alt=f"Typical of {found.names[cluster]}")
    made = counts(catalogue.frame, rows)
    for column in (name for name in KINDS if name in made):
        values = [one for one in made[column] if one.value is not None][:3]
        if values:
            parts = " · ".join(f"{named(one.value)} {share(one.share)}" for one in values)
            st.caption(f"{column_title(column)}: {parts}")


def _reasons(found: Clustering) -> None:
    """The two plots that the suggestion is read from."""
    choice = found.choice
    if len(choice.ks) < 3:
        st.caption("With so few different products there is no number of clusters to choose.")
        return
    if st.toggle(f"Why {choice.suggested} clusters are suggested", key=Key.MAP_REASONS):
        st.caption(
            "The more clusters, the tighter each is; at the elbow more of them stop helping. The higher the "
            "silhouette, the closer products lie to their own cluster compared with the next one. "
            f"**{choice.suggested}** is in the middle of the numbers that do well by both."
        )
        left, right = st.columns(2)
        with left:
            _plot(choice.ks, choice.inertia, choice.suggested, "Spread inside the clusters")
        with right:
            several = choice.ks > 1  # one cluster has no next one
            _plot(choice.ks[several], choice.silhouette[several], choice.suggested, "Silhouette")


def _plot(ks: np.ndarray, values: np.ndarray, suggested: int, title: str) -> None:
    rows = [{"k": int(k), "value": float(value)} for k, value in zip(ks, values, strict=True)]
    best = [row for row in rows if row["k"] == suggested]
    x: dict[str, Any] = {"field": "k", "type": "quantitative", "title": "Number of clusters"}
    y: dict[str, Any] = {"field": "value", "type": "quantitative", "title": None, "scale": {"zero": False}}
    st.markdown(f":small[**{title}**]")
    st.vega_lite_chart(
        {
            "height": 200,
            "layer": [
                {"data": {"values": rows}, "mark": {"type": "line", "point": True}, "encoding": {"x": x, "y": y}},
                {
                    "data": {"values": best},
                    "mark": {"type": "point", "size": 220, "strokeWidth": 3},
                    "encoding": {"x": x, "y": y},
                },
            ],
        },
        width="stretch",
    )


def _show_all() -> None:
    st.session_state[Key.MAP_ALL_CLUSTERS] = True
