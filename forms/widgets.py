"""How each field looks: the components of govuk-frontend-wtf, and ours in their manner where they have none.

A widget hands values to a template and never builds markup itself. Nothing is marked as chosen that nobody chose.
"""

from __future__ import annotations

from typing import Any

from flask import render_template
from govuk_frontend_wtf.gov_form_base import GovFormBase
from markupsafe import Markup

# What people write may run from right to left.
_ANY_DIRECTION = {"dir": "auto"}


class QuestionWidget(GovFormBase):  # type: ignore[misc]
    """Shared by all: label or legend, hint, error, and the words that may stand instead of an answer."""

    template = ""

    def __call__(self, field: Any, **_ignored: Any) -> Markup:
        main = Markup(render_template(self.template, params=self.params(field), field=field, words=field.words))  # noqa: S704
        beside = field.beside and field.question.may_be
        if not beside:
            return main
        from forms.fields import absence

        choices = [(code, absence(code, field.words), code in field.given) for code in field.question.may_be]
        return Markup(  # noqa: S704
            render_template("forms/instead.html", main=main, field=field, choices=choices, words=field.words)
        )

    def params(self, field: Any) -> dict[str, Any]:
        raise NotImplementedError

    def common(self, field: Any) -> dict[str, Any]:
        params: dict[str, Any] = {"id": field.id, "name": field.name, "attributes": {}}
        if field.description:
            params["hint"] = {"text": field.description}
        if field.errors:
            params["errorMessage"] = {"text": field.errors[0], "visuallyHiddenText": field.words("Error")}
        return params

    def label(self, field: Any, kind: str) -> dict[str, Any]:
        size = "l" if field.is_heading else "s"
        text = label_text(field)
        return {"text": text, "classes": f"govuk-{kind}--{size}", "isPageHeading": field.is_heading}

    def labelled(self, field: Any) -> dict[str, Any]:
        return {**self.common(field), "label": self.label(field, "label")}

    def legended(self, field: Any) -> dict[str, Any]:
        return {
            **self.common(field),
            "idPrefix": field.id,
            "fieldset": {"legend": self.label(field, "fieldset__legend")},
        }


def label_text(field: Any) -> str:
    """Return the question, with the word “optional” behind it where it may be left out."""
    question = field.question
    if question.required or question.required_when is not None:
        return str(question.ask)
    optional = field.words("optional")
    return f"{question.ask} ({optional})"


class TextInput(QuestionWidget):
    template = "govuk_frontend_wtf/input.html"

    def params(self, field: Any) -> dict[str, Any]:
        return {**self.labelled(field), "value": field.value, "attributes": _ANY_DIRECTION, "autocomplete": "off"}


class NumberInput(QuestionWidget):
    template = "govuk_frontend_wtf/input.html"

    def params(self, field: Any) -> dict[str, Any]:
        return {
            **self.labelled(field),
            "value": field.value,
            "inputmode": "numeric",
            "classes": "govuk-input--width-5",
            "autocomplete": "off",
        }


class TextArea(QuestionWidget):
    template = "govuk_frontend_wtf/charactercount.html"

    def params(self, field: Any) -> dict[str, Any]:
        words = field.words
        return {
            **self.labelled(field),
            "value": field.value,
            "rows": 3 if field.in_table else 6,
            "maxlength": field.question.max_length,
            "threshold": 75,
            "attributes": _ANY_DIRECTION,
            "textareaDescriptionText": words("You can enter up to %{count} characters"),
            "charactersUnderLimitText": {
                "one": words("You have %{count} character remaining"),
                "other": words("You have %{count} characters remaining"),
            },
            "charactersAtLimitText": words("You have 0 characters remaining"),
            "charactersOverLimitText": {
                "one": words("You have %{count} character too many"),
                "other": words("You have %{count} characters too many"),
            },
        }


class Radios(QuestionWidget):
    template = "govuk_frontend_wtf/radios.html"

    def params(self, field: Any) -> dict[str, Any]:
        items: list[dict[str, Any]] = [_item(*option) for option in field.options()]
        others = [_item(*option) for option in field.other_options()]
        if others:
            items += [{"divider": field.words("or")}, *others]
        classes = []
        if len(items) == 2 and field.question.answer == "yes_no":
            classes.append("govuk-radios--inline")
        if field.in_table:
            classes.append("govuk-radios--small")
        return {**self.legended(field), "items": items, "classes": " ".join(classes)}


