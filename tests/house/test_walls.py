"""The walls that imports cannot see: foreign keys lead down, and every table a landlord can see says whose it is."""

import pytest
from django.apps import apps
from django.db.models import ForeignKey, Model

from tests.house.layers import layers

OURS = [model for model in apps.get_models() if model.__module__.startswith("portal.")]

# Tables without landlord_id, each with its reason.
NOBODYS = {
    "audit.AuditRow": "keeps the actor's landlord as a plain value",
    "mail.OutgoingMail": "keeps the landlord as a plain value",
    "files.StoredFile": "bytes; reached only through a document or an upload, which say whose they are",
    "files.Upload": "keeps the landlord as a plain value",
    "content.Wording": "the same words for everybody",
    "content.Category": "the same categories for everybody",
    "content.Closure": "the same days for everybody",
    "accounts.User": "reached only through a landlord's or a team's membership",
    "landlords.Landlord": "is the landlord",
    "teams.StaffMember": "the service's own people",
    "drafts.Draft": "one person's own unsent words, sealed; opened for that person alone",
    "support.Token": "reached only through its ticket, which says whose it is",
    "support.IncomingMail": "mail that nobody has placed yet; the portal team alone reads it",
    "support.Notice": "the same notices for everybody",
}
ACCOUNT_TABLES = "accounts."  # sessions and sign-in counters hang on a person, never on a landlord


def _foreign_keys() -> list[tuple[type[Model], ForeignKey]]:
    return [(m, f) for m in OURS for f in m._meta.get_fields() if isinstance(f, ForeignKey)]


@pytest.mark.parametrize(("model", "field"), _foreign_keys(), ids=lambda x: getattr(x, "__name__", str(x)))
def test_foreign_keys_lead_to_the_same_or_a_lower_floor(model: type[Model], field: ForeignKey) -> None:
    height = layers()
    here, there = model._meta.app_label, field.related_model._meta.app_label
    if there not in height:
        return  # a library's table
    assert height[there] <= height[here], f"{model.__name__}.{field.name} leads up to {there}"
    if here != there:
        assert field.remote_field.related_name == "+", f"{model.__name__}.{field.name} lets {there} reach up"


@pytest.mark.parametrize("model", OURS, ids=lambda m: m.__name__)
def test_every_table_says_whose_it_is(model: type[Model]) -> None:
    label = model._meta.label
    if label in NOBODYS or label.startswith(ACCOUNT_TABLES):
        return
    assert any(f.attname == "landlord_id" for f in model._meta.concrete_fields), f"{label} has no landlord_id"


def test_every_reason_belongs_to_a_table_that_exists() -> None:
    assert set(NOBODYS) <= {model._meta.label for model in OURS}
