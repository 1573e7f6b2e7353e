"""How the pages of the sandbox say what programs call by a code: roles, levels, manners of asking, conduct."""

from __future__ import annotations

from flask import Flask
from flask_babel import gettext as _

from sop_engine.service.errors import InvalidAnswers, NotOffered
from sop_engine.training.handouts import without_remarks
from webui.words import marked

SANDBOX_SENTENCES = (
    marked("Enter a title of at most 120 characters."),
    marked("Choose whether everybody goes at their own pace or all together."),
    marked("Enter a pseudonym of letters or digits, at most 60 characters."),
    marked("This pseudonym is taken. Choose another."),
    marked("Choose somebody of this class."),
    marked("Give at least one role to somebody."),
    marked("This class is over."),
    marked("Write a length such as 14 days, 3 working days or 6 hours."),
    marked("Let at least an hour and at most three years pass at once."),
    marked("Choose people of the story."),
    marked("Choose one of the interpreters, or nobody."),
    marked("Choose one of the questions."),
    marked("Choose one of the topics."),
    marked("Choose a question, or write one."),
    marked("Write at most 500 characters: one question at a time."),
    marked("This exercise has not begun."),
    marked("This exercise is over. Nothing more can be done in it."),
    marked("The trainer has paused the class. Wait until it goes on."),
    marked("This exercise does not run."),
    marked("This news has been told already."),
    marked("Enter a text of at most 1000 characters."),
    marked("In this class the trainer lets time pass for all."),
    marked("Nothing is to be waited for now."),
    marked("Choose a criterion that a trainer scores."),
    marked("Write at most 1000 characters."),
    marked("A leading question brings its answer with it; the answer proves nothing."),
    marked("The person cannot speak freely before somebody else."),
    marked("The person asked for an officer of another sex; some things cannot be said otherwise."),
    marked("as expected"),
    marked("otherwise"),
)
"""What the use cases of the sandbox say; pages translate it."""


def role_words(role: str) -> str:
    """Return the name of a role in the exercise."""
    words = {
        "officer": _("Officer"),
        "reviewer": _("Reviewer"),
        "chair": _("Chair of the committee"),
        "first_member": _("First member of the committee"),
        "second_member": _("Second member of the committee"),
        "second_reviewer": _("Second reviewer"),
        "supervisor": _("Supervisor"),
        "registration": _("Registration"),
        "protection": _("Protection officer"),
        "child_protection": _("Child protection"),
        "victims_unit": _("Unit for victims of trafficking"),
        "site": _("Head of the site"),
        "decision_maker": _("Decision-maker"),
    }
    return str(words.get(role, role.replace("_", " ").capitalize()))


def level_words(level: str) -> str:
    """Return the name of a level."""
    words = {"basic": _("Basic"), "intermediate": _("Intermediate"), "advanced": _("Advanced")}
    return str(words.get(level, level))


def status_words(status: str) -> str:
    """Say how an attempt stands."""
    words = {"handed": _("Not begun"), "running": _("Running"), "finished": _("Finished")}
    return str(words.get(status, status))


def manner_words(manner: str) -> str:
    """Say how a question was asked."""
    words = {"open": _("Open question"), "closed": _("Closed question"), "leading": _("Leading question")}
    return str(words.get(manner, manner))


def conduct_words(kind: str) -> str:
    """Say what was unsafe in how a question was asked."""
    words = {
        "leading": _("The question was leading"),
        "in_earshot": _("Somebody listened before whom the person cannot speak"),
        "unsafe_interpreter": _("The interpreter cannot be trusted"),
        "unsafe_question": _("This question must not be asked"),
        "not_as_asked": _("The officer or interpreter was not as the person had asked"),
    }
    return str(words.get(kind, kind))


def cast_words(role: str) -> str:
    """Say who somebody of the story is."""
    words = {
        "applicant": _("The person"),
        "interpreter": _("Interpreter"),
        "guardian": _("Guardian"),
        "companion": _("Companion"),
        "family": _("Family"),
        "representative": _("Representative"),
        "other": _("Somebody else"),
    }
    return str(words.get(role, role))


def known_words(known: str) -> str:
    """Say how a fact of the story comes out."""
    words = {
        "told": _("Told at the beginning"),
        "if_asked": _("Said if asked"),
        "hidden": _("Hidden until it is safe to say"),
    }
    return str(words.get(known, known))


def need_words(need: str) -> str:
    """Say what has to be so before something can be said."""
    words = {
        "alone": _("nobody unsafe in the room"),
        "trusted_interpreter": _("an interpreter without ties"),
        "open_question": _("an open question"),
        "officer_as_asked": _("an officer as the person asked for"),
    }
    return str(words.get(need, need))


def missed_words(count: int, of: int) -> str:
    """Say in one word how often something was missed: colour alone tells nobody anything."""
    if not of or not count:
        return str(_("nobody"))
    if count == of:
        return str(_("everybody"))
    return str(_("most")) if count * 2 > of else str(_("some"))


def length_words(length: str) -> str:
    """Return a length of time, such as ``14 days``, in the language of the page."""
    number, _space, unit = length.partition(" ")
    words = {
        "minutes": _("minutes"),
        "hour": _("hour"),
        "hours": _("hours"),
        "day": _("day"),
        "days": _("days"),
        "working day": _("working day"),
        "working days": _("working days"),
        "week": _("week"),
        "weeks": _("weeks"),
        "month": _("month"),
        "months": _("months"),
        "year": _("year"),
        "years": _("years"),
    }
    return f"{number} {words.get(unit, unit)}".strip()


def refusal_words(refused: NotOffered | InvalidAnswers) -> str:
    """Return what was refused, in one line and in the language of the page."""
    if isinstance(refused, NotOffered):
        return " ".join(str(_(one.text)) for one in refused.reasons)
    return " ".join(str(_(text)) for text in refused.problems.values())


def install(app: Flask) -> None:
    """Give the templates these words."""
    app.jinja_env.globals |= {
        "without_remarks": without_remarks,
        "role_words": role_words,
        "level_words": level_words,
        "status_words": status_words,
        "manner_words": manner_words,
        "conduct_words": conduct_words,
        "cast_words": cast_words,
        "known_words": known_words,
        "need_words": need_words,
        "missed_words": missed_words,
        "length_words": length_words,
    }
