"""The request as the pages know it: with an id, and after a guard with the person who asks."""

from django.http import HttpRequest

from portal.access.actor import Actor
from portal.landlords.models import Landlord


class PortalRequest(HttpRequest):
    """`actor` and `landlord` are there once a guard has let the request in."""

    actor: Actor
    landlord: Landlord | None
    request_id: str
