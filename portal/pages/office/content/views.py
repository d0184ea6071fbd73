"""The portal team's pages for what it may change without a programmer (C26, D13): words, each with its shipped default."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.access.levels import Level
from portal.access.permissions import Permission
from portal.cases.statuses import Status
from portal.content import actions, catalogue, words
from portal.content.catalogue import GROUPS, Form
from portal.content.defaults import DEFAULTS
from portal.content.models import Wording
from portal.lib.errors import RuleBroken
from portal.lib.routes import address
from portal.pages.design.fields import ReplacingForm, TypedText, add_rule, long_text
from portal.pages.drafting import drafted
from portal.pages.guards import PortalRequest, may
from portal.pages.shared.page import page
from portal.pages.shared.writing.answers import done, refused, tried
from portal.tasks.models import TaskKind
from portal.teams.models import Team

# What code names and content explains: the name on the page of the word.
NAMES: dict[str, str] = (
    {f"status.{status.value}": str(status.label) for status in Status}
    | {f"team.{team.value}": str(team.label) for team in Team}
    | {f"{prefix}.{kind.value}": str(kind.label) for kind in TaskKind for prefix in ("task", "task-titles")}
    | {f"restriction.{level.value}": level.label for level in Level}
)
PARTS = (
    ("Words", "office:content"),
    ("Document categories", "office:categories"),
    ("Calendar", "office:calendar"),
)


class WordsForm(ReplacingForm):
    """The words in the form of their kind."""

    text = TypedText(label="Words", required=False)

    def __init__(self, *args: Any, kind: Form, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hint = "One title in each line" if kind is Form.LIST else "A whole address, beginning with https://"
        if kind in {Form.PROSE, Form.LIST}:
            self.fields["text"] = long_text("Words", limit=kind.value, hint=hint if kind is Form.LIST else "")
        elif kind is Form.LINK:
            self.fields["text"].help_text = hint


def name_of(key: str) -> str:
    return NAMES.get(key) or catalogue.label_of(key)


def parts(current: str) -> list[dict[str, Any]]:
    return [{"text": text, "href": address(name), "current": text == current} for text, name in PARTS]


@may(Permission.EDIT_CONTENT)
@require_safe
def content(request: PortalRequest) -> HttpResponse:
    """Every word by its group, with who changed it."""
    changed = {row.key: row for row in Wording.objects.exclude(changed_by_name="")}
    groups = [(group, [_row(key, changed.get(key)) for key in catalogue.keys_of(group)]) for group in GROUPS]
    return page(request, "office/content.html", {"groups": groups, "parts": parts("Words")})


def _row(key: str, changed: Wording | None) -> dict[str, Any]:
    return {"key": key, "name": name_of(key), "text": words.words(key), "changed": changed}


@may(Permission.EDIT_CONTENT)
@require_http_methods(["GET", "HEAD", "POST"])
@drafted("text", called="Words of the portal")
def content_words(request: PortalRequest, word: str) -> HttpResponse:
    """One word: shipped, present, changed; looked at before it is saved."""
    kind, row = _kind(word), Wording.objects.filter(key=word).first()
    now = row.text if row and row.text else DEFAULTS[word]
    seen = actions.words_token(word, now)
    form, preview = WordsForm(request.POST or None, kind=kind, initial={"text": now, "seen": seen}), ""
    if request.method == "POST" and request.POST.get("do") == "preview":
        preview = _preview(word, form)
    elif request.method == "POST":
        saved = tried(form, lambda: actions.change_words(word, by=request.actor, **form.cleaned_data))
        if saved is not None:
            return done(request, f"Saved: {name_of(word)}.", redirect("office:content_words", word))
    context = {
        "form": form,
        "word": word,
        "word_name": name_of(word),
        "shipped": DEFAULTS[word],
        "now": now,
        "seen": seen,
        "is_shipped": now == DEFAULTS[word],
        "row": row if row and row.changed_by_name else None,
        "preview": preview,
        "is_link": kind is Form.LINK,
    }
    return page(request, "office/content_words.html", context, status=400 if form.errors else 200)


def _preview(word: str, form: WordsForm) -> str:
    """As it would be kept; a refusal stands in the form."""
    if not form.is_valid():
        return ""
    try:
        return catalogue.checked(word, form.cleaned_data["text"])
    except RuleBroken as broken:
        add_rule(form, broken)
        return ""


@may(Permission.EDIT_CONTENT)
@require_POST
def content_words_reset(request: PortalRequest, word: str) -> HttpResponse:
    """Back to what was shipped."""
    _kind(word)
    back = redirect("office:content_words", word)
    try:
        actions.reset_words(word, by=request.actor, seen=request.POST.get("seen"))
    except RuleBroken as broken:
        return refused(request, broken, back)
    return done(request, f"Reset to the shipped words: {name_of(word)}.", back)


def _kind(word: str) -> Form:
    """404 for what was never shipped, such as the label of a status."""
    if word not in DEFAULTS:
        raise Http404
    return catalogue.form_of(word)
