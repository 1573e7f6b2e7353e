"""How pages write dates, times and numbers in words, by the clock of the office."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from flask import Flask
from flask_babel import format_datetime, ngettext
from flask_babel import gettext as _


def marked(text: str) -> str:
    """Mark a sentence for the catalogues that is written elsewhere and translated where it is shown."""
    return text


SERVICE_SENTENCES = (
    marked("Saved."),
    marked("Done."),
    marked("Opened."),
    marked("Issued."),
    marked("Taken back."),
    marked("Corrected. The original stays on file."),
    marked("Entered from the paper file."),
    marked("You have taken your seat."),
    marked("It is on record that you opened the file."),
    marked("You have stepped back from this case."),
    marked("Your vote is recorded."),
    marked("Enter a case number or a name."),
    marked("Say in a few words what you need the file for."),
    marked("This username is taken. Choose another."),
    marked("Enter a username without spaces, of at most 100 characters."),
    marked("Nobody grants roles to themselves. Ask another administrator."),
)
"""What the service says; pages translate it."""


def day(at: datetime | None) -> str:
    """Return a date with its weekday: Wednesday 4 March 2026."""
    return str(format_datetime(at, "EEEE d MMMM y")) if at else ""


def short_day(at: datetime | None) -> str:
    """Return a date without its weekday: 4 Mar 2026."""
    return str(format_datetime(at, "d MMM y")) if at else ""


def moment(at: datetime | None) -> str:
    """Return a date with weekday and time: Wed 4 March 2026, 14:30."""
    return str(format_datetime(at, "EEE d MMMM y, HH:mm")) if at else ""


def clock(at: datetime | None) -> str:
    return str(format_datetime(at, "HH:mm")) if at else ""


def days_words(days: int | None) -> str:
    """Say in words how long is left, or how long ago it was due."""
    if days is None:
        return ""
    if days == 0:
        return str(_("due today"))
    if days > 0:
        return str(ngettext("%(num)d day left", "%(num)d days left", days))
    return str(ngettext("%(num)d day overdue", "%(num)d days overdue", -days))


def mark_words(mark: str) -> str:
    """Say how sure we are of a source."""
    words = {
        "text": _("read in the text itself"),
        "excerpt": _("read in an excerpt"),
        "unconfirmed": _("still to be confirmed"),
        "policy": _("a rule proposed here, to be confirmed by States"),
    }
    return str(words.get(mark, mark))


def recipient_words(recipient: str) -> str:
    """Say for whom a copy is."""
    words = {
        "applicant": _("the person"),
        "file": _("the file"),
        "appeal": _("the appeal body"),
        "quality": _("quality review, without names"),
        "destination": _("the receiving side, without the origin of the paper"),
    }
    return str(words.get(recipient, recipient.replace("_", " ")))


def kind_words(kind: str) -> str:
    """Say what kind of entry of the log it is."""
    words = {
        "CaseOpened": _("Opening"),
        "ProceedingOpened": _("Procedures opened"),
        "StepAnswered": _("Answers"),
        "AnswerCorrected": _("Corrections"),
        "TransitionTaken": _("Acts"),
        "TransitionRectified": _("Taken back"),
        "DeadlineStarted": _("Time limits started"),
        "DeadlineExpired": _("Time limits passed"),
        "DutyRaised": _("Calls to act"),
        "DutyFinished": _("Calls done"),
        "DocumentIssued": _("Documents"),
        "SafeguardAlarmed": _("Alarms"),
        "AlarmRaised": _("Alarms"),
        "PanelAttended": _("Seats taken"),
        "MemberRecused": _("Stepped back"),
        "VoteCast": _("Votes"),
        "EnteredFromPaper": _("From paper"),
        "EditionChanged": _("Editions"),
    }
    spelled = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind).capitalize()
    return str(words.get(kind, spelled))


def install(app: Flask) -> None:
    """Give the templates these words."""
    filters: dict[str, Any] = {
        "day": day,
        "short_day": short_day,
        "moment": moment,
        "clock": clock,
        "days_words": days_words,
    }
    app.jinja_env.filters.update(filters)
    app.jinja_env.globals |= {"mark_words": mark_words, "recipient_words": recipient_words, "kind_words": kind_words}
