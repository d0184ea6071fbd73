"""Which cases the filters leave that both areas have: one rule for each, by the name of its field."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q

from portal.lib import pasted

NOBODY = "nobody"
NARROWINGS: dict[str, Callable[[Any], Q]] = {
    "reference": lambda value: Q(reference__contains=pasted.reference(value)),
    "status": lambda value: Q(status=value),
    "team": lambda value: Q(team=value),
    "owner": lambda value: Q(owner_id__isnull=True) if value == NOBODY else Q(owner_id=int(value)),
}
