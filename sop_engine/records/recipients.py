"""Who may hold a copy of a paper, and what such a copy may say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from sop_engine.definition.model import Confidentiality, Document
from sop_engine.records.secrecy import up_to

Votes = Literal["result", "numbers", "names"]
Others = Literal["all", "own_side", "none"]
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
    names_others: Others = "none"
    """Which of the people whom officers named appear by name and not by number; ``own_side``: only those who stand
    beside the person (guardian, lawyer, carer), not interpreters, witnesses and officers, who may need protection."""
    follows_paper: bool = False
    """An outsider: a paper tells them no more than the class it is declared with."""
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
    "applicant": Recipient(
        name="applicant", title="Copy for the applicant", classes=ALL_BUT_RESTRICTED, names_others="own_side"
    ),
    # Reading: the guardian acts for the child and reads what the child may read.
    "guardian": Recipient(
        name="guardian", title="Copy for the guardian", classes=ALL_BUT_RESTRICTED, names_others="own_side"
    ),
    "file": Recipient(
        name="file",
        title="Copy for the file",
        classes=ALL_BUT_RESTRICTED,
        votes="numbers",
        names_officers=True,
        names_others="all",
    ),
    "appeal": Recipient(
        name="appeal",
        title="Copy for the appeal",
        classes=ALL_BUT_RESTRICTED,
        votes="numbers",
        names_officers=True,
        names_others="all",
    ),
    "quality": Recipient(
        name="quality",
        title="Copy for quality review, without names",
        classes=ALL_BUT_RESTRICTED,
        votes="numbers",
        is_pseudonymous=True,
    ),
    # Services that help: the paper is cut to what they need, and its class says how far it goes.
    "receiver": Recipient(
        name="receiver",
        title="Copy for the receiver",
        classes=ALL_BUT_RESTRICTED,
        names_others="all",
        follows_paper=True,
    ),
    "hospital": Recipient(
        name="hospital",
        title="Copy for the hospital",
        classes=ALL_BUT_RESTRICTED,
        names_others="all",
        follows_paper=True,
    ),
    "removal_authority": Recipient(
        name="removal_authority",
        title="Copy for the removal authority",
        classes=frozenset({"procedure", "identity"}),
        names_others="all",
        follows_paper=True,
    ),
    # Who receives a traveller abroad may not learn that the person asked for protection: not even from the words of a
    # question or from the word that something is left out.
    "destination": Recipient(name="destination", title="", classes=frozenset({"identity"}), shows_origin=False),
}


def recipient_of(
    name: str, *, texts: Callable[[str], str] = str, reader_holds: frozenset[str] | None = None
) -> Recipient:
    """Return what a copy for this recipient may say.

    ``reader_holds``: the classes of the officer who asks for the copy; None when nobody reads it on its way. No copy
    says more than the officer who asks for it may read. Only the copy on file can hold restricted answers and the names
    of voters, and only for an officer who holds them.
    """
    found = _KNOWN.get(name)
    if found is None:
        who = texts(name.replace("_", " "))
        title = texts("Copy for: {recipient}").format(recipient=who)
        found = Recipient(name=name, title=title, classes=_LEAST, follows_paper=True)
    else:
        found = replace(found, title=texts(found.title) if found.title else "")
    if reader_holds is None:
        return found
    if name == "file" and RESTRICTED in reader_holds:
        found = replace(found, classes=found.classes | {RESTRICTED}, votes="names")
    return found.limited_to(reader_holds)


def holder_of(document: Document, recipient: Recipient) -> Recipient:
    """Return the recipient as holder of this paper: an outsider reads no more than the class of the paper.

    Raises NotForRecipient unless the declaration of the paper names this recipient.
    """
    if recipient.name not in document.recipients:
        raise NotForRecipient(
            f"The paper {document.qualified} may not be given to “{recipient.name}”. "
            f"It may be given to: {', '.join(document.recipients)}."
        )
    return recipient.limited_to(up_to(document.confidentiality)) if recipient.follows_paper else recipient
