"""Who may hold a copy of a paper, and what such a copy may say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from sop_engine.definition.model import Confidentiality, Document

Votes = Literal["result", "numbers", "names"]
ALL_BUT_RESTRICTED: frozenset[Confidentiality] = frozenset({"procedure", "identity", "story", "sensitive"})
RESTRICTED: Confidentiality = "restricted"


class NotForRecipient(LookupError):
    """A paper was asked for somebody who may not hold it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """One kind of reader of a copy: the classes of answers they hold, and how people are named in it."""

    name: str
    title: str
    """``Copy for the applicant``."""
    classes: frozenset[Confidentiality]
    votes: Votes = "result"
    """What is told of a vote: the result, the votes by member number, or the members by name."""
    names_officers: bool = False
    """False: officers appear by their role."""
    names_others: bool = False
    """False: people whom officers named (interpreters, witnesses, guardians) appear by number."""
    is_pseudonymous: bool = False
    """The person and everybody else appear by code."""
    shows_origin: bool = True
    """False: no office, number, edition, heading or code may show what kind of authority wrote the paper, and what is
    left out is left out in silence."""

    def limited_to(self, classes: frozenset[str]) -> Recipient:
        """Return the same copy for a reader who may not see more than these classes themselves."""
        return replace(self, classes=frozenset(c for c in self.classes if c in classes))


# Reading: a recipient whom the set names and we do not know gets the least: what was done, and who the person is.
_LEAST: frozenset[Confidentiality] = frozenset({"procedure", "identity"})

_KNOWN: Mapping[str, Recipient] = {
    "applicant": Recipient(name="applicant", title="Copy for the applicant", classes=ALL_BUT_RESTRICTED),
    "file": Recipient(
        name="file",
        title="Copy for the file",
        classes=ALL_BUT_RESTRICTED,
        votes="numbers",
        names_officers=True,
        names_others=True,
    ),
    "appeal": Recipient(
        name="appeal",
        title="Copy for the appeal",
        classes=ALL_BUT_RESTRICTED,
        votes="numbers",
        names_officers=True,
        names_others=True,
    ),
    "quality": Recipient(
        name="quality",
        title="Copy for quality review, without names",
        classes=ALL_BUT_RESTRICTED,
        votes="numbers",
        is_pseudonymous=True,
    ),
    # Who receives a traveller abroad may not learn that the person asked for protection: not even from the words of a
    # question or from the word that something is left out.
    "destination": Recipient(name="destination", title="", classes=frozenset({"identity"}), shows_origin=False),
}


def recipient_of(
    name: str, *, texts: Callable[[str], str] = str, reader_holds: frozenset[str] = frozenset()
) -> Recipient:
    """Return what a copy for this recipient may say.

    ``reader_holds``: the classes of the officer for whom the copy on file is made; only that copy can hold restricted
    answers and the names of voters, and only for an officer who holds them.
    """
    found = _KNOWN.get(name)
    if found is None:
        who = texts(name.replace("_", " "))
        return Recipient(name=name, title=texts("Copy for: {recipient}").format(recipient=who), classes=_LEAST)
    if name == "file" and RESTRICTED in reader_holds:
        found = replace(found, classes=found.classes | {RESTRICTED}, votes="names")
    return replace(found, title=texts(found.title) if found.title else "")


def check_may_hold(document: Document, recipient: Recipient) -> None:
    """Raise NotForRecipient unless the declaration of the paper names this recipient."""
    if recipient.name not in document.recipients:
        raise NotForRecipient(
            f"The paper {document.qualified} may not be given to “{recipient.name}”. "
            f"It may be given to: {', '.join(document.recipients)}."
        )
