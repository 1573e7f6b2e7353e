"""Sources: the provisions that declarations cite, as the law register knows them."""

from __future__ import annotations

from collections.abc import Mapping

from sop_engine.definition.faults import DeclarationError, did_you_mean, one_of
from sop_engine.definition.model import Instrument, Source
from sop_engine.guards.tree import Span

POLICY = "policy"
WHOLE = "whole"


def parse_source(text: str, *, law: Mapping[str, Instrument], at: Span) -> Source:
    """Return the source that a text cites: ``policy``, or a tag and a provision exactly as the register has them.

    The mark is the register's, never the author's. Raises DeclarationError for a tag or provision it does not have.
    """
    if text == POLICY:
        return Source("", POLICY, "policy")
    tags = [tag for tag in law if text == tag or text.startswith(f"{tag} ")]
    if not tags:
        first = text.split(" ")[0]
        mend = one_of(sorted(law), most=8) + did_you_mean(first, law)
        found = f'found the source "{text}"'
        why = "its first word is no tag of the law register (common/law.yaml)"
        raise DeclarationError(at, found, why, f"{mend}, or policy for a rule of our own")
    # The longest tag: "RSD-2020 x" is never read as a provision of "RSD".
    tag = max(tags, key=len)
    number = text[len(tag) :].strip()
    provisions = law[tag].provisions
    if not number and WHOLE in provisions:
        number = WHOLE  # a national source is cited by its tag alone
    if number not in provisions:
        found = f'found "{number or "no provision"}" of {tag}'
        why = f"the law register (common/law.yaml) has no such provision of {tag}"
        raise DeclarationError(at, found, why, one_of(sorted(provisions)) + did_you_mean(number, provisions))
    return Source(tag, number, provisions[number].status)
