"""Saved filters: whose they are, who shares them, how many there are, and what their names may be."""

import pytest
from django.db import IntegrityError, transaction

from portal.access.levels import Level
from portal.audit.models import AuditRow
from portal.filters import actions
from portal.filters.actions import MOST_OF_ONE_PERSON, NameTaken
from portal.filters.models import List, SavedFilter
from portal.landlords.models import Membership
from portal.lib.errors import NotAllowed, RuleBroken
from portal.restrictions.models import Restriction
from tests.cast import Cast, actor_now

pytestmark = pytest.mark.row("B9")


def save(by, name: str = "Overdue in York", of: List = List.OPEN_CASES, query: str = "deadline=overdue", **given):
    return actions.save_filter(of, name=name, query=query, by=by, **given)


def seen_by(actor) -> set[str]:
    return set(SavedFilter.objects.visible_to(actor).values_list("name", flat=True))


@pytest.mark.row("S1")
def test_a_filter_is_its_persons_own_until_it_is_shared_and_then_the_landlords_alone(cast: Cast) -> None:
    mine = save(cast.amina)
    assert seen_by(cast.amina) == {"Overdue in York"}
    for other in ("ben", "ike", "carys", "dev", "gwen", "ines", "hana"):
        assert seen_by(cast.actors[other]) == set(), other
    actions.change_filter(mine.pk, name=mine.name, is_shared=True, by=cast.amina)
    for colleague in ("ben", "ike"):
        assert seen_by(cast.actors[colleague]) == {"Overdue in York"}
    for stranger in ("carys", "dev", "gwen", "hana"):
        assert seen_by(cast.actors[stranger]) == set()


@pytest.mark.row("H47")
def test_whoever_changes_landlord_leaves_every_filter_of_the_former_one_behind(cast: Cast) -> None:
    save(cast.amina, "Amina’s", is_shared=True)
    own, shared = save(cast.ben, "Ben’s own"), save(cast.ben, "Ben’s shared", is_shared=True)
    assert seen_by(cast.ben) == {"Amina’s", "Ben’s own", "Ben’s shared"}
    Membership.objects.filter(user_id=cast.ben.user_id).update(landlord=cast.birch)
    moved = actor_now(cast.users["ben"])
    assert seen_by(moved) == set()
    for left in (own, shared):
        with pytest.raises(SavedFilter.DoesNotExist):
            actions.change_filter(left.pk, name="Again", by=moved)
        with pytest.raises(SavedFilter.DoesNotExist):
            actions.delete_filter(left.pk, by=moved)
    assert seen_by(cast.amina) == {"Amina’s", "Ben’s shared"}  # the landlord keeps what was shared with it
    assert save(moved, "Ben’s own").landlord_id == cast.birch.pk  # the same name is free at the new landlord
    assert seen_by(cast.carys) == set()


@pytest.mark.row("H44")
@pytest.mark.row("H45")
def test_nobody_changes_another_persons_filter_and_only_the_administrator_deletes_a_shared_one(cast: Cast) -> None:
    shared, own = save(cast.ben, "Shared", is_shared=True), save(cast.ben, "Own")
    for name in ("amina", "ike", "carys", "dev", "gwen"):
        for one in (shared, own):
            with pytest.raises(SavedFilter.DoesNotExist):
                actions.change_filter(one.pk, name="Taken over", by=cast.actors[name])
    for name in ("ike", "carys", "dev", "gwen"):
        with pytest.raises(SavedFilter.DoesNotExist):
            actions.delete_filter(shared.pk, by=cast.actors[name])
    with pytest.raises(SavedFilter.DoesNotExist):
        actions.delete_filter(own.pk, by=cast.amina)
    actions.delete_filter(shared.pk, by=cast.amina)
    actions.delete_filter(own.pk, by=cast.ben)
    assert not SavedFilter.objects.exists()


@pytest.mark.row("H44")
@pytest.mark.parametrize(
    ("who", "of"),
    [
        ("amina", List.SERVICE_CASES),
        ("dev", List.OPEN_CASES),
        ("dev", List.TASKS),
        ("gwen", List.SERVICE_CASES),
        ("ines", List.SERVICE_CASES),
    ],
)
def test_a_filter_is_saved_of_ones_own_lists_only(cast: Cast, who: str, of: List) -> None:
    with pytest.raises(NotAllowed):
        save(cast.actors[who], of=of)


@pytest.mark.row("S8")
@pytest.mark.row("H46")
def test_who_may_only_read_saves_for_themselves_and_shares_nothing(cast: Cast) -> None:
    assert not save(cast.ike, is_shared=True).is_shared
    shared = save(cast.ben, is_shared=True)
    Restriction.objects.update(user=cast.users["ben"])
    reading = actor_now(cast.users["ben"])
    assert actions.change_filter(shared.pk, name="Shared before", is_shared=True, by=reading).is_shared
    assert not actions.change_filter(shared.pk, name="Shared before", by=reading).is_shared
    assert not actions.change_filter(shared.pk, name="Shared before", is_shared=True, by=reading).is_shared
    Restriction.objects.update(level=Level.FULL_BLOCK)
    assert seen_by(actor_now(cast.users["ben"])) == set()


