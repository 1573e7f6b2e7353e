"""National overlays: a country's named changes laid over the harmonised declarations, before anything is built.

Each change names the rule it touches, one verb, its source and the day from which it holds. Two changes of one place
are refused with both places named, and so is a change that would weaken the harmonised text; what the law of a State
nevertheless weakens is a deviation, with a name, a legal reference and a day on which it ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from sop_engine.definition.declarations import Declarations
from sop_engine.definition.faults import DeclarationError, did_you_mean, one_of
from sop_engine.definition.local_decisions import ask_locally
from sop_engine.definition.national_days import check_order, day_of
from sop_engine.definition.overlay_places import Place, Trees, find, place_of, put, word
from sop_engine.definition.overlay_verbs import VERBS, Site
from sop_engine.definition.raw import Raw, RawList, RawMap, RawText
from sop_engine.definition.shape import SECTIONS
from sop_engine.definition.shape_national import OVERLAY, PROFILE

COMPOSE = frozenset({"add", "and_also"})
"""Verbs of which several may touch one place: the order does not matter."""
DEVIABLE = frozenset({"P06", "P43", "P45", "P46", "P47", "P48"})
"""The properties a deviation may weaken; hard rules (H…) and timers (T…) it names besides. Nothing else is deviable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """A change that was made, still as it stands in the overlay; ``build_national`` makes the model of it."""

    name: str
    place: Place
    verb: str
    was: Raw | None
    brought: Raw
    raw: RawMap
    also: tuple[str, ...] = ()
    deviation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlaid:
    """The changed declarations, and what was changed."""

    declarations: Declarations
    profile: RawMap | None = None
    applied: tuple[Applied, ...] = ()
    deviations: tuple[tuple[str, str, RawMap], ...] = ()
    """(procedure, name, declaration)."""
    errors: tuple[DeclarationError, ...] = ()


def overlaid(declarations: Declarations) -> Overlaid:
    """Return the declarations with the country's changes made; those of the harmonised set as they are."""
    if not declarations.national:
        return Overlaid(declarations=declarations)
    return _Overlaying(declarations).run()


