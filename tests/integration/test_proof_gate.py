"""No real case is opened under procedures that are not proved; invented people may be, and open cases go on."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from sop_engine.definition.certificates import CHECKER_VERSION, Certificate, Verdict, properties_digest
from sop_engine.service.errors import NotProved
from sop_engine.service.import_paper_file import import_paper_file
from sop_engine.service.proofs import is_proved, show_proofs
from sop_engine.service.service import Proofs
from sop_engine.store import tables as t
from tests.instruments.small_office import SmallOffice


def certified(office: SmallOffice, verdict: str = "PROVED", *, digest: str = "") -> Certificate:
    names = [s.qualified for m in office.svc.current.machines.values() for s in m.safeguards.values()]
    return Certificate(
        of="harmonised",
        set_digest=digest or office.svc.current.digest,
        properties_digest=properties_digest({}),
        checker=CHECKER_VERSION,
        verdicts=tuple(
            Verdict(of=name, verdict=verdict if name == names[-1] else "PROVED", ends_in={}) for name in names
        ),
    )


def hold(office: SmallOffice, *certificates: Certificate, needed: bool = True) -> None:
    office.svc.proofs = Proofs(needed=needed, certificates=lambda: certificates)


def cases_in(office: SmallOffice) -> int:
    with office.svc.store.reading() as conn:
        return conn.execute(select(func.count()).select_from(t.case_file)).scalar_one()


def test_without_a_certificate_no_real_case_is_opened_and_nothing_is_stored(office: SmallOffice) -> None:
    hold(office)

    with pytest.raises(NotProved):
        office.opens()
    with pytest.raises(NotProved):
        import_paper_file(
            office.svc, office["sue"], machine="intake", state="checking", key=None, reason="On paper.", form_token="p1"
        )

    assert cases_in(office) == 0


@pytest.mark.parametrize("verdict", ["VIOLATED", "UNKNOWN", "NO VIOLATION UP TO k"])
def test_one_safeguard_that_is_not_proved_closes_the_door(office: SmallOffice, verdict: str) -> None:
    hold(office, certified(office, verdict))

    with pytest.raises(NotProved):
        office.opens()


def test_a_certificate_of_another_text_opens_nothing(office: SmallOffice) -> None:
    hold(office, certified(office, digest="another"), replace(certified(office), checker="0"))

    assert not is_proved(office.svc)
    with pytest.raises(NotProved):
        office.opens()


def test_a_green_certificate_of_exactly_this_text_opens_the_door(office: SmallOffice) -> None:
    hold(office, certified(office, digest="another"), certified(office))

    assert office.opens()


def test_invented_people_need_no_proof(office: SmallOffice) -> None:
    hold(office, needed=False)

    assert office.opens()


def test_open_cases_go_on_when_a_proof_is_lost(office: SmallOffice) -> None:
    hold(office, certified(office))
    case_id = office.opens()
    hold(office)

    office.clock.tick(minutes=1)

    assert show_proofs(office.svc, "en").has_certificate is False
    with office.svc.store.reading() as conn:
        assert conn.execute(select(t.case_file.c.id).where(t.case_file.c.id == case_id)).first() is not None


def test_the_report_tells_each_safeguard_with_the_worst_first(office: SmallOffice) -> None:
    hold(office, certified(office, "VIOLATED"))

    report = show_proofs(office.svc, "en")

    assert not report.is_green
    assert report.counts["VIOLATED"] == 1
    broken = [views[0] for _, _, views in report.procedures if views[0].verdict == "VIOLATED"]
    assert len(broken) == 1
    assert broken[0].says
