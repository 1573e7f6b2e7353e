"""A small pack for tests: one applicant, an interpreter, and an uncle who must not listen."""

from __future__ import annotations

from sop_engine.definition.faults import DeclarationError
from sop_engine.definition.raw import parse
from sop_engine.training.build import build_pack
from sop_engine.training.model import Pack
from sop_engine.training.shape import PACK_FILE

FILE = "training/small.yaml"
TEXT = """\
pack: small
level: basic
title: The small case
minutes: 30
languages: [en]
source: policy
goals: {listen: {text: Listen.}}
told: A woman waits with her uncle.
cast:
  rosa: {name: Rosa, role: applicant, text: Waits.}
  ines: {name: Ines, role: interpreter, text: Without ties.}
  cousin: {name: Coco, role: interpreter, text: A cousin., is_safe: no, why: He is family.}
  uncle: {name: Don Ramiro, role: family, text: Loud., is_safe: no, why: She is afraid of him.}
topics:
  comfort: {title: Comfort, words: "water, tired", otherwise: I am fine., if_led: Yes., neutral: yes}
  home: {title: Home, words: "home, village, go back", otherwise: I come from a village., if_led: If you say so.}
questions:
  water: {ask: "Do you need water?", topic: comfort, manner: closed}
  tell_home: {ask: "Tell me about your home.", topic: home, manner: open}
  is_home: {ask: "Is it far?", topic: home, manner: closed}
  just_work: {ask: "You came to work, didn't you?", topic: home, manner: leading, unsafe: It is an answer.,
    words: came to work}
facts:
  village: {text: She is from a village., known: if_asked, topic: home, says: From the hills.}
  debt: {text: She owes the uncle., known: hidden, topic: home, says: I owe him., instead: Nothing more.,
    needs: [alone, trusted_interpreter, open_question]}
  sister: {text: Her sister is held., known: hidden, topic: home, says: He has my sister.,
    needs: [officer_as_asked], after: [debt]}
team: {officer: [ana]}
path:
  given: {at: 2026-03-02 09:00, people: {ana: [frontline_officer], ben: [screening_supervisor]}, open: screening}
  steps:
    - by: ana
      answers: screening.arrival
      with: {arrival_datetime: 2026-03-02 08:00, arrival_place: North beach, arrival_mode: sea_irregular,
        person_here: yes}
    - {by: ana, does: screening.start}
indicators:
  begun: {text: It began., step: screening.start, noticed_when: {act: screening.start}}
outcome: {code: recognised_1951, shows: {act: screening.start}}
rubric:
  begun: {title: Begun, points: 1, when: {act: screening.start}}
  tone: {title: The tone, points: 2, checklist: [Was kind.]}
mistakes:
  rushed: {text: Rushed., leaves_trace: no, feedback: Take time.}
reasons: [She was heard.]
note: A small one.
"""


def small_pack(*changes: tuple[str, str]) -> Pack:
    """Return the small pack with some of its text changed; the text still has its shape."""
    pack, faults = read(*changes)
    assert [str(fault) for fault in faults] == []
    assert pack is not None
    return pack


def read(*changes: tuple[str, str]) -> tuple[Pack | None, list[DeclarationError]]:
    """Return the small pack with some of its text changed, or what is wrong with its shape."""
    text = TEXT
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after, 1)
    tree, faults = parse(text, file=FILE)
    PACK_FILE.check(tree, "the file", faults)
    return (None if faults else build_pack(tree, file=FILE)), faults
