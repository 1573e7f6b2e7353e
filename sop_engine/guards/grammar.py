"""The grammar of guards: from the words a policy officer writes to the typed tree, with a place for every node.

The parser cannot know which names exist; what ``a.b`` stands for is settled by the type checker (``types.py``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from sop_engine.guards.tree import (
    KEY,
    Always,
    And,
    Answered,
    Compare,
    Comparison,
    DeadlineIs,
    FactIs,
    Guard,
    Includes,
    InstancesIn,
    KeyIs,
    Not,
    Or,
    PanelIs,
    Quantity,
    QuestionRef,
    Rows,
    Span,
    StateIn,
    ValueIn,
)
from sop_engine.guards.written import from_json, to_json, to_text

__all__ = ["GuardSyntaxError", "from_json", "parse", "to_json", "to_text"]

# Keywords are told from names by where they stand (a contextual lexer): ``x is no`` and ``no row of …`` both read well.
GRAMMAR = r"""
?start: any_of
?any_of: all_of ("or" all_of)*
?all_of: one ("and" one)*
?one: "not" one                                      -> negated
    | "(" any_of ")"
    | path                                           -> bare
    | LATEST? path test                              -> tested
    | LATEST? "answered" LATEST? path                -> answered
    | quantity _row "of" LATEST? path "(" any_of ")"  -> rows
    | all_some_no WORD "of" keys membership          -> instances
    | "deadline" path membership                     -> deadline
    | "panel" path WORD membership                   -> panel
?test: membership
     | OPERATOR value                                -> compare
     | "includes" value                              -> includes
     | "includes" "any" "of" list                    -> includes
?membership: "is" value                              -> among
     | "in" list                                     -> among
     | "is" "not" value                              -> not_among
     | "not" "in" list                               -> not_among
?quantity: all_some_no | "at" "least" WORD
!all_some_no: "every" | "some" | "no"
_row: "row" | "rows"
keys: "any" | value | list
list: "[" value ("," value)* "]"
value: WORD | NEGATIVE
path: WORD ("." WORD)*

LATEST: "latest"
OPERATOR: "<=" | ">=" | "<" | ">"
WORD: /[A-Za-z0-9_][A-Za-z0-9_-]*/
NEGATIVE: /-[0-9]+/
%ignore /\s+/
"""


class GuardSyntaxError(ValueError):
    """A guard does not follow the grammar; the message says where, what was found and what to write instead."""

    def __init__(self, span: Span, problem: str) -> None:
        super().__init__(f"{span}: {problem}" if span.file else problem)
        self.span = span
        self.problem = problem


def parse(text: str, *, at: Span) -> Guard:
    """Read one guard. ``at`` is the place of the text's first letter in its file. Raises GuardSyntaxError."""
    try:
        tree = _parser().parse(text)
    except UnexpectedInput as error:
        raise _explained(error, text, at) from None
    return _Builder(text, at).build(tree, in_row=False)


@lru_cache(maxsize=1)
def _parser() -> Lark:
    return Lark(GRAMMAR, parser="lalr", propagate_positions=True, maybe_placeholders=False)


def _span(text: str, offset: int, at: Span) -> Span:
    lines = text.count("\n", 0, offset)
    if lines:
        return Span(at.file, at.line + lines, offset - text.rfind("\n", 0, offset))
    return Span(at.file, at.line, at.column + offset)


_Part = Tree[Token]
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_RESERVED = frozenset({"and", "or", "not", "in", "is", "includes", "always"})
_INTEGER = re.compile(r"0|-?[1-9][0-9]*")