class Checkboxes(QuestionWidget):
    template = "govuk_frontend_wtf/checkboxes.html"

    def params(self, field: Any) -> dict[str, Any]:
        items: list[dict[str, Any]] = []
        for code, label, chosen in field.options():
            item = _item(code, label, chosen)
            if code == "none":
                item["behaviour"] = "exclusive"
            items.append(item)
        others = [{**_item(*option), "behaviour": "exclusive"} for option in field.other_options()]
        if others:
            items += [{"divider": field.words("or")}, *others]
        classes = "govuk-checkboxes--small" if field.in_table or len(items) > 12 else ""
        return {**self.legended(field), "items": items, "classes": classes}


class Select(QuestionWidget):
    template = "govuk_frontend_wtf/select.html"

    def params(self, field: Any) -> dict[str, Any]:
        items: list[dict[str, Any]] = [
            {"value": "", "text": field.words("Select an answer"), "selected": not field.value}
        ]
        items += [_chosen(*option) for option in field.options()]
        items += [_chosen(*option) for option in field.other_options()]
        return {**self.labelled(field), "items": items, "classes": "app-select"}


class SelectRows(QuestionWidget):
    template = "forms/select_rows.html"

    def params(self, field: Any) -> dict[str, Any]:
        return self.legended(field)


class DateInput(QuestionWidget):
    template = "govuk_frontend_wtf/date.html"

    def params(self, field: Any) -> dict[str, Any]:
        words = field.words
        params = self.legended(field)
        hint = field.description
        if field.question.partial:
            in_part = words("If the day or the month is not known, leave it empty.")
            hint = f"{hint} {in_part}".strip()
        params["hint"] = {"text": hint or words("For example, 27 3 2007.")}
        error = " govuk-input--error" if field.errors else ""
        boxes = (("day", words("Day"), 2), ("month", words("Month"), 2), ("year", words("Year"), 4))
        params["items"] = [
            {
                "name": f"{field.name}-{part}",
                "id": f"{field.id}-{part}",
                "label": label,
                "classes": f"govuk-input--width-{width}{error}",
                "value": getattr(field, part),
            }
            for part, label, width in boxes
        ]
        return params


class MomentInput(DateInput):
    def params(self, field: Any) -> dict[str, Any]:
        words = field.words
        params = super().params(field)
        if not field.description:
            params["hint"] = {"text": words("For example, 27 3 2026 and 14:30, by the clock of this office.")}
        params["items"].append(
            {
                "name": f"{field.name}-time",
                "id": f"{field.id}-time",
                "label": words("Time"),
                "classes": "govuk-input--width-5" + (" govuk-input--error" if field.errors else ""),
                "value": field.time,
                "inputmode": "text",
            }
        )
        return params


class PersonInput(QuestionWidget):
    template = "forms/person.html"

    def params(self, field: Any) -> dict[str, Any]:
        words = field.words
        labels = (words("Name"), words("Relation to the person"), words("How to reach them"))
        error = " govuk-input--error" if field.errors else ""
        return {
            **self.legended(field),
            "inputs": [
                {
                    "id": f"{field.id}-{part}",
                    "name": f"{field.name}-{part}",
                    "label": {"text": label},
                    "value": field.values.get(part, ""),
                    "classes": error.strip() if part == "name" else "",
                    "attributes": _ANY_DIRECTION,
                    "autocomplete": "off",
                }
                for part, label in zip(field.parts, labels, strict=True)
            ],
        }


class FileInput(QuestionWidget):
    template = "forms/file.html"

    def params(self, field: Any) -> dict[str, Any]:
        return {**self.labelled(field), "kept": field.kept}


class Table(QuestionWidget):
    template = "forms/table.html"

    def params(self, field: Any) -> dict[str, Any]:
        return self.legended(field)


def _item(code: str, label: str, chosen: bool) -> dict[str, Any]:
    return {"value": code, "text": label, "checked": chosen}


def _chosen(code: str, label: str, chosen: bool) -> dict[str, Any]:
    return {"value": code, "text": label, "selected": chosen}
