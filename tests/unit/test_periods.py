"""Deadlines fall due where a careful clerk with a calendar would put them, and the counting can be told."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sop_engine.periods import (
    Calendar,
    Length,
    NoSuchCalendar,
    NotALength,
    due_at,
    national_calendar,
    start_of,
    worked_explanation,
    worked_sentence,
)

TUESDAY = datetime(2026, 3, 3, 15, 20, tzinfo=UTC)
FOUNDERS = date(2026, 3, 6)
ISLAND = Calendar(
    "Invented island",
    holidays=frozenset({FOUNDERS, date(2026, 3, 7)}),
    time_zone="America/Port_of_Spain",
    holiday_names={FOUNDERS: "Founders’ Day"},
)
AFTER_A_HURRICANE = Calendar(
    "Invented island", closures=frozenset(date(2026, 3, day) for day in (5, 6, 9)), time_zone="America/Port_of_Spain"
)


def local_due(length: str, *, at: datetime = TUESDAY, calendar: Calendar = ISLAND, skip_closures: bool = False) -> str:
    due = due_at(Length.parse(length), counted_from=at, calendar=calendar, skip_closures=skip_closures)
    return due.astimezone(ZoneInfo(calendar.time_zone)).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize("text", ["10 working days", "1 working day", "24 hours", "0 hours", "18 years", "1 month"])
def test_a_length_is_written_as_it_was_read(text: str) -> None:
    assert str(Length.parse(text)) == text


@pytest.mark.parametrize("text", ["", "ten days", "3", "days", "-1 days", "3 weeks", "1.5 hours", "3 days or more"])
def test_what_is_no_length_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(NotALength, match="for example “10 working days”"):
        Length.parse(text)


@pytest.mark.parametrize(
    ("shorter", "longer"),
    [("24 hours", "1 days"), ("10 working days", "15 days"), ("3 months", "1 year"), ("7 days", "7 days")],
)
def test_lengths_of_different_units_compare_by_their_usual_hours(shorter: str, longer: str) -> None:
    assert Length.parse(shorter).is_at_most(Length.parse(longer))


def test_a_longer_length_is_not_at_most_a_shorter_one() -> None:
    assert not Length.parse("25 hours").is_at_most(Length.parse("1 day"))
    assert not Length.parse("8 days").is_at_most(Length.parse("7 days"))


@pytest.mark.parametrize(
    ("length", "due"),
    [
        ("24 hours", "2026-03-04 11:20"),
        ("0 days", "2026-03-04 00:00"),
        ("3 days", "2026-03-07 00:00"),
        ("3 working days", "2026-03-10 00:00"),  # Founders’ Day and the weekend do not count
        ("10 working days", "2026-03-19 00:00"),
        ("1 month", "2026-04-04 00:00"),
        ("18 years", "2044-03-04 00:00"),
    ],
)
def test_days_run_from_the_day_after_the_event_to_the_end_of_the_last_day(length: str, due: str) -> None:
    assert local_due(length) == due


def test_the_day_of_the_event_is_the_authoritys_own_day() -> None:
    two_in_the_morning_in_london = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)

    assert local_due("1 days", at=two_in_the_morning_in_london) == "2026-03-05 00:00"


@pytest.mark.parametrize(
    ("born", "length", "due"),
    [
        ("2008-02-29", "18 years", "2026-03-02 00:00"),  # the end of 1 March, the later day
        ("2008-02-29", "20 years", "2028-03-01 00:00"),
        ("2026-01-31", "1 months", "2026-03-01 00:00"),
        ("2026-12-15", "2 months", "2027-02-16 00:00"),
    ],
)
def test_months_and_years_end_on_the_day_of_the_same_number(born: str, length: str, due: str) -> None:
    assert local_due(length, at=start_of(born, ISLAND)) == due


def test_a_partial_date_counts_from_the_last_day_it_can_mean() -> None:
    assert start_of("2009", ISLAND).date() == date(2009, 12, 31)
    assert start_of("2009-02", ISLAND).date() == date(2009, 2, 28)
    assert start_of("2009-02-03", ISLAND).date() == date(2009, 2, 3)
    assert start_of("2026-03-02T14:05Z", ISLAND) == datetime(2026, 3, 2, 14, 5, tzinfo=UTC)


def test_office_closures_pause_a_duty_of_the_person_only() -> None:
    assert local_due("7 days", calendar=AFTER_A_HURRICANE) == "2026-03-11 00:00"
    assert local_due("7 days", calendar=AFTER_A_HURRICANE, skip_closures=True) == "2026-03-14 00:00"
    assert local_due("1 month", calendar=AFTER_A_HURRICANE, skip_closures=True) == "2026-04-07 00:00"


def test_working_days_pass_over_office_closures() -> None:
    assert local_due("3 working days", calendar=AFTER_A_HURRICANE) == "2026-03-12 00:00"


def test_a_day_of_twenty_three_hours_is_a_whole_day() -> None:
    paris = Calendar("Paris", time_zone="Europe/Paris")
    before_the_change = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)

    assert local_due("1 day", at=before_the_change, calendar=paris) == "2026-03-30 00:00"
    assert due_at(Length.parse("24 hours"), counted_from=before_the_change, calendar=paris) == (
        before_the_change + timedelta(hours=24)
    )


@pytest.mark.parametrize("length", ["99999 hours", "99999 days", "99999 working days", "99999 months", "9999 years"])
def test_a_deadline_beyond_the_last_year_falls_on_the_last_day(length: str) -> None:
    for born in ("0001", "9999"):
        assert due_at(Length.parse(length), counted_from=start_of(born, ISLAND), calendar=ISLAND).year <= 9999


def test_a_calendar_without_a_working_day_is_refused() -> None:
    with pytest.raises(ValueError, match="no working day"):
        Calendar("Never", weekend=frozenset(range(7)))


def test_a_country_brings_its_public_holidays_by_name() -> None:
    calendar = national_calendar("JAM", range(2026, 2028), time_zone="America/Jamaica")

    assert calendar.holiday_names[date(2026, 4, 3)] == "Good Friday"
    assert not calendar.is_working_day(date(2026, 4, 3))
    assert calendar.is_working_day(date(2026, 4, 2))


def test_an_unknown_country_is_refused_and_no_country_has_no_holidays() -> None:
    with pytest.raises(NoSuchCalendar, match="“ZZZ”"):
        national_calendar("ZZZ", range(2026, 2027))
    assert national_calendar(None, range(2026, 2027)).holidays == frozenset()


def worked(length: str, calendar: Calendar, **more: object) -> str:
    parsed = Length.parse(length)
    skip = bool(more.get("skip_closures"))
    due = due_at(parsed, counted_from=TUESDAY, calendar=calendar, skip_closures=skip)
    return worked_sentence(
        worked_explanation(
            parsed,
            counted_from=TUESDAY,
            due=due + timedelta(days=int(str(more.get("paused", 0)))),
            calendar=calendar,
            label=str(more.get("label", "")),
            skip_closures=skip,
        )
    )


def test_the_counting_is_told_with_the_holidays_that_did_not_count() -> None:
    assert worked("10 working days", ISLAND) == (
        "10 working days from 3 March 2026; 6 March is a public holiday (Founders’ Day); "
        "due Wednesday 18 March 2026, end of day."
    )


def test_the_counting_is_told_with_its_event_its_closures_and_its_pauses() -> None:
    assert worked("3 working days", AFTER_A_HURRICANE, label="effective notification", paused=2) == (
        "3 working days from effective notification on 3 March 2026; the office was closed from 5 March to 9 March; "
        "the time during which it was paused does not count; due Friday 13 March 2026, end of day."
    )
    assert worked("2 days", AFTER_A_HURRICANE, skip_closures=True) == (
        "2 days from 3 March 2026; the office was closed from 5 March to 6 March; "
        "due Saturday 7 March 2026, end of day."
    )


def test_hours_are_told_to_the_minute() -> None:
    assert worked("24 hours", ISLAND) == "24 hours from 3 March 2026, 11:20; due Wednesday 4 March 2026, 11:20."