@dataclass(frozen=True, slots=True)
class _Builder:
    """Turns lark's tree into ours, from the top down, since inside a row test a bare name is a column."""

    text: str
    at: Span

    def span(self, tree: _Part) -> Span:
        return _span(self.text, tree.meta.start_pos, self.at)

    def refused(self, tree: _Part, problem: str) -> GuardSyntaxError:
        return GuardSyntaxError(self.span(tree), problem)

    def build(self, tree: _Part, *, in_row: bool) -> Guard:
        span = self.span(tree)
        parts = [child for child in tree.children if isinstance(child, Tree)]
        is_latest = any(isinstance(child, Token) and child.type == "LATEST" for child in tree.children)
        match tree.data:
            case "any_of":
                return Or(tuple(self.build(part, in_row=in_row) for part in parts), span=span)
            case "all_of":
                return And(tuple(self.build(part, in_row=in_row) for part in parts), span=span)
            case "negated":
                return Not(self.build(parts[0], in_row=in_row), span=span)
            case "bare":
                return self.bare(parts[0])
            case "answered":
                return Answered(self.question(parts[0], is_latest=is_latest), span=span)
            case "rows":
                return self.rows(tree, is_latest=is_latest)
            case "instances":
                return self.instances(tree)
            case "deadline":
                machine, deadline = self.one_or_two(parts[0])
                return self.tested(DeadlineIs(machine, deadline, self.words(parts[1]), span=span), parts[1])
            case "panel":
                machine, panel = self.one_or_two(parts[0])
                item = self.name(tree, cast(Token, tree.children[1]))
                return self.tested(PanelIs(machine, panel, item, self.words(parts[1]), span=span), parts[1])
        path, test = parts
        if self.asks_the_key(path) and test.data in ("among", "not_among") and not in_row:
            if is_latest:
                raise self.refused(tree, "“latest” stands before a question, and a key never changes.")
            machine_name = self.names(path)[0] if len(path.children) == 2 else None
            return self.tested(KeyIs(machine_name, self.words(test), span=span), test)
        if len(path.children) == 1 and test.data in ("among", "not_among") and not in_row:
            if is_latest:
                raise self.refused(tree, "“latest” stands before a question, written step.question.")
            machine = self.names(path)[0]
            return self.tested(StateIn(machine, self.words(test), span=span), test)
        question = self.question(path, is_latest=is_latest)
        match test.data:
            case "compare":
                operator, number = test.children
                return Compare(question, cast(Comparison, str(operator)), self.number(cast(_Part, number)), span=span)
            case "includes":
                return Includes(question, self.words(test), span=span)
        return self.tested(ValueIn(question, self.values(test), span=span), test)

    def asks_the_key(self, path: _Part) -> bool:
        """Say whether a path is ``key``, or ``machine.key`` as the type checker writes it."""
        words = self.words(path)
        return len(words) <= 2 and words[-1] == KEY

    def tested(self, positive: Guard, test: _Part) -> Guard:
        return Not(positive, span=positive.span) if test.data == "not_among" else positive

    def bare(self, path: _Part) -> Guard:
        if self.words(path) == ("always",):
            return Always(span=self.span(path))
        names = self.names(path)
        if len(names) > 2:
            written = ".".join(names)
            raise self.refused(
                path, f"“{written}” is a question: say what is asked of it, for example “{written} is yes”."
            )
        return FactIs(names[0] if len(names) == 2 else None, names[-1], span=self.span(path))

    def rows(self, tree: _Part, *, is_latest: bool) -> Guard:
        path, test = cast(list[_Part], tree.children[-2:])
        table, inner = self.question(path, is_latest=is_latest), self.build(test, in_row=True)
        first = tree.children[0]
        if isinstance(first, Tree):
            return Rows(cast(Quantity, str(first.children[0])), table, inner, span=self.span(tree))
        number = str(first if first.type == "WORD" else tree.children[1])
        if not _INTEGER.fullmatch(number) or number == "0":
            raise self.refused(
                tree, f"found “{number}”; write a whole number of rows, for example “at least 2 rows of”."
            )
        return Rows("at_least", table, inner, int(number), span=self.span(tree))

    def instances(self, tree: _Part) -> Guard:
        quantity, machine, keys, test = tree.children
        span = self.span(tree)
        quantifier = str(cast(_Part, quantity).children[0])
        found = self.name(tree, cast(Token, machine)), self.words(cast(_Part, keys)), self.words(cast(_Part, test))
        if cast(_Part, test).data == "among":
            return InstancesIn(cast(Quantity, quantifier), *found, span=span)  # type: ignore[arg-type]
        # “every … not in S” says that none is in S; “some … not in S” that not every one is.
        match quantifier:
            case "every":
                return InstancesIn("no", *found, span=span)
            case "no":
                return InstancesIn("every", *found, span=span)
        return Not(InstancesIn("every", *found, span=span), span=span)

    def question(self, path: _Part, *, is_latest: bool) -> QuestionRef:
        names = self.names(path)
        if len(names) > 3:
            raise self.refused(
                path, f"“{'.'.join(names)}” has too many dots; write step.question or machine.step.question."
            )
        if is_latest and len(names) == 1:
            raise self.refused(path, "“latest” stands before a question, written step.question.")
        machine = names[0] if len(names) == 3 else None
        step = names[-2] if len(names) > 1 else ""
        return QuestionRef(machine, step, names[-1], is_latest)

    def one_or_two(self, path: _Part) -> tuple[str | None, str]:
        names = self.names(path)
        if len(names) > 2:
            raise self.refused(path, f"“{'.'.join(names)}” has too many dots; write the name, or machine.name.")
        return (names[0] if len(names) == 2 else None), names[-1]

    def names(self, path: _Part) -> list[str]:
        return [self.name(path, cast(Token, child)) for child in path.children]

    def name(self, tree: _Part, token: Token) -> str:
        if token in _RESERVED:
            raise self.refused(tree, f"“{token}” stands where a name is expected; it is a word of the language.")
        if not _NAME.fullmatch(token):
            raise self.refused(
                tree, f"“{token}” is not a name; names are small letters, digits and _, and start with a letter."
            )
        return str(token)

    def words(self, tree: _Part) -> tuple[str, ...]:
        return tuple(str(token) for token in tree.scan_values(lambda _: True))

    def values(self, tree: _Part) -> tuple[str | int, ...]:
        return tuple(int(word) if _INTEGER.fullmatch(word) else word for word in self.words(tree))

    def number(self, tree: _Part) -> int:
        (word,) = self.words(tree)
        if not _INTEGER.fullmatch(word):
            raise self.refused(tree, f"found “{word}” where a whole number is needed: only numbers are compared.")
        return int(word)


