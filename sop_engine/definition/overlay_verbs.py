"""The verbs of an overlay: what each may touch, and when it would weaken the harmonised text and is refused.

Every verb here can be seen to be at least as strict by its form alone. What only a deviation may do says so; no verb,
in a deviation or out of it, removes a safeguard or touches one but by making it stricter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from sop_engine.definition.faults import DeclarationError, one_of
from sop_engine.definition.overlay_places import Place, Trees, find, span_at, word
from sop_engine.definition.raw import Raw, RawList, RawMap, RawText
from sop_engine.guards.tree import Span
from sop_engine.periods import Length, NotALength


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One change at its place: what stands there, and what the verb brings."""

    place: Place
    trees: Trees
    brought: Raw
    span: Span
    """Where the change stands in the overlay."""
    weakens: frozenset[str] | None = None
    """The properties and rules that its deviation names; None for a change that is no deviation."""

    @property
    def is_deviation(self) -> bool:
        return self.weakens is not None

    @property
    def tree(self) -> RawMap:
        return self.trees.tree(self.place)

    @property
    def current(self) -> Raw | None:
        return find(self.tree, self.place.keys)

    @property
    def declaration(self) -> RawMap:
        found = find(self.tree, self.place.declaration)
        return found if isinstance(found, RawMap) else RawMap({}, self.span)

    def refuse(self, found: str, why: str, mend: str) -> DeclarationError:
        """Return the fault of this change, naming both places."""
        there = span_at(self.tree, self.place.keys)
        return DeclarationError(self.brought.span, found, f"{why} ({self.place.qualified} stands at {there})", mend)


@dataclass(frozen=True, slots=True)
class Edit:
    keys: tuple[str, ...]
    value: Raw


Verb = Callable[[Site], Iterator[Edit]]

ADDABLE = {
    ("states", "steps"), ("steps", "by"), ("questions", "choices"), ("questions", "refuse_if_only"),
    ("transitions", "needs_other_person_than"), ("transitions", "other_than_earlier_round"), ("transitions", "issues"),
    ("transitions", "opens"), ("transitions", "by"), ("panels", "members"), ("panels", "needs_other_person_than"),
    ("deadlines", "escalate"), ("documents", "blocks"), ("incompatible", ""), ("lists", "codes"),
}  # fmt: skip
WORDS_FOR_READERS = frozenset({"ask", "hint", "why", "says", "if_not", "does", "say", "help", "duty", "title"})
NOT_LESS, ONLY_YES = "not_less", "only_yes"
SETTABLE: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("panels", "quorum.at_least"): NOT_LESS,
        ("panels", "quorum.majority_of_members"): ONLY_YES,
        ("panels", "quorum.chair"): ONLY_YES,
        ("panels", "must_open_file"): ONLY_YES,
        ("panels", "reasons_if_dissent"): ONLY_YES,
        ("questions", "required"): ONLY_YES,
        ("questions", "not_future"): ONLY_YES,
        ("questions", "min_length"): NOT_LESS,
        ("documents", "number"): ONLY_YES,
    }
)
BODIES = {("transitions", "by"), ("steps", "by"), ("panels", "chair"), ("panels", "members")}


