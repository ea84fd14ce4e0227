"""How often a process of the platform looks for garbage."""

import gc

_YOUNG = 10_000  # new objects between two looks; Python's own number is 700


def settled() -> None:
    """To be called once everything is loaded, before the first request (and before a fork). A page builds and drops
    tens of thousands of small objects: with Python's own numbers half of a large page's time went into looking at
    all that Django has loaded, again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, 20, 50)
