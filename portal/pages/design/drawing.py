"""What GOV.UK's macros are given for a Django form field or a page of a list: so that templates stay plain."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.paginator import Page
from django.forms.boundfield import BoundField
from django.http import HttpRequest

from portal.pages.design import wording
from portal.pages.design.fields import PARTS, DateParts, FilesInput, parts_of

Parameters = dict[str, Any]
KINDS: list[tuple[type[forms.Widget], str]] = [
    (DateParts, "date"),
    (forms.HiddenInput, "hidden"),
    (forms.PasswordInput, "password"),
    (forms.Textarea, "textarea"),
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.Select, "select"),
    (forms.CheckboxInput, "checkbox"),
    (forms.FileInput, "file"),
]
OWN_PARAMETERS = ("autocomplete", "inputmode", "spellcheck", "rows", "class", "id")


def field_kind(bound: BoundField) -> str:
    """Which macro draws the field."""
    return next((kind for widget, kind in KINDS if isinstance(bound.field.widget, widget)), "text")


def _label(bound: BoundField) -> str:
    """Fields that may be left empty say so, in a form where others may not."""
    needs_something = any(field.required for field in bound.form.fields.values())
    optional = needs_something and not bound.field.required and "optional" not in str(bound.label)
    return f"{bound.label} (optional)" if optional else str(bound.label)


def _common(bound: BoundField, options: Parameters) -> Parameters:
    error = first_error(bound)
    hint = options.get("hint", bound.help_text)
    return {
        "id": bound.auto_id or bound.html_name,
        "idPrefix": bound.auto_id or bound.html_name,
        "name": bound.html_name,
        "hint": {"text": hint} if hint else None,
        "errorMessage": {"text": error} if error else None,
        "formGroup": {"classes": options.get("group", "")},
    }


def _heading(bound: BoundField, options: Parameters, kind: str) -> Parameters:
    size = options.get("size") or ("l" if options.get("heading") else "")
    classes = options.get("label_class") or (f"govuk-{kind}--{size}" if size else "")
    return {
        "text": options.get("label") or _label(bound),
        "classes": classes,
        "isPageHeading": bool(options.get("heading")),
    }


def _attributes(attrs: dict[str, Any]) -> Parameters:
    kept = {name: value for name, value in attrs.items() if name not in OWN_PARAMETERS and value not in (None, False)}
    return {name: {"value": value, "optional": True} for name, value in kept.items()}


def _classes(bound: BoundField, options: Parameters) -> str:
    width = f"govuk-input--width-{options['width']}" if options.get("width") else ""
    return " ".join(filter(None, [width, options.get("classes", ""), str(bound.field.widget.attrs.get("class", ""))]))


def input_parameters(bound: BoundField, options: Parameters) -> Parameters:
    """For text, e-mail, password, textarea and file."""
    widget = bound.field.widget
    attrs = bound.build_widget_attrs(dict(widget.attrs))
    maxlength = attrs.pop(
        "maxlength", None
    )  # the count says it and the form checks it; cutting off pasted text would lose it
    attrs.pop("required", None)  # the form says what is missing in our words
    attrs.pop("aria-describedby", None)
    attrs.pop("aria-invalid", None)
    if isinstance(widget, FilesInput):
        attrs["multiple"] = True
    return _common(bound, options) | {
        "label": _heading(bound, options, "label"),
        "value": _value(bound),
        "type": getattr(widget, "input_type", "text"),
        "classes": _classes(bound, options),
        "rows": options.get("rows") or attrs.get("rows", 5),
        "maxlength": maxlength,
        "textareaDescriptionText": f"You can enter up to {int(maxlength):,} characters" if maxlength else None,
        "threshold": options.get("threshold", 0),
        "autocomplete": attrs.get("autocomplete"),
        "inputmode": attrs.get("inputmode"),
        "spellcheck": False if isinstance(widget, forms.EmailInput) else attrs.get("spellcheck"),
        "attributes": _attributes(attrs),
    }


def _value(bound: BoundField) -> object:
    widget = bound.field.widget
    if isinstance(widget, (forms.PasswordInput, forms.FileInput)):
        return ""  # a secret is never sent back, and a browser takes no file from a page
    value = widget.format_value(bound.value())
    return "" if value is None else value


def date_parameters(bound: BoundField, options: Parameters) -> Parameters:
    """Three inputs; those that the error names are marked."""
    typed = parts_of(bound.value())
    marked = bound.errors.as_data()[0].code or "" if bound.errors else ""
    named = [part for part in PARTS if part in marked] or (list(PARTS) if bound.errors else [])
    common = _common(bound, options)
    items = [
        {
            "name": f"{bound.html_name}-{part}",
            "id": f"{common['id']}-{part}",
            "label": part.capitalize(),
            "value": typed[part],
            "classes": f"govuk-input--width-{4 if part == 'year' else 2}" + " govuk-input--error" * (part in named),
        }
        for part in PARTS
    ]
    return common | {"items": items, "fieldset": {"legend": _heading(bound, options, "fieldset__legend")}}


def choice_parameters(bound: BoundField, options: Parameters) -> Parameters:
    """For select, radios and checkboxes; option groups are flattened. `hints` says more of single choices, by value."""
    chosen = bound.value()
    values = {str(value) for value in (chosen if isinstance(chosen, (list, tuple)) else [chosen])}
    items = [
        {"value": str(value), "text": str(text), "selected": str(value) in values, "checked": str(value) in values}
        for value, text in _flat(bound.field.widget.choices)
    ]
    if field_kind(bound) != "select":
        hints = options.get("hints", {})
        items = [item | _hinted(hints.get(item["value"])) for item in items if item["value"]]
        return _common(bound, options) | {
            "items": items,
            "fieldset": {"legend": _heading(bound, options, "fieldset__legend")},
            "classes": options.get("classes", ""),
        }
    return _common(bound, options) | {
        "items": items,
        "label": _heading(bound, options, "label"),
        "classes": _classes(bound, options),
        "attributes": _attributes(dict(bound.field.widget.attrs)),
    }


def _hinted(hint: str | None) -> Parameters:
    return {"hint": {"text": hint}} if hint else {}


def _flat(choices: Any) -> list[tuple[object, object]]:
    found: list[tuple[object, object]] = []
    for value, text in choices:
        found.extend(text if isinstance(text, (list, tuple)) else [(value, text)])
    return [(("" if value is None else value), text) for value, text in found]


def checkbox_parameters(bound: BoundField, options: Parameters) -> Parameters:
    """One box with its own label and hint."""
    common = _common(bound, options)
    box = {
        "value": "on",
        "text": options.get("label") or str(bound.label),
        "checked": bool(bound.value()),
        "hint": common["hint"],
    }
    return common | {"items": [box | {"id": common["id"]}], "hint": None, "classes": options.get("classes", "")}


def error_links(forms_shown: list[forms.BaseForm]) -> list[dict[str, str | None]]:
    """Every error of the forms with the input it belongs to, in the order of the page; the form's own errors first."""
    links: list[dict[str, str | None]] = []
    for form in forms_shown:
        links += [{"text": str(error), "href": None} for error in form.non_field_errors()]
        links += [{"text": first_error(bound), "href": f"#{first_input(bound)}"} for bound in form if bound.errors]
    return links