def add(site: Site) -> Iterator[Edit]:
    """Add to a list: a step, a further separation of duties, a document, a member, a code."""
    place, current = site.place, site.current
    if (place.section, place.inside) not in ADDABLE:
        what = f'"{place.inside or place.section}"'
        raise site.refuse(f"found add on {what}", "adding there could weaken a rule, or there is no list", _addable())
    if place.section == "transitions" and place.inside == "by" and word(site.declaration, "adverse") == "yes":
        why = "more roles could then decide against a person"
        raise site.refuse("found add on an adverse act", why, "name who decides with replace_body")
    if isinstance(site.brought, RawMap) and place.inside in ("choices", "codes"):
        before = current.entries if isinstance(current, RawMap) else {}
        twice = [name for name in site.brought.entries if name in before]
        if twice or (isinstance(current, RawMap) and "list" in before):
            why = f'"{twice[0]}" stands there already' if twice else "the choices come from a shared list"
            raise site.refuse(
                "found add", why, "choose another code, or add to lists.<name>.codes in common.overlay.yaml"
            )
        spans = {**(current.key_spans if isinstance(current, RawMap) else {}), **site.brought.key_spans}
        yield Edit(place.keys, RawMap({**before, **site.brought.entries}, site.brought.span, spans))
        return
    is_pair = place.section == "incompatible"
    more = site.brought.items if isinstance(site.brought, RawList) and not is_pair else (site.brought,)
    before_items = current.items if isinstance(current, RawList) else ((current,) if current is not None else ())
    known = {item.text for item in before_items if isinstance(item, RawText)}
    for item in more:
        if isinstance(item, RawText) and item.text in known:
            raise site.refuse(f'found add: "{item.text}"', "it stands there already", "remove the change")
    yield Edit(place.keys, RawList((*before_items, *more), current.span if current is not None else site.brought.span))


def and_also(site: Site) -> Iterator[Edit]:
    """Add a condition: the act needs what it needed before, and this too."""
    place = site.place
    brought = _text(site)
    if place.section == "transitions" and place.inside in ("when", "requires"):
        if word(site.declaration, "fact") == "yes":
            why = "a fact about a person is never refused"
            raise site.refuse("found and_also on an act that records a fact", why, "remove the change")
        if word(site.declaration, "auto") == "yes":
            why = "what the system does by itself protects the person, and would happen less often"
            raise site.refuse("found and_also on an automatic act", why, "remove the change")
    elif not (place.section == "safeguards" and place.inside in ("always", "require")):
        why = "a further condition there is not stricter: it would let more pass, or let a time run longer"
        mend = "write it on transitions.<name>.when or .requires, or add a safeguard of your own under safeguards"
        raise site.refuse(f"found and_also on {place.section}.{place.inside or '…'}", why, mend)
    current = site.current
    if isinstance(current, RawText):
        yield Edit(place.keys, replace(current, also=(*current.also, brought)))
    else:
        yield Edit(place.keys, brought)


def shorten_to(site: Site) -> Iterator[Edit]:
    """Make a time limit shorter, within the harmonised range."""
    yield from _other_length(site, is_shorter=True)


def lengthen_to(site: Site) -> Iterator[Edit]:
    """Make a time limit longer, within the harmonised range."""
    yield from _other_length(site, is_shorter=False)


def _other_length(site: Site, *, is_shorter: bool) -> Iterator[Edit]:
    place, brought = site.place, _text(site)
    keys = place.keys if place.inside else (*place.keys, "length")
    current = find(site.tree, keys)
    if place.section != "deadlines" or not isinstance(current, RawText) or keys[2] not in ("length", "values"):
        mend = "name deadlines.<name>.length, or deadlines.<name>.values.<which>"
        raise site.refuse("found a length", "only the length of a time limit can be shorter or longer", mend)
    new, old = _length(brought, site), _length(current, site)
    if new == old:
        raise site.refuse(f"found {new}", "that is the harmonised length", "remove the change")
    if old.is_at_most(new) if is_shorter else new.is_at_most(old):
        verb, other = ("shorten_to", "lengthen_to") if is_shorter else ("lengthen_to", "shorten_to")
        raise site.refuse(f"found {verb} {new}", f"the harmonised length is {old}", f"write {other}, if that is meant")
    allowed = site.declaration.entries.get("range")
    for bound in ("from", "to"):
        edge = allowed.entries.get(bound) if isinstance(allowed, RawMap) else None
        if not isinstance(edge, RawText) or site.is_deviation:
            continue
        limit = _length(edge, site)
        if not (limit.is_at_most(new) if bound == "from" else new.is_at_most(limit)):
            why = f"the harmonised range, {'from' if bound == 'from' else 'up to'} {edge.text}, stands at {edge.span}"
            mend = "stay within it; what the law fixes otherwise is a deviation: a name, a reference, an expiry day"
            raise site.refuse(f"found {new}", why, mend)
    if allowed is None and not site.is_deviation:
        why = "the harmonised text gives no range: every State counts alike"
        raise site.refuse(f"found {new}", why, "remove the change, or declare a deviation")
    yield from _promises(site, keys[1], new)
    yield Edit(keys, brought)


