"""What every use case needs: the store, the definitions, the clock, chance, the catalogues: given, never ambient."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

from sqlalchemy import Connection

from sop_engine.definition.certificates import Certificate
from sop_engine.definition.load import load_texts
from sop_engine.definition.model import Definition
from sop_engine.engine.evolve import fold
from sop_engine.engine.refusals import InvalidAnswers, NotOffered
from sop_engine.engine.wording import Wording
from sop_engine.service.training.library import Library
from sop_engine.store import cases, editions
from sop_engine.store.cases import CaseHead
from sop_engine.store.database import Store
from sop_engine.vocabulary import Case, Event

Texts = Callable[[str], str]
MOST_CASES_KEPT = 500


def _nobody(code: str | None) -> Definition:
    raise LookupError(f"No profile of {code} is known here.")


@dataclass(frozen=True, slots=True)
class Region:
    """The States with a profile, how to read the set of one (harmonised: None), and how its profile alone."""

    states: tuple[str, ...] = ()
    read: Callable[[str | None], Definition] = _nobody
    profile: Callable[[str], Definition] | None = None
    """The profile and deviations only, for lists of all States; the whole set is read when left out."""

    def profile_of(self, code: str) -> Definition:
        return self.profile(code) if self.profile else self.read(code)


@dataclass(frozen=True, slots=True)
class Proofs:
    """What is known of proofs here: the certificates, and the texts of the properties that stand beside a set."""

    needed: bool = False
    """Whether new cases need a green certificate: those of real people do."""
    certificates: Callable[[], tuple[Certificate, ...]] = tuple
    beside: Callable[[Definition], Mapping[str, str]] = lambda _: {}


@dataclass(slots=True)
class Service:
    """The use cases' surroundings. ``clock`` gives aware UTC instants; ``ids`` gives random 128-bit names in hex."""

    store: Store
    current: Definition
    clock: Callable[[], datetime]
    ids: Callable[[], str]
    texts: Callable[[str], Texts]
    """language → translate a text of a declaration."""
    is_training: bool = False
    region: Region = field(default_factory=Region)
    """The sets of all States, to be compared; empty where only the own set is known."""
    library: Library = field(default_factory=Library)
    """The scenario packs of a training sandbox; empty elsewhere."""
    hold: str = ""
    """Why nothing may be done now (a trainer paused the class); empty when work goes on."""
    refused: Callable[[str, Event, NotOffered | InvalidAnswers], None] | None = None
    """Told of each act on a case that the engine refused: in a sandbox the grading remembers it."""
    proofs: Proofs = field(default_factory=Proofs)
    _definitions: dict[str, Definition] = field(default_factory=dict)
    _cases: OrderedDict[str, tuple[str, Case]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)
    """Pages are made by several threads at once."""

    def definition(self, conn: Connection, digest: str) -> Definition:
        """Return the definition of an edition, from memory or from the store where every edition is kept."""
        if digest == self.current.digest:
            return self.current
        if digest not in self._definitions:
            files = editions.load_files(conn, digest)
            if files is None:
                raise LookupError(f"Edition {digest[:12]} is not stored here.")
            self._definitions[digest] = load_texts(files)
        return self._definitions[digest]

    def wording(self, definition: Definition, language: str) -> Wording:
        return Wording(definition, say=self.texts(language))

    def load(self, conn: Connection, head: CaseHead) -> Case:
        """Return the case that a log tells, folding only what was added since it was last read here."""
        chain, case = self._cases.get(head.id, ("", Case(head.id, head.set_digest, head.office_id)))
        # The same number with another chain is another past, as after a backup was put back.
        if case.seq > head.seq or (case.seq == head.seq and chain != head.chain_head):
            case = Case(head.id, head.set_digest, head.office_id)
        if chain != head.chain_head:
            case = fold(case, cases.load_events(conn, head.id, after_seq=case.seq))
            self.keep(head.id, head.chain_head, case)
        return case

    def load_at(self, conn: Connection, head: CaseHead, seq: int) -> Case:
        """Return the case as it stood after one entry of its log."""
        empty = Case(head.id, head.set_digest, head.office_id)
        return fold(empty, cases.load_events(conn, head.id, to_seq=seq))

    def keep(self, case_id: str, chain: str, case: Case) -> None:
        """Remember a case by the head of its chain. Never remembers what a transaction has not committed yet."""
        with self._lock:
            self._cases.pop(case_id, None)
            self._cases[case_id] = (chain, case)
            while len(self._cases) > MOST_CASES_KEPT:
                self._cases.popitem(last=False)

    def forget(self, case_id: str) -> None:
        """Drop what is remembered of a case."""
        self._cases.pop(case_id, None)
