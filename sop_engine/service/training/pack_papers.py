"""A scenario on paper: the trainer's guide with everything, and the handouts that trainees get and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

from sop_engine.definition.sources import parse_source
from sop_engine.records.content import (
    Entry,
    Facts,
    Heading,
    Notice,
    PageBreak,
    Paragraph,
    Part,
    Signatures,
    Table,
    Text,
    Translate,
)
from sop_engine.records.pdf import pdf
from sop_engine.records.sources import law_of
from sop_engine.service.service import Service
from sop_engine.service.training.desk import pack_of
from sop_engine.service.training.papers import PaperWords, sandbox_paper, words_of
from sop_engine.training.acts import act_of_line, path_of, play_lines
from sop_engine.training.grade import title_of
from sop_engine.training.handouts import without_remarks
from sop_engine.training.model import Pack

_CAST = {
    "applicant": "The person",
    "interpreter": "Interpreter",
    "guardian": "Guardian",
    "companion": "Companion",
    "family": "Family",
    "representative": "Representative",
    "other": "Somebody else",
}
_KNOWN = {
    "told": "Told at the beginning",
    "if_asked": "Said if asked",
    "hidden": "Hidden until it is safe to say",
}
_NEEDS = {
    "alone": "nobody unsafe in the room",
    "trusted_interpreter": "an interpreter without ties",
    "open_question": "an open question",
    "officer_as_asked": "an officer as the person asked for",
}


def guide_pdf(svc: Service, name: str, *, language: str, say: Translate) -> bytes:
    """Return the trainer's guide of a pack as PDF. Raises NotFound."""
    pack = pack_of(svc, name, language)
    words = words_of(svc, language=language, say=say)
    title = say("Trainer’s guide: %(title)s") % {"title": pack.title}
    parts = _guide(svc, words, pack)
    return pdf(sandbox_paper(words, title, pack.mock_case, say("For the trainer only"), parts))


def handouts_pdf(svc: Service, name: str, *, language: str, say: Translate) -> bytes:
    """Return the handouts of a pack as PDF: what is told and the papers; nothing that has to be found out."""
    pack = pack_of(svc, name, language)
    words = words_of(svc, language=language, say=say)
    return pdf(sandbox_paper(words, pack.title, pack.mock_case, say("For trainees"), _handouts(words, pack)))


def _handouts(words: PaperWords, pack: Pack) -> Iterator[Part]:
    say = words.say
    yield Heading(say("What you are told"))
    yield Paragraph(Text(pack.told))
    yield Heading(say("Who is in the story"), 2)
    yield Facts(tuple(Entry(one.name, Text(one.text)) for one in pack.cast.values()))
    yield Heading(say("What you practise"), 2)
    for goal in pack.goals.values():
        yield Paragraph(Text(f"• {goal.text}"))
    yield Heading(say("Notes"), 2)
    yield Signatures((say("What I noticed"), say("What I would ask")))
    for paper in pack.documents.values():
        yield PageBreak()
        yield Heading(paper.title)
        yield Paragraph(Text(without_remarks(paper.text)))


def _guide(svc: Service, words: PaperWords, pack: Pack) -> Iterator[Part]:
    say = words.say
    tells = Text(say("This guide tells what trainees have to find out themselves."))
    yield Notice("restricted", say("For the trainer only"), tells)
    facts = [
        (say("Level"), words.level(pack.level)),
        (say("Time taken"), say("%(num)s minutes") % {"num": pack.minutes}),
        (say("Roles"), ", ".join(words.role(role) for role in pack.team)),
        (say("Languages"), ", ".join(pack.languages)),
        (say("The story begins"), pack.at),
    ]
    yield Facts(tuple(Entry(label, Text(value)) for label, value in facts))
    yield Heading(say("How to teach it"))
    yield Paragraph(Text(pack.note))
    yield Heading(say("What trainees learn"))
    for goal in pack.goals.values():
        yield Paragraph(Text(f"• {goal.text}" + (f" ({', '.join(goal.source)})" if goal.source else "")))
    yield Heading(say("What trainees are told"))
    yield Paragraph(Text(pack.told))
    yield from _story(words, pack)
    yield from _injects(words, pack)
    yield from _path(svc, words, pack)
    yield from _grading(svc, words, pack)
    law = svc.current.law
    at = svc.current.machines["case"].span
    yield Heading(say("Sources"))
    yield law_of([parse_source(one, law=law, at=at) for one in pack.source], svc.current, words.texts)


