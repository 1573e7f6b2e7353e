"""The certificates that travel with the product speak of exactly the procedures that travel with it, and are green.

A change of a procedure needs a new proof: make prove writes it.
"""

from __future__ import annotations

import pytest

from sop_engine.commands.places import workflows_folder
from sop_engine.definition.certificates import PROPERTIES_FILE, Certificate, properties_digest
from sop_engine.definition.load import load_certificates, load_set, profiles, read_files

SETS = (None, *profiles(workflows_folder()))


def certificate_of(state: str | None) -> Certificate:
    root = workflows_folder()
    files = {path: text for path, text in read_files(root, state)[0].items() if path.endswith(PROPERTIES_FILE)}
    found = [c for c in load_certificates(root) if c.covers(load_set(root, state).digest, properties_digest(files))]
    assert len(found) == 1, "no certificate speaks of this text: run make prove and commit what it writes"
    return found[0]


@pytest.mark.parametrize("state", SETS, ids=lambda state: state or "harmonised")
def test_every_set_is_certified_as_it_stands(state: str | None) -> None:
    certificate = certificate_of(state)

    assert [v.of for v in certificate.verdicts if v.stops_use] == []
    assert certificate.is_green
    assert certificate.of == (state or "harmonised")


@pytest.mark.parametrize("state", SETS, ids=lambda state: state or "harmonised")
def test_a_certificate_speaks_of_every_safeguard_of_its_set(state: str | None) -> None:
    declared = {
        s.qualified for m in load_set(workflows_folder(), state).machines.values() for s in m.safeguards.values()
    }

    assert declared <= {v.of for v in certificate_of(state).verdicts}