def _promises(site: Site, deadline: str, new: Length) -> Iterator[Edit]:
    """A safeguard that promises a least time holds in every country, unless a deviation names it.

    Then the safeguard stays, with the shorter time in it and in its words.
    """
    for path, tree in site.trees.machines.items():
        safeguards = tree.entries.get("safeguards")
        for name, one in (safeguards.entries if isinstance(safeguards, RawMap) else {}).items():
            promise, least = find(one, ("at_least",)), find(one, ("at_least", "length"))
            if word(promise, "deadline") not in (deadline, f"{site.place.machine}.{deadline}"):
                continue
            if not isinstance(least, RawText) or _length(least, site).is_at_most(new):
                continue
            carried = {item.text for key in ("rule", "property") for item in _items(find(one, (key,)))}
            if not carried & (site.weakens or frozenset()) or path != site.place.file:
                why = f'the safeguard "{name}" promises at least {least.text} at {least.span}'
                mend = f"write {least.text} or more, or declare a deviation that weakens {', '.join(sorted(carried))}"
                raise site.refuse(f"found {new}", f"{why}; no verb removes a safeguard", mend)
            yield Edit(("safeguards", name, "at_least", "length"), replace(least, text=str(new), written=str(new)))
            says = find(one, ("says",))
            if isinstance(says, RawText):
                told = f"{says.text} In this State it is {new}, by a named deviation."
                yield Edit(("safeguards", name, "says"), replace(says, text=told, written=told))


def rename_to(site: Site) -> Iterator[Edit]:
    """Call something by its national name."""
    place, brought = site.place, _text(site)
    current = site.current
    if place.section == "lists" and isinstance(current, RawText):
        yield Edit(place.keys, brought)
        return
    key = "label" if place.section == "lists" and len(place.keys) == 4 else "title"
    keys = place.keys if place.keys[-1] in ("title", "label") else (*place.keys, key)
    if place.section == "safeguards" or (not isinstance(find(site.tree, keys), RawText) and place.section != "panels"):
        mend = "name a role, function, step, state, act, panel, paper, list or code"
        raise site.refuse("found rename_to", "it has no title", mend)
    yield Edit(keys, brought)


def replace_text(site: Site) -> Iterator[Edit]:
    """Say the same in other words."""
    place, brought = site.place, _text(site)
    if place.section == "safeguards":
        why = "the words of a safeguard are what was agreed and proved"
        raise site.refuse("found replace_text on a safeguard", why, "leave them; add a safeguard of your own")
    last = place.keys[-1]
    is_prose = last in WORDS_FOR_READERS or (len(place.keys) == 1 and last in ("purpose", "title"))
    if not is_prose or (place.is_there and not isinstance(site.current, RawText)):
        mend = one_of(sorted(WORDS_FOR_READERS))
        raise site.refuse(f'found replace_text on "{last}"', "it holds no words for a reader", mend)
    yield Edit(place.keys, brought)


def set_(site: Site) -> Iterator[Edit]:
    """Set a parameter, never less protective than the harmonised text."""
    place, brought = site.place, _text(site)
    direction = SETTABLE.get((place.section, place.inside))
    if direction is None:
        known = ", ".join(f"{section}.<name>.{key}" for section, key in SETTABLE)
        raise site.refuse(
            f'found set on "{place.inside or place.section}"', "it is no parameter", f"write one of {known}"
        )
    current = site.current
    before = current.text if isinstance(current, RawText) else ""
    if direction == ONLY_YES and brought.text != "yes" and not site.is_deviation:
        raise site.refuse(
            f"found set: {brought.text}", "that would be less protective", "write yes, or remove the change"
        )
    if direction == NOT_LESS:
        number = brought.text
        if not number.isdigit() or (before.isdigit() and int(number) < int(before) and not site.is_deviation):
            why = f"the harmonised number is {before or 'not set'}, and less would be less protective"
            raise site.refuse(f"found set: {number}", why, f"write {before or 'a number'} or more")
    yield Edit(place.keys, brought)