@dataclass(slots=True)
class _Overlaying:
    declarations: Declarations
    trees: Trees = field(init=False)
    errors: list[DeclarationError] = field(default_factory=list)
    applied: list[Applied] = field(default_factory=list)
    deviations: list[tuple[str, str, RawMap]] = field(default_factory=list)
    places: dict[tuple[str, ...], Applied] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.trees = Trees(dict(self.declarations.machines), dict(self.declarations.common))

    def run(self) -> Overlaid:
        national = self.declarations.national
        profiles = {path: tree for path, tree in national.items() if path.endswith(f"/{PROFILE}")}
        overlays = {path: tree for path, tree in national.items() if path.endswith(OVERLAY)}
        profile = next(iter(profiles.values()), None)
        for path, tree in (*profiles.items(), *overlays.items()):
            self.check_state(path, tree, profile)
        if profile is not None:
            self.check_iso(profile)
            check_order(profile, self.errors)
            self.join_law(profile)
            self.join_calendar(profile)
            ask_locally(self.trees, profile)
        for path, tree in overlays.items():
            if self.check_overlay(path, tree):
                self.overlay(path, tree, profile)
        changed = replace(self.declarations, machines=self.trees.machines, common=self.trees.common)
        return Overlaid(
            declarations=changed,
            profile=profile,
            applied=tuple(self.applied),
            deviations=tuple(self.deviations),
            errors=tuple(self.errors),
        )

    def refuse(self, raw: Raw, found: str, why: str, mend: str) -> None:
        self.errors.append(DeclarationError(raw.span, found, why, mend))

    # The files.

    def check_state(self, path: str, tree: RawMap, profile: RawMap | None) -> None:
        named = tree.entries.get("profile")
        if not isinstance(named, RawText):
            return
        folder = path.split("/")[0]
        if named.text.lower() != folder:
            why = f"the folder {folder} belongs to the State {folder.upper()}"
            self.refuse(named, f'found the State "{named.text}"', why, f"write profile: {folder.upper()}")
        if profile is None:
            why = "an overlay without a profile has no sources and no calendar"
            self.refuse(
                named, f"found no {PROFILE} in {folder}", why, f"write {folder}/{PROFILE}, or run sop new-profile"
            )

    def check_iso(self, profile: RawMap) -> None:
        named = profile.entries.get("profile")
        codes = find(self.trees.common.get("codes.yaml", profile), ("lists", "country", "codes"))
        if not isinstance(named, RawText) or not isinstance(codes, RawMap):
            return
        is_invented = "XAA" <= named.text <= "XZZ"  # ISO 3166 leaves these to its users; here: fictional States
        if named.text not in codes.entries and not is_invented:
            found = f'found the State "{named.text}"'
            mend = "write the ISO 3166 code of three letters" + did_you_mean(named.text, codes.entries)
            self.refuse(named, found, "the list of countries (common/codes.yaml) has no such code", mend)

    def join_law(self, profile: RawMap) -> None:
        """The national sources join the law register, each with a provision ``whole``."""
        law, register = profile.entries.get("law"), self.trees.common.get("law.yaml")
        if not isinstance(law, RawMap) or register is None:
            return
        known = find(register, ("tags",))
        for tag, raw in law.entries.items():
            span = law.key_spans[tag]
            if isinstance(known, RawMap) and tag in known.entries:
                why = f"the harmonised register has it at {known.key_spans[tag]}"
                self.errors.append(DeclarationError(span, f'found the tag "{tag}"', why, "choose another tag"))
                continue
            entries = raw.entries if isinstance(raw, RawMap) else {}
            kept = {key: value for key, value in entries.items() if key in ("name", "at")}
            register = put(
                register, ("tags", tag), RawMap(kept, raw.span, dict.fromkeys(kept, raw.span)), key_span=span
            )
            name = entries.get("name")
            whole = {
                "says": name if isinstance(name, RawText) else RawText(tag, span),
                "status": entries.get("status", RawText("excerpt", span)),
                "tier": RawText("3", span),
            }
            provisions = entries.get("provisions")
            written = provisions.entries if isinstance(provisions, RawMap) else {}
            spans = provisions.key_spans if isinstance(provisions, RawMap) else {}
            all_of = RawMap({"whole": RawMap(whole, span), **written}, span, {"whole": span, **spans})
            register = put(register, ("provisions", tag), all_of, key_span=span)
        self.trees.common["law.yaml"] = register

    def join_calendar(self, profile: RawMap) -> None:
        calendar, register = profile.entries.get("calendar"), self.trees.common.get("calendars.yaml")
        if isinstance(calendar, RawMap) and register is not None:
            keys = ("calendars", "harmonised")
            harmonised = find(register, keys)
            before = harmonised.entries if isinstance(harmonised, RawMap) else {}
            spans = harmonised.key_spans if isinstance(harmonised, RawMap) else {}
            whole = RawMap({**before, **calendar.entries}, calendar.span, {**spans, **calendar.key_spans})
            self.trees.common["calendars.yaml"] = put(register, keys, whole, key_span=calendar.span)

    def check_overlay(self, path: str, tree: RawMap) -> bool:
        named = tree.entries.get("overlay")
        if not isinstance(named, RawText):
            return False
        file = path.rsplit("/", 1)[-1].removesuffix(OVERLAY)
        if named.text not in self.trees.procedures:
            mend = one_of(sorted(self.trees.procedures)) + did_you_mean(named.text, self.trees.procedures)
            self.refuse(named, f'found an overlay on "{named.text}"', "the harmonised set has no such procedure", mend)
            return False
        if file != named.text:
            why = f"the file is called {file}{OVERLAY}"
            self.refuse(named, f'found an overlay on "{named.text}"', why, f"call it {named.text}{OVERLAY}")
        for machine, harmonised in self.trees.files_of(named.text).items():
            edition = self.trees.machines[harmonised].entries.get("edition")
            for key, fails in (("extends", str.__ne__), ("edition", str.__lt__)):
                own = tree.entries.get(key)
                if isinstance(own, RawText) and isinstance(edition, RawText) and fails(own.text, edition.text):
                    why = f"{machine} is of {edition.text} at {edition.span}"
                    told = "it was written for another edition" if key == "extends" else "dates would go backwards"
                    self.refuse(own, f"found {key} {own.text}", f"{why}, and {told}", "read it against the newer text")
        return True

    # The declarations and changes of one overlay.

    def overlay(self, path: str, tree: RawMap, profile: RawMap | None) -> None:
        procedure = word(tree, "overlay")
        edition = (profile or tree).entries.get("edition")
        self.join_declarations(tree, procedure)
        changes = tree.entries.get("changes")
        self.make(changes, procedure, edition)
        deviations = tree.entries.get("deviations")
        for name, raw in (deviations.entries if isinstance(deviations, RawMap) else {}).items():
            if isinstance(raw, RawMap):
                self.check_deviation(name, raw)
                self.deviations.append((procedure, name, raw))
                weakens = frozenset(item.text for item in _items(raw.entries.get("weakens")))
                self.make(raw.entries.get("changes"), procedure, edition, deviation=name, weakens=weakens)

    def join_declarations(self, tree: RawMap, procedure: str) -> None:
        files = self.trees.files_of(procedure)
        machine = word(tree, "machine") or (procedure if procedure in files else next(iter(files), ""))
        if machine not in files:
            named = tree.entries.get("machine", tree)
            self.refuse(named, f'found the machine "{machine}"', f"{procedure} has no such machine", one_of(files))
            return
        for section in (*SECTIONS, "roles", "functions"):
            added = tree.entries.get(section)
            if not isinstance(added, RawMap):
                continue
            is_common = section in ("roles", "functions")
            file = "roles.yaml" if is_common else files[machine]
            place = Place(file=file, is_common=is_common, machine=machine, keys=(section,), is_there=True)
            known = find(self.trees.tree(place), (section,))
            for name, raw in added.entries.items():
                span = added.key_spans[name]
                if isinstance(known, RawMap) and name in known.entries:
                    why = f"the harmonised text declares it at {known.key_spans[name]}"
                    mend = "choose another name, or write a change with a verb"
                    self.errors.append(DeclarationError(span, f'found "{name}" under {section}', why, mend))
                elif section == "transitions" and word(raw, "removal") == "yes":
                    why = "only departure clearance, agreed by all States, leads out of the territory"
                    self.errors.append(DeclarationError(span, f'found the removal act "{name}"', why, "remove it"))
                else:
                    self.trees.put(place, (section, name), raw, key_span=span)

    def make(
        self,
        changes: Raw | None,
        procedure: str,
        edition: Raw | None,
        *,
        deviation: str = "",
        weakens: frozenset[str] | None = None,
    ) -> None:
        for name, raw in (changes.entries if isinstance(changes, RawMap) else {}).items():
            if isinstance(raw, RawMap) and isinstance(changes, RawMap):
                try:
                    self.change(name, raw, procedure, edition, deviation, weakens)
                except DeclarationError as error:
                    self.errors.append(error)

    def change(
        self,
        name: str,
        raw: RawMap,
        procedure: str,
        edition: Raw | None,
        deviation: str,
        weakens: frozenset[str] | None,
    ) -> None:
        rule = raw.entries.get("rule")
        verb = next((key for key in raw.entries if key in VERBS), None)
        if not isinstance(rule, RawText) or verb is None:
            return  # the schema said so already
        place = place_of(rule, procedure=procedure, trees=self.trees)
        self.check_day(raw, edition)
        self.check_overlap(name, place, verb, raw)
        site = Site(place=place, trees=self.trees, brought=raw.entries[verb], span=raw.span, weakens=weakens)
        was = site.current
        edits = tuple(VERBS[verb](site))
        for edit in edits:
            self.trees.put(place, edit.keys, edit.value, key_span=raw.entries[verb].span)
        made = Applied(
            name=name,
            place=place,
            verb=verb,
            was=was,
            brought=raw.entries[verb],
            raw=raw,
            also=tuple(".".join((place.machine, *edit.keys)) for edit in edits if edit.keys != place.keys),
            deviation=deviation,
        )
        self.applied.append(made)
        self.places[(place.file, *place.keys)] = made

    def check_day(self, raw: RawMap, edition: Raw | None) -> None:
        since = raw.entries.get("from")
        if not isinstance(since, RawText) or not isinstance(edition, RawText):
            return
        day = day_of(since, self.errors)
        if day is not None and day > edition.text:
            why = f"the profile is of {edition.text} ({edition.span}), and an edition says what holds on its day"
            self.refuse(since, f"found from: {since.text}", why, "write it in the edition of that day")

    def check_overlap(self, name: str, place: Place, verb: str, raw: RawMap) -> None:
        mine = (place.file, *place.keys)
        for theirs, other in self.places.items():
            shorter = min(len(mine), len(theirs))
            if mine[:shorter] != theirs[:shorter]:
                continue
            if mine == theirs and verb == other.verb and verb in COMPOSE:
                continue
            is_part = len(mine) != len(theirs)
            if is_part and (verb in ("rename_to", "replace_body") or other.verb in ("rename_to", "replace_body")):
                continue  # a title beside a change of another key of the same declaration
            there = other.raw.entries["rule"].span
            found = f'found a second change of {place.qualified}: "{name}" {verb} beside "{other.name}" {other.verb}'
            why = f'"{other.name}" stands at {there}, and only one of them could count'
            raise DeclarationError(raw.entries["rule"].span, found, why, "keep one of the two")

    def check_deviation(self, name: str, raw: RawMap) -> None:
        since, expires = raw.entries.get("from"), raw.entries.get("expires")
        if isinstance(since, RawText) and isinstance(expires, RawText):
            begins, ends = day_of(since, self.errors), day_of(expires, self.errors)
            if begins and ends and ends <= begins:
                why = f"it begins on {since.text} at {since.span}"
                self.refuse(expires, f'found expires: {expires.text} in "{name}"', why, "write a later day")
        for item in _items(raw.entries.get("weakens")):
            if item.text.startswith("P") and item.text not in DEVIABLE:
                why = "no law of one State can switch this property off"
                mend = f"only {', '.join(sorted(DEVIABLE))} and single hard rules (H…) can be named"
                self.refuse(item, f'found weakens: {item.text} in "{name}"', why, mend)
            elif item.text not in DEVIABLE and item.text not in self.rules():
                mend = one_of(sorted(self.rules())) + did_you_mean(item.text, self.rules())
                self.refuse(item, f'found weakens: {item.text} in "{name}"', "no safeguard carries that rule", mend)

    def rules(self) -> frozenset[str]:
        """Every hard rule and timer that the harmonised set carries."""
        found: set[str] = set()
        for tree in self.trees.machines.values():
            for section, keys in (("safeguards", ("rule",)), ("deadlines", ("timer",))):
                under = tree.entries.get(section)
                for one in under.entries.values() if isinstance(under, RawMap) else ():
                    for key in keys:
                        found |= {item.text for item in _items(find(one, (key,)))}
        return frozenset(found)


def _items(raw: Raw | None) -> Iterator[RawText]:
    for item in raw.items if isinstance(raw, RawList) else (raw,):
        if isinstance(item, RawText):
            yield item
