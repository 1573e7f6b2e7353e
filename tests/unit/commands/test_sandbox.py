"""Threat 22: a trainee never touches real data, since the sandbox and everything real refuse one another."""

from __future__ import annotations

import io
import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pypdf
import pytest
from sqlalchemy import text

from sop_engine.cli import main
from sop_engine.commands.instance import existing_service, open_service
from sop_engine.commands.training import forget_other_instances, open_sandbox
from sop_engine.definition.faults import Unreadable
from sop_engine.records.content import Paper, Paragraph, Text
from sop_engine.records.pdf import SANDBOX_MARK, pdf
from sop_engine.service import sandbox
from sop_engine.service.accounts import add_account, add_office
from sop_engine.service.errors import InvalidAnswers
from sop_engine.service.files import keep_file
from sop_engine.service.views import Reader
from sop_engine.store.database import open_store
from sop_engine.store.instance import kind_of
from sop_engine.store.migrations import downgrade, version_of


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for a real instance and one for a sandbox, named in the environment."""
    monkeypatch.setenv("SOP_HOME", str(tmp_path / "real"))
    monkeypatch.setenv("SOP_TRAINING_HOME", str(tmp_path / "training"))
    monkeypatch.delenv("SOP_DATABASE_URL", raising=False)
    return tmp_path


def real(folder: Path) -> None:
    service = open_service(folder / "real")
    add_office(service, code="NHB", name="North harbour", country="XXA", time_zone="UTC")
    service.store.close()


def test_a_real_instance_refuses_the_database_of_a_sandbox(folder: Path) -> None:
    main(["training", "init"])

    with pytest.raises(Unreadable, match="training sandbox"):
        open_service(folder / "training")


def test_a_demonstration_refuses_it_too(folder: Path) -> None:
    main(["training", "init"])

    with pytest.raises(Unreadable, match="training sandbox"):
        open_service(folder / "training", kind="demonstration")


@pytest.mark.parametrize("kind", ["real", "demonstration"])
def test_a_sandbox_refuses_every_other_database(folder: Path, kind: sandbox.Kind) -> None:
    open_service(folder / "real", kind=kind).store.close()

    with pytest.raises(Unreadable, match=f"belongs to a {kind} instance"):
        open_service(folder / "real", kind="training")


def test_a_sandbox_does_not_even_migrate_a_real_database_of_before_the_mark(folder: Path) -> None:
    real(folder)
    store = open_store(f"sqlite:///{folder / 'real' / 'sop.db'}")
    downgrade(store, "0002")

    with pytest.raises(Unreadable, match="belongs to a real instance"):
        open_service(folder / "real", kind="training")

    with store.reading() as conn:
        assert version_of(conn) == "0002"
    store.close()


def test_an_older_real_database_is_marked_as_real_when_it_is_opened(folder: Path) -> None:
    real(folder)
    store = open_store(f"sqlite:///{folder / 'real' / 'sop.db'}")
    downgrade(store, "0002")
    store.close()

    service = existing_service()

    with service.store.reading() as conn:
        assert kind_of(conn) == "real"
    service.store.close()


def test_the_mark_is_written_once(folder: Path) -> None:
    main(["training", "init"])
    main(["training", "init"])

    store = open_store(f"sqlite:///{folder / 'training' / 'sop.db'}")
    with store.reading() as conn:
        assert conn.execute(text("SELECT kind FROM instance")).scalars().all() == ["training"]
    store.close()


def test_commands_for_real_cases_refuse_a_sandbox_with_words(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["training", "init"])
    monkeypatch.setenv("SOP_HOME", str(folder / "training"))

    status = main(["verify-log"])

    assert status == 2
    assert "training sandbox" in capsys.readouterr().err


def test_the_process_of_a_sandbox_holds_no_address_of_a_real_database(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOP_DATABASE_URL", "postgresql://officer:secret@registry/real")

    service = open_sandbox(make=True)

    assert "SOP_DATABASE_URL" not in os.environ
    assert "SOP_HOME" not in os.environ
    assert not any("registry" in value for value in os.environ.values())
    assert str(folder / "training") in service.store.url
    service.store.close()


def test_forgetting_is_complete(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOP_HOME", "real-instance")
    monkeypatch.setenv("SOP_DATABASE_URL", "postgresql://registry/real-instance")

    forget_other_instances()

    assert not any("real-instance" in value for value in os.environ.values())


def test_a_sandbox_has_keys_of_its_own(folder: Path) -> None:
    from sop_engine.commands.serving import secret_key

    real(folder)
    main(["training", "init"])

    assert secret_key(folder / "real") != secret_key(folder / "training")


def test_nobody_is_a_trainer_in_a_real_instance(folder: Path) -> None:
    real(folder)
    service = existing_service()
    office = add_office(service, code="NHB", name="North harbour", country="XXA", time_zone="UTC")

    with pytest.raises(InvalidAnswers):
        add_account(
            service,
            username="tess",
            person_name="Tess",
            password_hash=None,
            office=office.id,
            roles=["trainer"],
            by="test",
        )
    service.store.close()


def sandbox_paper() -> bytes:
    paper = Paper(
        title="A certificate",
        reference="T-1",
        office="Training",
        recipient="",
        set_digest="",
        chain_head="",
        parts=(Paragraph(Text("one")),),
        is_training=True,
    )
    return pdf(paper)


def test_every_paper_of_a_sandbox_says_training() -> None:
    made = sandbox_paper()

    assert SANDBOX_MARK.encode() in made
    assert all("TRAINING" in page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made)).pages)


def test_a_real_instance_refuses_a_paper_of_a_sandbox_as_evidence(folder: Path) -> None:
    real(folder)
    service = existing_service()
    reader = Reader("ana", "Ana", frozenset(), "north")

    with pytest.raises(InvalidAnswers) as refused:
        keep_file(
            service,
            reader,
            "case",
            name="certificate.pdf",
            media_type="application/pdf",
            digest="0" * 64,
            content=sandbox_paper(),
        )

    assert "sandbox" in refused.value.problems["file"]
    service.store.close()


def test_what_a_sandbox_exports_says_where_it_comes_from(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["training", "init", "--json"])
    session = json.loads(capsys.readouterr().out)["session"]

    status = main(["training", "debrief", session, "--json"])

    assert status == 0
    assert json.loads(capsys.readouterr().out)["instance"] == "training"


def test_a_debrief_of_no_class_is_refused_with_words(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["training", "init"])

    status = main(["training", "debrief", "nothing", "--json"])

    assert status == 2
    assert "sop training sessions" in capsys.readouterr().err


def test_a_mark_is_kept_even_when_the_clock_stands(folder: Path) -> None:
    store = open_service(folder / "training", kind="training").store

    again = sandbox.enter(store, "training", instance_id="other", at=datetime(2026, 3, 2, tzinfo=UTC))

    assert again == "training"
    store.close()
