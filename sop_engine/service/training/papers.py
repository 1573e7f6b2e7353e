"""The debrief on paper: for a trainee, with a certificate of what was practised, and for a class."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sop_engine.definition.model import Source
from sop_engine.records.content import (
    Entry,
    Facts,
    Heading,
    Notice,
    PageBreak,
    Paper,
    Paragraph,
    Part,
    Signatures,
    Table,
    Text,
    Translate,
    Voice,
)
from sop_engine.records.pdf import pdf
from sop_engine.records.sources import law_of
from sop_engine.service.service import Service
from sop_engine.service.training.debrief import ClassDebrief, debrief_session
from sop_engine.service.training.desk import attempt_and_session, pack_of
from sop_engine.service.training.grading import GivenScore, grading_of, scores_of
from sop_engine.service.training.mine import team_of
from sop_engine.store.training import Attempt, Session
from sop_engine.training.grade import ActNoted, Grading, Place
from sop_engine.training.model import Pack

_ROLES = {
    "officer": "Officer",
    "reviewer": "Reviewer",
    "chair": "Chair of the committee",
    "first_member": "First member of the committee",
    "second_member": "Second member of the committee",
    "second_reviewer": "Second reviewer",
    "supervisor": "Supervisor",
    "registration": "Registration",
    "protection": "Protection officer",
    "child_protection": "Child protection",
    "victims_unit": "Unit for victims of trafficking",
    "site": "Head of the site",
    "decision_maker": "Decision-maker",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperWords:
    """The language of a paper of the sandbox, and the words around its content."""

    language: str
    say: Translate
    """English sentence of the pages → the same in the language of the paper."""
    texts: Translate
    """The same for texts of the procedures."""
    time_zone: str = "UTC"

    def day(self, at: datetime | None) -> str:
        return f"{at.astimezone(ZoneInfo(self.time_zone)):%Y-%m-%d}" if at else "–"

    def role(self, role: str) -> str:
        name = _ROLES.get(role)
        return self.say(name) if name else role.replace("_", " ").capitalize()

    def level(self, level: str) -> str:
        return self.say(level.capitalize())


def words_of(svc: Service, *, language: str, say: Translate) -> PaperWords:
    """Return the words for papers in a language."""
    return PaperWords(language=language, say=say, texts=svc.texts(language), time_zone=svc.current.calendar.time_zone)


def sandbox_paper(words: PaperWords, title: str, reference: str, recipient: str, parts: Iterable[Part]) -> Paper:
    """Return a paper of the sandbox: every page of it says that it is one."""
    say = words.say
    return Paper(
        title=title,
        reference=reference,
        office=say("Training sandbox"),
        recipient=recipient,
        set_digest="",
        chain_head="",
        parts=tuple(parts),
        language=words.language,
        is_training=True,
        page_words=say("Page {page} of {pages}"),
        training_words=say("Training: an invented case"),
        voice_words=(say("The words of the person"), say("The words of an officer")),
    )


def attempt_debrief_pdf(svc: Service, attempt_id: str, *, language: str, say: Translate) -> bytes:
    """Return the debrief of one attempt with its certificate as PDF. Raises NotFound."""
    attempt, session = attempt_and_session(svc, attempt_id)
    words = words_of(svc, language=language, say=say)
    found = grading_of(svc, attempt_id, language=language)
    pack = pack_of(svc, attempt.pack, language)
    who = team_of(svc, attempt_id)
    parts = [
        *_certificate(words, found, pack, attempt, session, who),
        PageBreak(),
        *_debrief(svc, words, found, pack),
        *_notes(words, found, scores_of(svc, attempt_id)),
    ]
    names = ", ".join(name for name, _ in who)
    return pdf(sandbox_paper(words, say("Debrief: %(title)s") % {"title": found.title}, session.title, names, parts))


def class_debrief_pdf(svc: Service, session_id: str, *, language: str, say: Translate) -> bytes:
    """Return the debrief of a class as PDF. Raises NotFound."""
    words = words_of(svc, language=language, say=say)
    found = debrief_session(svc, session_id, language=language)
    title = say("Debrief of the class: %(title)s") % {"title": found.session.title}
    opened = words.day(found.session.opened_at)
    return pdf(sandbox_paper(words, title, opened, say("For the trainer"), _class(words, found)))


def _certificate(
    words: PaperWords, found: Grading, pack: Pack, attempt: Attempt, session: Session, who: tuple[tuple[str, str], ...]
) -> Iterator[Part]:
    say = words.say
    yield Heading(say("Certificate of what was practised"))
    team = ", ".join(f"{name} ({words.role(role)})" for name, role in who)
    minutes = "–" if found.minutes is None else say("%(num)s minutes") % {"num": found.minutes}
    rows = [
        (say("Who"), team),
        (say("Scenario"), f"{found.title} ({words.level(found.level)})"),
        (say("Class"), session.title),
        (say("Finished on"), words.day(attempt.finished_at)),
        (say("Time taken"), minutes),
        (say("Points"), say("%(points)s of %(possible)s") % {"points": found.points, "possible": found.possible}),
    ]
    yield Facts(tuple(Entry(label, Text(value)) for label, value in rows))
    yield Heading(say("What was practised"), 2)
    for goal in pack.goals.values():
        yield Paragraph(Text(f"• {goal.text}"))
    noticed = [one for one in found.indicators if one.is_noticed]
    if noticed:
        yield Heading(say("What was noticed"), 2)
        for one in noticed:
            yield Paragraph(Text(f"• {one.text}"))
    yield Notice(
        "training",
        say("This paper says what was practised, with an invented case."),
        Text(say("It is no examination and gives nobody a function.")),
    )
    yield Signatures((say("Trainer"), say("Date")))


def _debrief(svc: Service, words: PaperWords, found: Grading, pack: Pack) -> Iterator[Part]:
    say = words.say
    cited: list[Source] = []
    yield Heading(say("How it went"))
    ended = "The case ended as it should."
    did_not = "The case did not end as it should, or is not at its end."
    yield Paragraph(Text(say(ended if found.outcome_reached else did_not)))
    if found.waits_for_trainer:
        yield Paragraph(Text(say("Some points still wait for the judgement of a trainer.")))
    rows = tuple(
        (
            Text(one.title),
            Text("–" if one.points is None else f"{one.points}/{one.possible}"),
            Text(_by(words, one.is_automatic)),
        )
        for one in found.criteria
    )
    yield Table((say("Criterion"), say("Points"), say("Scored by")), rows)
    yield Heading(say("What there was to notice"))
    for one in found.indicators:
        cited += one.place.source
    yield Table(
        (say("Indicator"), say("Noticed?"), say("Where it belongs, and why")),
        tuple(
            (
                Text(one.text),
                Text(say("Noticed") if one.is_noticed else say("Missed")),
                Text("\n".join(filter(None, (_place(words, one.place), one.why)))),
            )
            for one in found.indicators
        ),
    )
    if found.mistakes:
        yield Heading(say("Common mistakes that were made"))
        for made in found.mistakes:
            sources = (*(made.place.source if made.place else ()), *made.source)
            cited += sources
            where = _place(words, made.place) if made.place else ""
            yield Notice("care", made.text, Text("\n".join(filter(None, (made.feedback, where)))))
    yield Heading(say("The path"))
    paths = (
        (say("Left out"), found.skipped),
        (say("Done besides"), found.added),
        (say("Done late"), found.late),
    )
    if not any(acts for _, acts in paths):
        yield Paragraph(Text(say("Nothing was left out, added or late.")))
    for title, acts in paths:
        if acts:
            yield Heading(title, 3)
            yield Paragraph(Text(_acts(words, acts)))
    if found.refusals:
        yield Heading(say("What the procedure refused"))
        for noted, refused in found.refusals:
            kind = say("A safeguard had to step in") if "safeguard" in refused.codes else say("Not open then")
            yield Paragraph(Text(f"{words.texts(noted.title)}: {kind}. {refused.told}"))
    yield from _conversation(words, found, pack)
    yield Heading(say("What good reasons say"))
    for reason in found.reasons:
        yield Paragraph(Text(f"• {reason}"))
    if cited:
        yield Heading(say("Sources"))
        yield law_of(cited, svc.current, words.texts)


def _notes(words: PaperWords, found: Grading, given: tuple[GivenScore, ...]) -> Iterator[Part]:
    titles = {one.id: one.title for one in found.criteria}
    noted = [one for one in given if one.note]
    if noted:
        yield Heading(words.say("Notes of the trainers"))
        yield Facts(
            tuple(Entry(titles.get(one.criterion, one.criterion), Text(one.note, Voice.OFFICER)) for one in noted)
        )


def _by(words: PaperWords, is_automatic: bool) -> str:
    return words.say("the program") if is_automatic else words.say("a trainer")


def _conversation(words: PaperWords, found: Grading, pack: Pack) -> Iterator[Part]:
    say, talk = words.say, found.conversation
    yield Heading(say("The conversation"))
    manners = {"open": say("open"), "closed": say("closed"), "leading": say("leading")}
    told = ", ".join(f"{manners.get(name, name)}: {number}" for name, number in talk.manners.items())
    yield Paragraph(Text(say("Questions asked: %(num)s.") % {"num": talk.asked} + (f" {told}." if told else "")))
    for kind, _topic, why in talk.conduct:
        yield Paragraph(Text(f"• {say(CONDUCT[kind])}. {say(why) if why else ''}"))
    missed = [pack.facts[one] for one in talk.missed if one in pack.facts]
    if missed:
        yield Heading(say("What did not come out"), 2)
        for fact in missed:
            yield Paragraph(Text(f"• {fact.text}"))


CONDUCT = {
    "leading": "The question was leading",
    "in_earshot": "Somebody listened before whom the person cannot speak",
    "unsafe_interpreter": "The interpreter cannot be trusted",
    "unsafe_question": "This question must not be asked",
    "not_as_asked": "The officer or interpreter was not as the person had asked",
}


def _place(words: PaperWords, place: Place) -> str:
    cited = ", ".join(str(one) for one in dict.fromkeys(place.source))
    return f"{words.texts(place.title)} ({cited})" if cited else words.texts(place.title)


def _acts(words: PaperWords, acts: tuple[ActNoted, ...]) -> str:
    return "; ".join(dict.fromkeys(words.texts(one.title) for one in acts))


def _class(words: PaperWords, found: ClassDebrief) -> Iterator[Part]:
    say = words.say
    yield Heading(say("Teams"))
    yield Table(
        (say("Who"), say("Scenario"), say("Points"), say("Missed"), say("Mistakes"), say("Outcome")),
        tuple(
            (
                Text(", ".join(f"{name} ({words.role(role)})" for name, role in one.who)),
                Text(one.grading.title),
                Text(f"{one.grading.points}/{one.grading.possible}"),
                Text(str(len(one.grading.missed))),
                Text(str(len(one.grading.mistakes))),
                Text(say("as expected") if one.grading.outcome_reached else say("otherwise")),
            )
            for one in found.attempts
        ),
        say("Nobody has begun yet."),
    )
    for pack in found.packs:
        yield Heading(pack.title)
        counted = [(say("Missed"), pack.missed), (say("Mistakes made"), pack.mistakes)]
        for title, cells in counted:
            shown = [cell for cell in cells if cell.count] or []
            yield Heading(title, 2)
            yield Table(
                (say("What"), say("How many"), say("Who")),
                tuple(
                    (
                        Text(cell.text),
                        Text(say("%(count)s of %(of)s") % {"count": cell.count, "of": cell.of}),
                        Text(say(share_words(cell.count, cell.of))),
                    )
                    for cell in shown
                ),
                say("Nothing."),
            )
        yield Heading(say("How far the teams agree"), 2)
        yield Table(
            (say("Question"), say("Answers"), say("Pairs that answered alike")),
            tuple(
                (
                    Text(question_words(words, one.question)),
                    Text("; ".join(f"{say(answer)}: {number}" for answer, number in one.answers.items())),
                    Text("–" if one.pairs_alike is None else f"{one.pairs_alike:.0%}"),
                )
                for one in pack.agreement
            ),
        )
        if pack.kappa is not None:
            kappa = say("Agreement beyond chance (Fleiss’ kappa): %(value)s.") % {"value": f"{pack.kappa:.2f}"}
            yield Paragraph(Text(kappa))
    yield Heading(say("How far trainers are apart"))
    teams = {one.attempt.id: one for one in found.attempts}
    rows = []
    for spread in found.spread:
        team = teams.get(spread.attempt)
        titles = {one.id: one.title for one in team.grading.criteria} if team else {}
        rows.append(
            (
                Text(", ".join(name for name, _ in team.who) if team else ""),
                Text(titles.get(spread.criterion, spread.criterion)),
                Text(", ".join(map(str, spread.points))),
                Text(str(spread.width)),
            )
        )
    yield Table(
        (say("Who"), say("Criterion"), say("Points given"), say("Difference")),
        tuple(rows),
        say("No criterion was scored by two trainers yet."),
    )


def question_words(words: PaperWords, question: str) -> str:
    """Return a question on which teams agree or not, in words."""
    if question == "outcome":
        return words.say("The outcome of the case")
    return question.replace("_", " ")


def share_words(count: int, of: int) -> str:
    """Return one word for how many: colour or a number alone says too little."""
    if not count:
        return "nobody"
    if count == of:
        return "everybody"
    return "most" if count * 2 > of else "some"