# What an author from another language is likely to write, and what it is called here.
_OTHER_SPELLINGS = {
    "=": "is",
    "==": "is",
    "!=": "is not",
    "&": "and",
    "&&": "and",
    "|": "or",
    "||": "or",
    "!": "not",
}
_PLAIN_WORDS = {
    "WORD": "a name or a value",
    "NEGATIVE": "a number",
    "OPERATOR": "<, <=, > or >=",
    "LPAR": "“(”",
    "RPAR": "“)”",
    "LSQB": "a list in square brackets",
    "RSQB": "“]”",
    "COMMA": "“,”",
    "DOT": "“.”",
    "$END": "the end",
}


def _explained(error: UnexpectedInput, text: str, at: Span) -> GuardSyntaxError:
    if not text.strip():
        return GuardSyntaxError(at, "the guard is empty; leave the key out if it is always true.")
    expected: set[str] = set()
    offset, found = len(text.rstrip()), "the end"
    if isinstance(error, UnexpectedCharacters):
        offset, expected = cast(int, error.pos_in_stream), set(error.allowed or ())
        found = re.match(r"[^\w\s()\[\],.]+|.", text[offset:], re.DOTALL)[0]  # type: ignore[index]
    elif isinstance(error, UnexpectedToken):
        expected = set(error.accepts or error.expected)
        if error.token.type != "$END":
            offset, found = error.token.start_pos or 0, str(error.token)
    span = _span(text, offset, at)
    instead = _OTHER_SPELLINGS.get(found) or (found.lower() if found in ("AND", "OR", "NOT", "IN", "IS") else None)
    if instead:
        return GuardSyntaxError(span, f"found “{found}”; write “{instead}”.")
    words = sorted({_PLAIN_WORDS.get(name, f"“{name.lower()}”") for name in expected})
    shown = "the end" if found == "the end" else f"“{found}”"
    return GuardSyntaxError(span, f"found {shown} where one of these is expected: {', '.join(words)}.")
