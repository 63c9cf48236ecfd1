"""The browser front end: pages, components, visitor state, URL state and cached resources."""