def test_the_service_shares_nothing(cast: Cast) -> None:
    saved = save(cast.dev, of=List.SERVICE_CASES, is_shared=True)
    assert (saved.is_shared, saved.landlord_id) == (False, None)
    assert seen_by(cast.esi) == set()


def test_the_same_name_replaces_only_after_the_person_said_so(cast: Cast) -> None:
    first = save(cast.amina)
    save(cast.ben)  # another person's filter of that name is no hindrance
    save(cast.amina, of=List.TASKS, query="nearness=overdue")  # nor is one of another list
    for replacing in ("", "Another name"):
        with pytest.raises(NameTaken, match="“Overdue in York” already"):
            save(cast.amina, "overdue  in YORK", query="team=triage", replacing=replacing)
    replaced = save(cast.amina, "overdue in YORK", query="team=triage", replacing="overdue in YORK")
    assert (replaced.pk, replaced.name, replaced.query) == (first.pk, "overdue in YORK", "team=triage")
    assert SavedFilter.objects.of(cast.amina).count() == 2
    save(cast.amina, "Überfällig")
    with pytest.raises(NameTaken):
        save(cast.amina, "ÜBERFÄLLIG")


def test_a_filter_does_not_take_the_name_of_another_by_a_change(cast: Cast) -> None:
    save(cast.amina, "One")
    other = save(cast.amina, "Other")
    with pytest.raises(NameTaken):
        actions.change_filter(other.pk, name="ONE", by=cast.amina)
    assert actions.change_filter(other.pk, name="OTHER", by=cast.amina).name == "OTHER"


def test_a_person_has_twenty_filters_at_most_and_can_replace_one_of_them(cast: Cast) -> None:
    for number in range(MOST_OF_ONE_PERSON):
        save(cast.amina, f"Number {number}")
    with pytest.raises(RuleBroken, match="20 saved filters"):
        save(cast.amina, "One more")
    save(cast.amina, "Number 3", replacing="Number 3")
    save(cast.ben, "One more")
    assert SavedFilter.objects.of(cast.amina).count() == MOST_OF_ONE_PERSON


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "Enter a name"),
        (" \t\n ", "Enter a name"),
        ("\x00\x07", "Enter a name"),
        ("x" * 61, "60 characters or fewer"),
        ("… !", "letter or number"),
        ("Over\u200ddue", "cannot be seen"),
    ],
)
def test_a_name_that_nobody_could_read_is_refused(cast: Cast, name: str, words: str) -> None:
    with pytest.raises(RuleBroken, match=words):
        save(cast.amina, name)


@pytest.mark.parametrize("name", ["x" * 60, "Überfällig – York", "<b>Bold</b>", "5", " two \n lines "])
def test_other_names_are_kept_as_typed_on_one_line(cast: Cast, name: str) -> None:
    assert save(cast.amina, name).name == " ".join(name.split())


def test_a_name_that_turns_what_is_read_round_is_kept_without_that(cast: Cast) -> None:
    assert save(cast.amina, "Over\u202edue\u200b\u200e").name == "Overdue"


@pytest.mark.parametrize("query", ["", "x" * 901, "resident=Żelazna", "a=b\r\nSet-Cookie: c"])
def test_what_is_no_query_of_an_address_is_not_saved(cast: Cast, query: str) -> None:
    with pytest.raises(RuleBroken):
        save(cast.amina, query=query)


def test_the_database_holds_the_rules_too(cast: Cast) -> None:
    row = {"user_id": cast.amina.user_id, "list": List.TASKS, "query": "a=b"}
    at_alder = {**row, "landlord": cast.alder}
    SavedFilter.objects.create(**at_alder, name="One")
    SavedFilter.objects.create(**row, name="One")
    for wrong in ({**at_alder, "name": "ONE"}, {**row, "name": "one"}, {**row, "name": "Two", "is_shared": True}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SavedFilter.objects.create(**wrong)


def test_what_is_done_to_a_filter_is_in_the_audit_trail(cast: Cast) -> None:
    saved = save(cast.amina, is_shared=True)
    actions.change_filter(saved.pk, name="York", by=cast.amina)
    actions.delete_filter(saved.pk, by=cast.amina)
    rows = AuditRow.objects.filter(record="savedfilter", record_id=str(saved.pk)).order_by("id")
    assert [row.verb for row in rows] == ["filter saved", "filter changed", "filter deleted"]
    assert rows[0].details == {"name": "Overdue in York", "list": "open-cases", "shared": True}
