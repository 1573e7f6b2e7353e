"""What every request to the engine is checked for first: the proceeding exists, a reason is given where one is owed."""

from __future__ import annotations

from sop_engine.engine.answers import is_blank, unprintable
from sop_engine.engine.ledger import Ledger
from sop_engine.engine.refusals import InvalidAnswers, NotOffered, Refusal
from sop_engine.engine.wording import Wording
from sop_engine.vocabulary import Proceeding

LEAST_REASON = 3
LONGEST_REASON = 4000


def proceeding_of(ledger: Ledger, proceeding_id: str, words: Wording) -> Proceeding:
    """Return a proceeding of the case by its id. Raises NotOffered when the case has none."""
    try:
        return ledger.case.proceeding(proceeding_id)
    except KeyError:
        raise NotOffered((Refusal("state", words.say("This proceeding does not run on this case.")),)) from None


def refuse_if(refusals: tuple[Refusal, ...]) -> None:
    """Raise NotOffered when there is any reason to refuse."""
    if refusals:
        raise NotOffered(refusals)


def need_reason(reason: str, words: Wording) -> None:
    """Raise InvalidAnswers unless a reason of a few words is given."""
    if is_blank(reason) or len(reason.strip()) < LEAST_REASON:
        raise InvalidAnswers({"reason": words.say("Give the reason in a few words.")})
    if unprintable(reason):
        raise InvalidAnswers({"reason": words.say("Remove the characters that cannot be printed.")})
    if len(reason) > LONGEST_REASON:
        text = words.say("Shorten the answer to {number} characters or fewer.").format(number=LONGEST_REASON)
        raise InvalidAnswers({"reason": text})
