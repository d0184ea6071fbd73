"""Saving, renaming, sharing and deleting a filter: at most 20 a person, a name once for each list (B9).

A person's filters are changed under that person's lock, so that two requests at one moment keep both rules.
"""

from django.db import transaction

from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.accounts.models import User
from portal.audit import trail
from portal.filters.models import NAME_LIMIT, QUERY_LIMIT, List, SavedFilter
from portal.lib import clock
from portal.lib.errors import NotAllowed, RuleBroken
from portal.lib.typed import one_line, required

MOST_OF_ONE_PERSON = 20
NO_NAME = "Enter a name for the filter."


class NameTaken(RuleBroken):
    """The person has a filter of this name on this list. They are asked whether to replace it."""


def lists_of(actor: Actor) -> tuple[List, ...]:
    """The lists that the actor has, and whose filters they can save."""
    if actor.is_landlord:
        seen = actor.may(Permission.LANDLORD_SEE_CASES)
        return (List.OPEN_CASES, List.CLOSED_CASES, List.ALL_CASES, List.TASKS) if seen else ()
    return (List.SERVICE_CASES,) if actor.may(Permission.SEE_CASES) else ()


def may_share(actor: Actor, saved: SavedFilter | None = None) -> bool:
    """The landlord's people who may do something share with each other; the service's people share nothing. Who may not
    leaves a filter that is shared as it was: with a restriction one can still take it back."""
    return (actor.is_landlord and actor.may(Permission.LANDLORD_WORK_CASES)) or (saved is not None and saved.is_shared)


@transaction.atomic
def save_filter(
    of: List, *, name: str, query: str, is_shared: bool = False, replacing: str = "", by: Actor
) -> SavedFilter:
    """Keeps what stands in a list's address. `replacing` is the name about which the person said: replace it."""
    if of not in lists_of(by):
        raise NotAllowed("You have no such list.")
    name, query = _name(name), _query(query)
    _lock(by)
    former = _of_name(of, name, by=by)
    if former and one_line(replacing).casefold() != former.name.casefold():
        raise NameTaken(
            f"You have a filter called “{former.name}” already. Replace it, or choose another name.", field="name"
        )
    if not former:
        _require_room(by)
    saved = former or SavedFilter(user_id=by.user_id, landlord_id=by.landlord_id, list=of)
    saved.name, saved.query, saved.saved_at = name, query, clock.now()
    saved.is_shared = is_shared and may_share(by, saved)
    saved.save()
    trail.record(by, "filter saved", saved, name=name, list=of.value, shared=saved.is_shared)
    return saved


@transaction.atomic
def change_filter(filter_id: int, *, name: str, is_shared: bool = False, by: Actor) -> SavedFilter:
    """Another name for one's own filter, shared or no longer. Raises SavedFilter.DoesNotExist for anybody else's."""
    name = _name(name)
    _lock(by)
    saved = SavedFilter.objects.visible_to(by).of(by).get(pk=filter_id)
    other = _of_name(List(saved.list), name, by=by)
    if other and other.pk != saved.pk:
        raise NameTaken(
            f"You have another filter called “{other.name}” on this list. Choose another name.", field="name"
        )
    saved.name, saved.is_shared = name, is_shared and may_share(by, saved)
    saved.save(update_fields=["name", "name_sort_key", "is_shared"])
    trail.record(by, "filter changed", saved, name=name, list=saved.list, shared=saved.is_shared)
    return saved


@transaction.atomic
def delete_filter(filter_id: int, *, by: Actor) -> SavedFilter:
    """One's own, or as the administrator one that a colleague shares. Raises SavedFilter.DoesNotExist for others."""
    saved = SavedFilter.objects.deletable_by(by).select_for_update().get(pk=filter_id)
    trail.record(by, "filter deleted", saved, name=saved.name, list=saved.list, shared=saved.is_shared)
    SavedFilter.objects.filter(pk=saved.pk).delete()
    return saved


def _lock(by: Actor) -> None:
    """One person's filters are changed one after the other."""
    User.objects.select_for_update().get(pk=by.user_id)


def _of_name(of: List, name: str, *, by: Actor) -> SavedFilter | None:
    """The person's filter of that name, whatever its capitals: compared here, as databases know few letters."""
    theirs = SavedFilter.objects.of(by).filter(list=of)
    return next((one for one in theirs if one.name.casefold() == name.casefold()), None)


def _require_room(by: Actor) -> None:
    if SavedFilter.objects.of(by).count() >= MOST_OF_ONE_PERSON:
        raise RuleBroken(
            f"You have {MOST_OF_ONE_PERSON} saved filters, which is the most. Delete one that you no longer need, "
            "or save this one under the name of another."
        )


def _name(text: str) -> str:
    name = required(one_line(text), NO_NAME, field="name", limit=NAME_LIMIT)
    if not any(character.isalnum() for character in name):
        raise RuleBroken("The name must have at least one letter or number.", field="name")
    if not name.isprintable():
        raise RuleBroken("The name has characters in it that cannot be seen. Type it again.", field="name")
    return name


def _query(query: str) -> str:
    if not query:
        raise RuleBroken("There is no filter to save. Choose what to filter by first.")
    if len(query) > QUERY_LIMIT or not query.isascii() or not query.isprintable():
        raise RuleBroken("This filter is too long to be saved. Use shorter words in it.")
    return query
