"""A machine that asks for its own key is checked once for each kind its guards tell apart, and no proof skips one."""

from __future__ import annotations

from functools import lru_cache

from sop_engine.check.budget import clock
from sop_engine.check.events import build_model
from sop_engine.check.formula import FALSE, TRUE
from sop_engine.check.ir import Model
from sop_engine.check.kinds import kinds_of
from sop_engine.check.paths import cover_transitions
from sop_engine.check.properties import obligations
from sop_engine.check.structure import findings
from sop_engine.check.variables import Slot
from sop_engine.check.verify import discharge
from sop_engine.check.way_out import way_out
from sop_engine.definition.load import load_texts
from sop_engine.definition.model import Safeguard
from sop_engine.guards.tree import NOWHERE, FactIs, KeyIs, Not
from tests.instruments.small_set import SMALL_SET, small_set, small_set_with

HELP = "harmonised/claim/help.yaml"
DOCTOR = KeyIs("help", ("doctor",))


@lru_cache(maxsize=1)
def model() -> Model:
    return build_model(small_set())


def test_a_slot_knows_its_key_beforehand_and_an_earlier_instance_has_the_same() -> None:
    reader = model().reader

    for is_earlier in (False, True):
        assert reader.true(DOCTOR, Slot("help", "doctor", is_earlier)) is TRUE
        assert reader.true(DOCTOR, Slot("help", "lawyer", is_earlier)) is FALSE
        assert reader.true(Not(DOCTOR), Slot("help", "lawyer", is_earlier)) is TRUE


def test_from_elsewhere_nobody_knows_which_instance_is_meant() -> None:
    definition = small_set_with(
        HELP, "states:\n", "facts:\n  medical: {when: key is doctor, says: A., if_not: B., source: policy}\nstates:\n"
    )
    asked = build_model(definition).reader.read(FactIs("help", "medical"), Slot("claim"))

    assert asked.true not in (TRUE, FALSE)


def test_kinds_are_the_keys_that_guards_tell_apart() -> None:
    assert kinds_of(small_set(), "help") == (Slot("help", "doctor"), Slot("help", "lawyer"))
    assert kinds_of(small_set(), "intake") == (Slot("intake"),)
    nobody_asks = small_set_with(HELP, "when: key is lawyer,", "")

    assert len(kinds_of(nobody_asks, "help")) == 2, "the safeguard still asks"


def test_an_act_of_one_kind_only_is_not_reported_as_never_taken() -> None:
    assert not [f for f in findings(model()) if f.kind == "never enabled" and "help" in f.text]


def test_an_act_of_no_kind_is_reported_as_never_taken() -> None:
    impossible = small_set_with(HELP, "when: key is lawyer,", "when: key is lawyer and key is doctor,")

    found = [f for f in findings(build_model(impossible)) if f.kind == "never enabled"]

    assert ["“help.advise”" in f.text for f in found] == [True]


def test_a_way_out_is_looked_for_in_every_kind() -> None:
    ends = ("given", "declined")
    safeguard = Safeguard(
        name="ends", span=NOWHERE, source=(), machine="help", says="", pattern="always_possible", states=ends
    )
    text = SMALL_SET[HELP].replace("from: asked, to: declined,", "from: asked, to: declined, when: key is lawyer,")
    only_lawyers = load_texts(
        {**SMALL_SET, HELP: text.replace("to: given, by", "to: given, when: key is lawyer, by", 1)}
    )

    found = way_out(build_model(only_lawyers), safeguard, until=clock() + 60)

    assert way_out(model(), safeguard, until=clock() + 60).verdict == "PROVED"
    assert (found.verdict, found.why) == ("VIOLATED", "no way leads on from (doctor): asked")


def test_a_path_takes_an_act_with_a_key_it_is_open_for() -> None:
    found, untaken = cover_transitions(model())

    assert "help.advise" not in untaken
    assert any("help.advise" in path.covers for path in found)


def test_an_answer_that_repeats_the_key_is_proved_to_do_so() -> None:
    safeguard = small_set().machines["help"].safeguards["asked_as_opened"]

    for obligation in obligations(model(), safeguard):
        assert discharge(model(), obligation, until=clock() + 60).verdict == "PROVED"
