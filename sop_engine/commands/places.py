"""Where the procedures stand, and where pages about them are written."""

from __future__ import annotations

import os
from pathlib import Path

from sop_engine.definition.faults import Unreadable

WORKFLOWS = "SOP_WORKFLOWS"


def workflows_folder() -> Path:
    """Return the folder of the procedures: SOP_WORKFLOWS, or ``workflows`` here or above here, or beside the code.

    Raises Unreadable when there is none.
    """
    named = os.environ.get(WORKFLOWS)
    if named:
        if not Path(named).is_dir():
            raise Unreadable(f"{WORKFLOWS} names “{named}”, which is no folder. Name the folder “workflows”.")
        return Path(named).resolve()
    here = Path.cwd()
    beside_the_code = Path(__file__).resolve().parents[2]
    for folder in (here, *here.parents, beside_the_code):
        if (folder / "workflows" / "harmonised").is_dir():
            return (folder / "workflows").resolve()
    raise Unreadable(f"No folder “workflows” was found here or above. Name it in the environment variable {WORKFLOWS}.")


def write_page(out: Path, text: str) -> None:
    """Write a generated page. Raises Unreadable when the file cannot be written."""
    try:
        out.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        told = f"“{out}” cannot be written ({error.strerror}). Name a file in a folder that exists."
        raise Unreadable(told) from error
