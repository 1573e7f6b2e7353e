"""National deviations, shown wherever they matter: on the pages and papers of the procedures they touch."""

from __future__ import annotations

from collections.abc import Callable

from sop_engine.definition.model import Definition
from sop_engine.service import access
from sop_engine.service.service import Service
from sop_engine.service.views import Reader
from sop_engine.vocabulary import Case


def deviations_in(
    definition: Definition, case: Case, texts: Callable[[str], str], *, machine: str | None = None
) -> tuple[str, ...]:
    """Return the sentences on the deviations that touch a procedure of the case (only ``machine``, if given)."""
    touched = {machine} if machine else {proceeding.machine for proceeding in case.proceedings}
    return tuple(texts(one.sentence) for one in definition.deviations if touched & set(one.touches))


def deviations_of_case(svc: Service, reader: Reader, case_id: str) -> tuple[str, ...]:
    """Return the deviations to show on every page of a case, as its own edition has them. Raises NotFound."""
    if svc.current.national is None:
        return ()
    with svc.store.reading() as conn:
        head = access.find(conn, svc.current, reader, case_id)
        definition = svc.definition(conn, head.set_digest)
        return deviations_in(definition, svc.load(conn, head), svc.texts(reader.language))
