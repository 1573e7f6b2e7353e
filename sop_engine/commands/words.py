"""Words that make a password which can be said over a table."""

from __future__ import annotations

WORDS = (
    "almond",
    "breeze",
    "cedar",
    "coral",
    "dune",
    "ember",
    "fern",
    "glade",
    "harbour",
    "island",
    "jade",
    "kelp",
    "lagoon",
    "mango",
    "nutmeg",
    "orchid",
    "palm",
    "quay",
    "reef",
)
