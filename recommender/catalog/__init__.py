"""Catalogues: products in one Parquet table, and filters over their columns."""

from recommender.catalog.catalog import LABEL_COLUMNS, Catalog, from_table, load_catalog
from recommender.catalog.filters import Where, parse_where, select

__all__ = ["LABEL_COLUMNS", "Catalog", "Where", "from_table", "load_catalog", "parse_where", "select"]
