"""What members of a committee or appeal panel do: take a seat, open the file, step back, vote."""

from __future__ import annotations

from collections.abc import Mapping

from sop_engine.service.service import Service
from sop_engine.service.take_step import Request, perform
from sop_engine.service.views import Outcome, Reader
from sop_engine.vocabulary import AttendPanel, OpenFile, Recuse, Vote


def take_seat(
    svc: Service,
    reader: Reader,
    case_id: str,
    *,
    proceeding: str,
    panel: str,
    as_chair: bool,
    form_token: str,
) -> Outcome:
    """Take a seat on the panel of a case. Raises NotOffered when an earlier function stands against it."""
    return perform(
        svc,
        reader,
        Request(case_id, None, form_token),
        {"seat": [proceeding, panel, as_chair]},
        lambda by, at: AttendPanel(by=by, at=at, proceeding=proceeding, panel=panel, as_chair=as_chair),
        message="You have taken your seat.",
    )


def open_file(svc: Service, reader: Reader, case_id: str, *, proceeding: str, panel: str, form_token: str) -> Outcome:
    """Note that the reader opened the file of a case before the panel."""
    return perform(
        svc,
        reader,
        Request(case_id, None, form_token),
        {"open_file": [proceeding, panel]},
        lambda by, at: OpenFile(by=by, at=at, proceeding=proceeding, panel=panel),
        message="It is on record that you opened the file.",
    )


def recuse(
    svc: Service, reader: Reader, case_id: str, *, proceeding: str, panel: str, ground: str, form_token: str
) -> Outcome:
    """Step back from the panel of a case, naming the ground."""
    return perform(
        svc,
        reader,
        Request(case_id, None, form_token),
        {"recuse": [proceeding, panel], "ground": ground},
        lambda by, at: Recuse(by=by, at=at, proceeding=proceeding, panel=panel, ground=ground),
        message="You have stepped back from this case.",
    )


def vote(
    svc: Service,
    reader: Reader,
    case_id: str,
    *,
    proceeding: str,
    panel: str,
    votes: Mapping[str, str],
    reasons: str,
    seq: int | None,
    form_token: str,
) -> Outcome:
    """Vote on some or all questions before the panel."""
    return perform(
        svc,
        reader,
        Request(case_id, seq, form_token),
        {"vote": [proceeding, panel], "votes": dict(votes), "reasons": reasons},
        lambda by, at: Vote(by=by, at=at, proceeding=proceeding, panel=panel, votes=dict(votes), reasons=reasons),
        message="Your vote is recorded.",
    )