def _story(words: PaperWords, pack: Pack) -> Iterator[Part]:
    say = words.say
    yield Heading(say("Who is in the story"))
    yield Table(
        (say("Who"), say("Part"), say("What to know")),
        tuple(
            (
                Text(one.name),
                Text(say(_CAST[one.role])),
                Text(one.text + ("" if one.is_safe else "\n" + say("Not safe: %(why)s") % {"why": one.why})),
            )
            for one in pack.cast.values()
        ),
    )
    yield Heading(say("What the person says"))
    rows = []
    for fact in pack.facts.values():
        needs = ", ".join(say(_NEEDS[one]) for one in fact.needs)
        after = ", ".join(pack.facts[one].text for one in fact.after if one in pack.facts)
        how = [say(_KNOWN[fact.known])]
        if needs:
            how.append(say("Needs: %(needs)s") % {"needs": needs})
        if after:
            how.append(say("After: %(facts)s") % {"facts": after})
        rows.append((Text(fact.text), Text("\n".join(how)), Text(fact.says or "–")))
    yield Table((say("Fact"), say("How it comes out"), say("Said like this")), tuple(rows))
    unsafe = [one for one in pack.questions.values() if one.unsafe or one.manner == "leading"]
    if unsafe:
        yield Heading(say("Questions that must not be asked"), 2)
        for question in unsafe:
            yield Paragraph(Text(f"• {question.ask} {question.unsafe}".rstrip()))
    if pack.documents:
        yield Heading(say("Papers to hand out"))
        papers = [(one.title, "\n".join(filter(None, (one.when, one.text)))) for one in pack.documents.values()]
        yield Facts(tuple(Entry(title, Text(text)) for title, text in papers))


def _injects(words: PaperWords, pack: Pack) -> Iterator[Part]:
    if pack.injects:
        yield Heading(words.say("News you can drop in"))
        yield Facts(tuple(Entry(one.title, Text(one.text)) for one in pack.injects.values()))


def _path(svc: Service, words: PaperWords, pack: Pack) -> Iterator[Part]:
    say = words.say
    yield Heading(say("The expected path"))
    rows: list[tuple[Text, Text]] = []
    for line in play_lines(path_of(pack, svc.library.parts)):
        values = line.line.values
        act = act_of_line(line.line)
        who = str(values.get("by", ""))
        role = pack.team_of(who)
        if line.asks:
            asked = "; ".join(pack.questions[one].ask for one in line.asks if one in pack.questions)
            told = say("Asks: %(questions)s") % {"questions": asked}
            rows.append((Text(words.role(role) if role else who), Text(told)))
        elif "wait" in values:
            rows.append((Text("–"), Text(say("Time passes: %(length)s") % {"length": values["wait"]})))
        elif act is not None:
            title = words.texts(title_of(svc.current, act.name))
            rows.append((Text(words.role(role) if role else say("the script")), Text(title)))
    yield Table((say("Who"), say("What")), tuple(rows))
    outcome = pack.outcomes[""]
    ends = say("The case should end with: %(outcome)s.") % {"outcome": outcome.code.replace("_", " ")}
    yield Paragraph(Text(f"{ends} {outcome.why}"))
    for name, other in pack.outcomes.items():
        if name:
            yield Paragraph(Text(f"{name}: {other.code.replace('_', ' ')}. {other.why}"))


def _grading(svc: Service, words: PaperWords, pack: Pack) -> Iterator[Part]:
    say = words.say
    yield Heading(say("What there is to notice"))
    for one in pack.indicators.values():
        where = words.texts(title_of(svc.current, one.step))
        planted = " " + say("(planted)") if one.is_planted else ""
        yield Paragraph(Text(f"• {one.text}{planted} – {where}. {one.why}".rstrip()))
    yield Heading(say("Common mistakes"))
    for mistake in pack.mistakes.values():
        caught = say("The program sees it.") if mistake.leaves_trace else say("Leaves no trace: watch for it.")
        yield Paragraph(Text(f"• {mistake.text} {mistake.feedback} {caught}"))
    yield Heading(say("How it is scored"))
    rows = []
    for criterion in pack.rubric.values():
        how = say("the program") if criterion.is_automatic else "\n".join(f"☐ {one}" for one in criterion.checklist)
        rows.append((Text(criterion.title), Text(str(criterion.points)), Text(how)))
    yield Table((say("Criterion"), say("Points"), say("Scored by")), tuple(rows))
    yield Heading(say("What good reasons say"))
    for reason in pack.reasons:
        yield Paragraph(Text(f"• {reason}"))