def replace_body(site: Site) -> Iterator[Edit]:
    """Name who acts or decides: a role, or one of the decision shapes a question offers."""
    place = site.place
    if (place.section, place.inside) in BODIES:
        if word(site.declaration, "auto") == "yes":
            raise site.refuse("found replace_body on an automatic act", "the system protects here", "remove the change")
        if any(item.text == "any_role" for item in _texts(site)) and word(site.declaration, "adverse") == "yes":
            why = "an act against a person names who answers for it"
            raise site.refuse("found replace_body: any_role", why, "name the role")
        yield Edit(place.keys, site.brought)
        return
    choices = find(site.declaration, ("choices",))
    if place.section != "questions" or place.inside or not isinstance(choices, RawMap) or "list" in choices.entries:
        mend = "name transitions.<name>.by, panels.<name>.chair or .members, or a question that names who decides"
        raise site.refuse("found replace_body", "nobody acts or decides there", mend)
    yield from _shape(site, choices)


def _shape(site: Site, choices: RawMap) -> Iterator[Edit]:
    """Every act that asks the question then needs this answer; the officer reads which under the question."""
    chosen = _texts(site)
    for one in chosen:
        if one.text not in choices.entries:
            raise site.refuse(f'found "{one.text}"', "the question offers no such shape", one_of(choices.entries))
    question = site.place.keys[1]
    words = [one.text for one in chosen]
    test = f"{question} is {words[0]}" if len(words) == 1 else f"{question} in [{', '.join(words)}]"
    acts = site.tree.entries.get("transitions")
    for name, act in (acts.entries if isinstance(acts, RawMap) else {}).items():
        if word(act, "asks") == question.split(".")[0]:
            requires = find(act, ("requires",))
            added = RawText(test, site.brought.span, written=test)
            value = replace(requires, also=(*requires.also, added)) if isinstance(requires, RawText) else added
            yield Edit(("transitions", name, "requires"), value)
    labels = [choices.entries[one.text] for one in chosen]
    told = " or ".join(label.text for label in labels if isinstance(label, RawText))
    hint = word(site.declaration, "hint")
    yield Edit(
        (*site.place.keys, "hint"), RawText(f"{hint} The law of this State says: {told}.".strip(), site.brought.span)
    )


def _addable() -> str:
    return "add to one of " + ", ".join(sorted(f"{section}.<name>.{key}".rstrip(".") for section, key in ADDABLE))


def _text(site: Site) -> RawText:
    if not isinstance(site.brought, RawText):
        raise site.refuse("found a list or a mapping", "the verb brings one value", "write one value")
    return site.brought


def _texts(site: Site) -> tuple[RawText, ...]:
    return _items(site.brought)


def _items(raw: Raw | None) -> tuple[RawText, ...]:
    items = raw.items if isinstance(raw, RawList) else (raw,)
    return tuple(item for item in items if isinstance(item, RawText))


def _length(raw: RawText, site: Site) -> Length:
    try:
        return Length.parse(raw.text)
    except NotALength as error:
        raise site.refuse(
            f'found "{raw.text}"', "it is no length of time", "write 10 working days or the like"
        ) from error


VERBS: Mapping[str, Verb] = MappingProxyType(
    {
        "add": add,
        "and_also": and_also,
        "shorten_to": shorten_to,
        "lengthen_to": lengthen_to,
        "rename_to": rename_to,
        "replace_text": replace_text,
        "set": set_,
        "replace_body": replace_body,
    }
)
