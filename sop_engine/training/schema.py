"""JSON Schema of a scenario pack, for editors: completion, and red lines while typing. The lint remains the judge."""

from __future__ import annotations

import json

from sop_engine.training.shape import LINE, OBSERVATION, PACK_FILE


def pack_schema_text() -> str:
    """Return the schema as ``schema.json`` beside this file holds it; a test keeps the two equal."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A scenario pack for trainees (docs/write-a-scenario.md)",
        **PACK_FILE.definition(),
        "$defs": {one.reference: one.definition() for one in (LINE, OBSERVATION)},
    }
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"
