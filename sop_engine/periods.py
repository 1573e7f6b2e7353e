"""How long a rule gives, and when that time is over: lengths, calendars, and the counting of a deadline in words.

Counting, in one place: hours are exact; days are whole days, from the day after the event to 24:00 local time of the
authority; working days pass over the weekend, public holidays and office closures; months and years end on the day of
the same number. Nothing here reads a clock or decides what a late deadline means.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, TypeAlias, cast
from zoneinfo import ZoneInfo

Unit: TypeAlias = Literal["hours", "days", "working days", "months", "years"]
Gettext: TypeAlias = Callable[[str], str]

SATURDAY_AND_SUNDAY = frozenset({5, 6})

# Only to order lengths of different units ("10 working days is at most 30 days"); never to count.
_HOURS_OF: Mapping[Unit, float] = {"hours": 1, "days": 24, "working days": 33.6, "months": 730, "years": 8760}
_LENGTH = re.compile(r"\s*(\d{1,5})\s+(hour|day|working\s+day|month|year)s?\s*")
_LAST_DAY = date(9999, 12, 30)
_LAST_INSTANT = datetime(9999, 12, 31, tzinfo=UTC)


class NotALength(ValueError):
    """A text is not a length of time."""


class NoSuchCalendar(ValueError):
    """No national holiday calendar is known for a country."""


@dataclass(frozen=True, slots=True)
class Length:
    """How long a rule gives: ``24 hours``, ``10 working days``, ``18 years``."""

    amount: int
    unit: Unit

    @classmethod
    def parse(cls, text: str) -> Length:
        """Read a length as a declaration writes it. Raises NotALength, whose sentence says what to write instead."""
        found = _LENGTH.fullmatch(text)
        if found is None:
            raise NotALength(
                f"“{text}” is not a length of time. Write a whole number and a unit: hours, days, working days, "
                "months or years; for example “10 working days”."
            )
        return cls(int(found[1]), cast(Unit, " ".join(found[2].split()) + "s"))

    def is_at_most(self, other: Length) -> bool:
        """Say whether this length is no longer than the other; different units compare by their usual hours."""
        if self.unit == other.unit:
            return self.amount <= other.amount
        return self.amount * _HOURS_OF[self.unit] <= other.amount * _HOURS_OF[other.unit]

    def __str__(self) -> str:
        return f"{self.amount} {self.unit[:-1] if self.amount == 1 else self.unit}"


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days on which the authority works, and its time zone."""

    name: str
    weekend: frozenset[int] = SATURDAY_AND_SUNDAY
    """0 is Monday."""
    holidays: frozenset[date] = frozenset()
    closures: frozenset[date] = frozenset()
    """Days on which offices were closed by order, for example after a hurricane."""
    time_zone: str = "UTC"
    holiday_names: Mapping[date, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.weekend >= frozenset(range(7)):
            raise ValueError(f"The calendar “{self.name}” has no working day: its weekend is the whole week.")
        ZoneInfo(self.time_zone)  # an unknown zone is refused here, not at the first deadline

    def is_working_day(self, day: date) -> bool:
        return day.weekday() not in self.weekend and day not in self.holidays and day not in self.closures

    def local(self, instant: datetime) -> datetime:
        """Return the instant as the authority's clock on the wall shows it."""
        try:
            return instant.astimezone(ZoneInfo(self.time_zone))
        except OverflowError:  # the first and the last day of the years that can be written
            return instant

    def end_of(self, day: date) -> datetime:
        """Return 24:00 local time of a day, as a UTC instant."""
        midnight = datetime.combine(min(day, _LAST_DAY) + timedelta(days=1), time(), ZoneInfo(self.time_zone))
        try:
            return midnight.astimezone(UTC)
        except OverflowError:
            return midnight.replace(tzinfo=UTC)


def national_calendar(
    country: str | None,
    years: Iterable[int],
    weekend: frozenset[int] = SATURDAY_AND_SUNDAY,
    closures: frozenset[date] = frozenset(),
    time_zone: str = "UTC",
) -> Calendar:
    """Return the calendar of a country (ISO 3166 code of two or three letters), with its public holidays by name.

    No country: a calendar without public holidays. Raises NoSuchCalendar for a country that the library does not know.
    """
    if country is None:
        return Calendar("no public holidays", weekend, frozenset(), closures, time_zone)
    import holidays  # here, since it is slow to import and only a loaded definition needs it

    try:
        found = holidays.country_holidays(country, years=years, expand=False)
    except NotImplementedError as error:
        raise NoSuchCalendar(
            f"No public holidays are known for the country “{country}”. Write its ISO 3166 code, for example JAM, "
            "or leave the country out and list the holidays as closures."
        ) from error
    names = {day: str(name) for day, name in sorted(found.items())}
    return Calendar(country, weekend, frozenset(names), closures, time_zone, names)


def start_of(answer: str, calendar: Calendar) -> datetime:
    """Return the instant from which a date or moment answer counts.

    A date without its day or month counts from the last day it can mean: the person is never older, and a right never
    ends sooner, than the file can show.
    """
    if "T" in answer:
        return datetime.fromisoformat(answer.replace("Z", "+00:00")).astimezone(UTC)
    parts = [int(part) for part in answer.split("-")]
    year, month = parts[0], parts[1] if len(parts) > 1 else 12
    day = date(year, month, parts[2] if len(parts) > 2 else monthrange(year, month)[1])
    noon = datetime.combine(day, time(12), ZoneInfo(calendar.time_zone))
    return noon.astimezone(UTC)


def due_at(length: Length, *, counted_from: datetime, calendar: Calendar, skip_closures: bool = False) -> datetime:
    """Return the UTC instant at which a length is over.

    ``skip_closures``: days, months and years also pass over office closures (a duty of the person, who found the door
    shut). Counting rule after Regulation (EEC, Euratom) 1182/71, Art. 3, without its rule that a period
    that ends on a holiday moves on: a length that should do so is declared in working days.
    """
    if length.unit == "hours":
        if _LAST_INSTANT - counted_from <= timedelta(hours=length.amount):
            return _LAST_INSTANT
        return counted_from + timedelta(hours=length.amount)
    first = calendar.local(counted_from).date()
    if length.unit == "working days":
        return calendar.end_of(_nth_day(first, length.amount, calendar.is_working_day))
    last = _same_day_later(first, length)
    if skip_closures:
        last = _nth_day(first, (last - first).days, lambda day: day not in calendar.closures)
    return calendar.end_of(last)


def _nth_day(first: date, amount: int, counts: Callable[[date], bool]) -> date:
    """Return the ``amount``-th day after ``first`` among those that count."""
    day = first
    while amount > 0 and day < _LAST_DAY:
        day += timedelta(days=1)
        amount -= counts(day)
    return day


def _same_day_later(first: date, length: Length) -> date:
    if length.unit == "days":
        return first + min(timedelta(days=length.amount), _LAST_DAY - min(first, _LAST_DAY))
    months = first.year * 12 + first.month - 1 + length.amount * (12 if length.unit == "years" else 1)
    year, month = months // 12, months % 12 + 1
    if year > _LAST_DAY.year:
        return _LAST_DAY
    if length.unit == "years" and (first.month, first.day) == (2, 29) and monthrange(year, month)[1] == 28:
        # Reading: who was born on 29 February comes of age on 1 March, the later day, since a child keeps a child's
        # protection as long as there is doubt.
        return date(year, 3, 1)
    return min(date(year, month, min(first.day, monthrange(year, month)[1])), _LAST_DAY)


# The same counting, told in words.

SkipReason: TypeAlias = Literal["holiday", "closure"]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A working day that did not count, and why; ``name`` is the holiday's."""

    day: date
    reason: SkipReason
    name: str = ""


@dataclass(frozen=True, slots=True)
class Worked:
    """How a deadline was counted, so that anybody can count it again."""

    length: Length
    from_at: datetime
    """Local time of the authority."""
    label: str
    skipped: tuple[Skipped, ...]
    due_at: datetime
    """Local time of the authority; 00:00 means the end of the day before."""
    was_moved: bool
    """The deadline was paused meanwhile, so that it falls later than the count alone says."""

    @property
    def last_day(self) -> date:
        """Return the day on which the time is over."""
        ends_a_day = self.length.unit != "hours" and self.due_at.time() == time()
        return (self.due_at - timedelta(days=1)).date() if ends_a_day else self.due_at.date()


def worked_explanation(
    length: Length,
    *,
    counted_from: datetime,
    due: datetime,
    calendar: Calendar,
    label: str = "",
    skip_closures: bool = False,
) -> Worked:
    """Tell how a deadline was counted. ``label`` names the event ("effective notification"); it may be empty."""
    counted = due_at(length, counted_from=counted_from, calendar=calendar, skip_closures=skip_closures)
    first, last = calendar.local(counted_from).date(), (calendar.local(counted) - timedelta(microseconds=1)).date()
    skipped = tuple(_skipped(length, first, last, calendar, skip_closures))
    return Worked(length, calendar.local(counted_from), label, skipped, calendar.local(due), was_moved=due > counted)


def _skipped(length: Length, first: date, last: date, calendar: Calendar, skip_closures: bool) -> Iterator[Skipped]:
    if length.unit == "working days":
        for day in sorted(calendar.holidays | calendar.closures):
            if first < day <= last and day.weekday() not in calendar.weekend:
                if day in calendar.closures:
                    yield Skipped(day, "closure")
                else:
                    yield Skipped(day, "holiday", calendar.holiday_names.get(day, ""))
    elif skip_closures and length.unit != "hours":
        yield from (Skipped(day, "closure") for day in sorted(calendar.closures) if first < day <= last)


def worked_sentence(worked: Worked, _: Gettext = str) -> str:
    """Say how a deadline was counted, for example: “10 working days from 3 March 2026; 6 March is a public holiday
    (Founders’ Day); due Wednesday 18 March 2026, end of day.” ``_`` translates each fixed piece.
    """
    start = say_moment(worked.from_at, _) if worked.length.unit == "hours" else say_day(worked.from_at.date(), _)
    length = say_length(worked.length, _)
    if worked.label:
        parts = [_("{length} from {event} on {day}").format(length=length, event=worked.label, day=start)]
    else:
        parts = [_("{length} from {day}").format(length=length, day=start)]
    parts += [_say_skipped(run, worked.from_at.year, _) for run in _runs(worked.skipped)]
    if worked.was_moved:
        parts.append(_("the time during which it was paused does not count"))
    last = worked.last_day
    due = {"weekday": _weekday(last, _), "day": say_day(last, _), "time": f"{worked.due_at:%H:%M}"}
    at_day_end = worked.length.unit != "hours" and worked.due_at.time() == time()
    parts.append(
        (_("due {weekday} {day}, end of day") if at_day_end else _("due {weekday} {day}, {time}")).format(**due)
    )
    return "; ".join(parts) + "."


def say_length(length: Length, _: Gettext = str) -> str:
    """Say a length in words: “1 hour”, “10 working days”."""
    match length.unit:
        case "hours":
            words = _("1 hour") if length.amount == 1 else _("{number} hours")
        case "days":
            words = _("1 day") if length.amount == 1 else _("{number} days")
        case "working days":
            words = _("1 working day") if length.amount == 1 else _("{number} working days")
        case "months":
            words = _("1 month") if length.amount == 1 else _("{number} months")
        case "years":
            words = _("1 year") if length.amount == 1 else _("{number} years")
    return words.format(number=length.amount)


def say_day(day: date, _: Gettext = str) -> str:
    """Say a day in words: “3 March 2026”."""
    return _("{day} {month} {year}").format(day=day.day, month=_month(day, _), year=day.year)


def say_moment(moment: datetime, _: Gettext = str) -> str:
    """Say a local moment in words: “3 March 2026, 14:05”."""
    return _("{day}, {time}").format(day=say_day(moment.date(), _), time=f"{moment:%H:%M}")


def _runs(skipped: tuple[Skipped, ...]) -> Iterator[tuple[Skipped, Skipped]]:
    """Join neighbouring closures, so that two weeks after a hurricane are one phrase."""
    start: Skipped | None = None
    for at, one in enumerate(skipped):
        start = start or one
        following = skipped[at + 1] if at + 1 < len(skipped) else None
        is_joined = (
            following is not None
            and one.reason == following.reason == "closure"
            # three days: a weekend between two closures belongs to the same closure
            and following.day - one.day <= timedelta(days=3)
        )
        if not is_joined:
            yield start, one
            start = None


def _say_skipped(run: tuple[Skipped, Skipped], year: int, _: Gettext) -> str:
    first, last = run

    def say(day: date) -> str:
        if day.year != year:
            return say_day(day, _)
        return _("{day} {month}").format(day=day.day, month=_month(day, _))

    if first.day != last.day:
        return _("the office was closed from {first} to {last}").format(first=say(first.day), last=say(last.day))
    if first.reason == "closure":
        return _("the office was closed on {day}").format(day=say(first.day))
    if first.name:
        return _("{day} is a public holiday ({name})").format(day=say(first.day), name=first.name)
    return _("{day} is a public holiday").format(day=say(first.day))


def _weekday(day: date, _: Gettext) -> str:
    # Written out, so that the tools of the translators find every word.
    words = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
    return words[day.weekday()]


def _month(day: date, _: Gettext) -> str:
    first_half = (_("January"), _("February"), _("March"), _("April"), _("May"), _("June"))
    second_half = (_("July"), _("August"), _("September"), _("October"), _("November"), _("December"))
    return (first_half + second_half)[day.month - 1]
