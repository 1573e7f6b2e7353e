"""Days, months and years of a profile, in order: what began later stands later, and nothing ends before it began."""

from __future__ import annotations

from datetime import date

from sop_engine.definition.faults import DeclarationError
from sop_engine.definition.raw import Raw, RawList, RawMap, RawText


def day_of(raw: RawText, errors: list[DeclarationError]) -> str | None:
    """Return the first day of a year, month or day as year-month-day; a day that does not exist is a fault."""
    text = raw.text + "-01-01"[3 * (raw.text.count("-")) :] if raw.text.count("-") < 2 else raw.text
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        errors.append(
            DeclarationError(raw.span, f'found "{raw.text}"', "there is no such day", "write year-month-day, or a year")
        )
        return None


def check_order(profile: RawMap, errors: list[DeclarationError]) -> None:
    """Report parts of a value whose dates go backwards, naming both places."""
    parameters = profile.entries.get("parameters")
    edition = profile.entries.get("edition")
    for name, raw in (parameters.entries if isinstance(parameters, RawMap) else {}).items():
        last: RawText | None = None
        last_day = ""
        for part in raw.items if isinstance(raw, RawList) else (raw,):
            since, until = _of(part, "from"), _of(part, "until")
            begins = day_of(since, errors) if since else None
            ends = day_of(until, errors) if until else None
            if since and until and begins and ends and ends < begins:
                _backwards(until, since, f"{name} would end before it begins", errors)
            if since and begins:
                if last is not None and begins < last_day:
                    _backwards(since, last, f"the parts of {name} stand in the order of time", errors)
                if isinstance(edition, RawText) and begins > edition.text:
                    _backwards(since, edition, "the profile was written before that", errors)
                last, last_day = since, begins


def _of(part: Raw, key: str) -> RawText | None:
    found = part.entries.get(key) if isinstance(part, RawMap) else None
    return found if isinstance(found, RawText) else None


def _backwards(later: RawText, earlier: RawText, why: str, errors: list[DeclarationError]) -> None:
    found = f"found {later.text} against {earlier.text} at {earlier.span}"
    errors.append(DeclarationError(later.span, found, f"the date goes backwards: {why}", "put the dates in order"))
