"""What surrounds a case: assignments, drafts, files, papers, errands, looks, editions."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from sop_engine.store import access_log, assignments, attachments, drafts, editions, outbox, papers
from sop_engine.store.attachments import Attachment
from sop_engine.store.database import Store
from sop_engine.store.papers import Paper
from tests.instruments.invented import AT, DIGEST, OFFICE, open_case

HERE = {"case_id": "c1", "proceeding": "p-1", "step": "arrival"}


def test_somebody_is_assigned_once_in_a_role(with_case: Store, at: datetime) -> None:
    with with_case.writing() as conn:
        assert assignments.assign(conn, case_id="c1", account="ana", role="officer", at=at)
        assert not assignments.assign(conn, case_id="c1", account="ana", role="officer", at=at)
        assert assignments.assign(conn, case_id="c1", account="ana", role="interpreter", at=at)
        assert assignments.roles_on(conn, case_id="c1", account="ana") == {"officer", "interpreter"}
        assert assignments.unassign(conn, case_id="c1", account="ana", role="officer")
        assert not assignments.unassign(conn, case_id="c1", account="ana", role="officer")
        assert [one.role for one in assignments.assignments_of(conn, "c1")] == ["interpreter"]

    with pytest.raises(IntegrityError), with_case.writing() as conn:
        assignments.assign(conn, case_id="c1", account="nobody", role="officer", at=at)


def test_a_draft_is_its_writers_alone(with_case: Store, at: datetime) -> None:
    with with_case.writing() as conn:
        drafts.save_draft(conn, account="ana", answers={"name": "first"}, at=at, **HERE)
        drafts.save_draft(conn, account="ana", answers={"name": "Inventada"}, at=at + timedelta(hours=1), **HERE)

        assert drafts.load_draft(conn, account="ana", **HERE) == {"name": "Inventada"}
        assert drafts.load_draft(conn, account="ben", **HERE) is None
        assert drafts.drafts_of(conn, "ana") == (drafts.DraftOf("c1", "p-1", "arrival", at + timedelta(hours=1)),)
        assert drafts.drafts_of(conn, "ben") == drafts.drafts_of(conn, "ana", case_id="c2") == ()
        assert not drafts.discard_draft(conn, account="ben", **HERE)
        assert drafts.discard_draft(conn, account="ana", **HERE)
        assert drafts.load_draft(conn, account="ana", **HERE) is None


def test_a_file_is_found_with_its_own_case_only(with_case: Store, at: datetime) -> None:
    content = bytes(range(256)) * 5
    found = Attachment("f1", "c1", "Pasaporte ñ.pdf", "application/pdf", "0" * 64, len(content), "ana", at)
    with with_case.writing() as conn:
        open_case(conn, "c2")
        attachments.add_attachment(conn, found, content)

        assert attachments.attachments_of(conn, "c1") == (found,)
        assert attachments.find_attachment(conn, case_id="c1", attachment_id="f1") == found
        assert attachments.load_content(conn, case_id="c1", attachment_id="f1") == content
        assert attachments.find_attachment(conn, case_id="c2", attachment_id="f1") is None
        assert attachments.load_content(conn, case_id="c2", attachment_id="f1") is None


def test_a_paper_is_known_by_its_bytes_to_the_office_that_made_it(with_case: Store, at: datetime) -> None:
    paper = Paper("c1", "ab" * 32, "applicant", OFFICE, "screening.record", "SR-1", 1, "ana", at)
    with with_case.writing() as conn:
        assert papers.register_paper(conn, paper)
        assert not papers.register_paper(conn, replace(paper, made_by="ben"))
        assert papers.register_paper(conn, replace(paper, recipient="file"))

        assert papers.was_issued(conn, office_id=OFFICE, sha256="AB" * 32)
        assert not papers.was_issued(conn, office_id="south", sha256="ab" * 32)
        assert not papers.was_issued(conn, office_id=OFFICE, sha256="ac" * 32)
        assert papers.papers_of(conn, "c1") == (paper, replace(paper, recipient="file"))


def test_an_errand_is_given_until_it_is_done_or_failed_too_often(with_case: Store, at: datetime) -> None:
    with with_case.writing() as conn:
        for kind in ("paper", "notice"):
            outbox.put(conn, kind=kind, payload={"document": "x"}, at=at, case_id="c1")
    with with_case.writing() as conn:
        paper, notice = outbox.take(conn)
        assert (paper.kind, paper.payload, paper.created_at, notice.kind) == ("paper", {"document": "x"}, at, "notice")
        outbox.done(conn, paper.id, at=at)
        outbox.failed(conn, notice.id)

        assert [one.id for one in outbox.take(conn, most_attempts=2)] == [notice.id]
        assert outbox.take(conn, most_attempts=1) == ()
        assert outbox.given_up(conn, most_attempts=1) == 1
        assert outbox.given_up(conn) == 0


@pytest.mark.postgres
def test_two_workers_are_given_different_errands(postgres_store: Store, at: datetime) -> None:
    with postgres_store.writing() as conn:
        for number in range(3):
            outbox.put(conn, kind="paper", payload={"number": number}, at=at)

    with postgres_store.writing() as one, postgres_store.writing() as other:
        first, second = outbox.take(one, limit=2), outbox.take(other, limit=2)

    assert [errand.payload["number"] for errand in (*first, *second)] == [0, 1, 2]


def test_an_errand_of_a_step_that_failed_is_never_given(with_case: Store, at: datetime) -> None:
    def fail_after_leaving_it() -> None:
        with with_case.writing() as conn:
            outbox.put(conn, kind="paper", payload={}, at=at)
            raise KeyError

    with pytest.raises(KeyError):
        fail_after_leaving_it()

    with with_case.writing() as conn:
        assert outbox.take(conn) == ()


def test_looks_are_noted_for_the_case_and_for_the_officer(with_case: Store, at: datetime) -> None:
    with with_case.writing() as conn:
        for minutes, case_id in enumerate(["c1", "c1", "no such case"]):
            moment = at + timedelta(minutes=minutes)
            access_log.record_access(conn, at=moment, account="ana", what="case", case_id=case_id)
        access_log.record_access(conn, at=at, account="ben", what="search", purpose="A call from the hospital.")

        assert [look.at.minute for look in access_log.accesses_to(conn, "c1")] == [1, 0]
        assert [look.case_id for look in access_log.accesses_by(conn, "ana", limit=1)] == ["no such case"]
        assert access_log.accesses_by(conn, "ben")[0].purpose == "A call from the hospital."
        assert access_log.count_cases_seen(conn, "ana", since=at) == 2
        assert access_log.count_cases_seen(conn, "ana", since=at + timedelta(minutes=2)) == 1


def test_an_edition_is_kept_by_its_digest_and_never_changes(furnished: Store, at: datetime) -> None:
    files = {"screening/procedure.yaml": "sop: ñ\n", "common/roles.yaml": "x: 1\n"}
    with furnished.writing() as conn:
        assert editions.adopt(conn, digest="d2", title="Second", files=files, at=at + timedelta(days=1))
        assert not editions.adopt(conn, digest="d2", title="Other", files={}, at=at)

    with furnished.reading() as conn:
        assert editions.load_files(conn, "d2") == files
        assert editions.load_files(conn, "d3") is None
        assert editions.list_editions(conn) == (
            editions.Edition("d2", "Second", at + timedelta(days=1)),
            editions.Edition(DIGEST, "Invented", AT),
        )