def first_error(bound: BoundField) -> str:
    """The words beside the field; Django's own stock phrases are replaced by ones that name the field."""
    if not bound.errors:
        return ""
    error, words = bound.errors.as_data()[0], str(bound.errors[0])
    return wording.plain_error(
        str(bound.label), error.code or "", words, field_kind(bound), getattr(bound.field, "max_length", None)
    )


def first_input(bound: BoundField) -> str:
    """The id that a link in the error summary leads to."""
    own = bound.auto_id or bound.html_name
    if not isinstance(bound.field.widget, DateParts):
        return own
    code = bound.errors.as_data()[0].code or "" if bound.errors else ""
    return f"{own}-{next((part for part in PARTS if part in code), 'day')}"


def page_links(page: Page[Any], request: HttpRequest, name: str = "page") -> Parameters:
    """The links of a paginated list; every filter in the address is kept."""

    def href(number: int) -> str:
        query = request.GET.copy()
        query[name] = str(number)
        return f"?{urlencode(list(_pairs(query)))}"

    shown = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    items = [
        {"number": number, "href": href(number), "current": number == page.number}
        if isinstance(number, int)
        else {"ellipsis": True}
        for number in shown
    ]
    return {
        "items": items,
        "previous": {"href": href(page.previous_page_number())} if page.has_previous() else None,
        "next": {"href": href(page.next_page_number())} if page.has_next() else None,
    }


def _pairs(query: Any) -> list[tuple[str, str]]:
    return [(key, value) for key, values in query.lists() for value in values]
