"""What is found, by whom, and from when on: the index lags a round, the wall between landlords never does."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.access.actor import Actor
from portal.access.levels import Level
from portal.cases import actions as cases
from portal.cases.models import Case, DiaryEntry
from portal.documents import actions as documents
from portal.documents.models import Document, Visibility
from portal.files import actions as files
from portal.lib import clock
from portal.messaging import actions as messaging
from portal.restrictions.models import Restriction
from portal.search import keeping
from portal.search.finding import find, narrow, places
from portal.search.holding import listed
from portal.search.kinds import OF_THE_CASE, Kind
from portal.search.models import CaseWords, Entry, Word
from portal.tasks import actions as tasks
from portal.tasks.models import Task
from portal.teams.models import Team
from tests import determination_scene as scene
from tests.cast import Cast, actor_now
from tests.indexed import indexed, indexed_anew
from tests.pages.landlord_rows import close, task_on


def new_case(cast: Cast, number: int, *, resident: str = "Somebody", home: str = "1 New Road, Leeds", **given) -> Case:
    case = cases.create_case(
        by=cast.dev,
        reference=f"2025{number:05d}",
        landlord=given.pop("landlord", cast.alder),
        resident_name=resident,
        resident_address=home,
        team=Team.TRIAGE,
        **given,
    )
    return cases.release_case(case, by=cast.dev)


def found(text: str, by: Actor) -> set[str]:
    """The references of the exact matches."""
    return references(find(text, by).exact)


def nearly(text: str, by: Actor) -> set[str]:
    return references(find(text, by).close)


def references(ids: list[int]) -> set[str]:
    return set(Case.objects.filter(pk__in=ids).values_list("reference", flat=True))


@pytest.fixture
def filled(cast: Cast) -> Cast:
    """Alder's case with one thing of each kind, all told of and indexed."""
    task_on(cast, title="Send the asbestos survey", details="Everything since the kestrel nested.")
    messaging.start_thread(cast.case, subject="Scaffolding", body="The boiler gurgles at night 👍", by=cast.dev)
    sent = files.receive("Wärmeplan_2024.txt", [b"warm\n"], target=documents.target_of(cast.case), by=cast.amina)
    documents.submit_documents(cast.case, categories={sent.pk: "repairs"}, by=cast.amina)
    indexed()
    return cast


ON_THE_CASE = (
    *("202601234", "2026 01234", "01234", "1234", "20260"),
    *("mary", "O'Neil", "o’neil", "neil", "MARY oneil"),
    *("14 mill lane", "LS1 4AB", "ls14ab", "ls1"),
    *("14milllane", "14 milllane", "14MillLane leeds", "maryoneil"),
    *("mould", "bedroom damp"),
    *("asbestos", "kestrel", "scaffold", "gurgles", "boiler night", "👍"),
    *("warmeplan", "Wärmeplan_2024.txt", "2024 txt"),
    *("mary gurgles", "lane asbestos 202601234"),
)
NOT_ON_THE_CASE = (
    "14 mill lane asbestos nowhere",
    "ary",
    "4 mill",
    "4mill",
    "4milllane",
    "mills",
    "quorum",
    "*",
    "%",
    "_",
    "\0",
    "",
)


@pytest.mark.row("S31")
@pytest.mark.row("B18")
def test_a_case_is_found_by_everything_that_stands_on_it_and_by_nothing_else(filled: Cast) -> None:
    for text in ON_THE_CASE:
        assert found(text, filled.amina) == {"202601234"}, text
        assert "202601234" in found(text, filled.dev), text
    for text in NOT_ON_THE_CASE:
        assert found(text, filled.amina) == set(), text


MISTYPED = {
    "Jonse": "Gethin Jones",
    "Gethin Jonse": "Gethin Jones",
    "Wiliams": "Bethan Williams",
    "Sian": "Siân Evans",
    "Siân": "Sian Powell",
    "Muhammed": "Mohammad Iqbal",
    "Kathryn": "Catherine Shaw",
    "Llewelyn": "Llywelyn ap Gruffudd",
}


@pytest.mark.row("S31")
def test_a_name_or_reference_with_an_error_is_found_all_the_same(cast: Cast) -> None:
    made = {resident: new_case(cast, 100 * n, resident=resident) for n, resident in enumerate(MISTYPED.values(), 11)}
    indexed()
    for actor in (cast.amina, cast.dev):
        for typed, resident in MISTYPED.items():
            assert made[resident].reference in found(typed, actor) | nearly(typed, actor), (typed, actor.name)
        for typed in ("202510100", "20201100", "2025 01190", "2025011000"):
            assert "202501100" in nearly(typed, actor), (typed, actor.name)


def test_an_ordinary_short_word_does_not_bring_up_a_name_that_is_one_letter_from_it(cast: Cast) -> None:
    new_case(cast, 1, resident="Seán Walsh")
    new_case(cast, 2, resident="John Brent")
    indexed()
    for typed in ("scan", "rent", "dean"):
        assert found(typed, cast.amina) == nearly(typed, cast.amina) == set(), typed
    assert nearly("jhon", cast.amina) == {"202500002"}


def test_a_near_miss_is_never_called_exact(cast: Cast) -> None:
    new_case(cast, 1, resident="Gethin Jones")
    new_case(cast, 2, resident="Gethin Jonas")
    indexed()
    assert (found("jones", cast.amina), nearly("jones", cast.amina)) == ({"202500001"}, {"202500002"})
    assert (found("jonse", cast.amina), nearly("jonse", cast.amina)) == (set(), {"202500001", "202500002"})


def test_a_word_that_is_found_as_it_stands_brings_no_near_words_of_messages(filled: Cast) -> None:
    new_case(filled, 1, resident="Somebody", summary="A toilet that leaks and a boilet that does not exist")
    indexed()
    assert nearly("boiler", filled.amina) == set()
    assert nearly("boilerr", filled.amina) == {"202601234"}


def test_the_reference_comes_first_then_names_then_addresses_then_the_rest(cast: Cast) -> None:
    in_summary = new_case(cast, 1, summary="About Mr Holly")
    at_home = new_case(cast, 2, home="2 Holly Road, Leeds")
    beginning = new_case(cast, 3, resident="Ann Hollyoak")
    whole = new_case(cast, 4, resident="Buddy Holly")
    closed = close(cast, new_case(cast, 5, resident="Old Holly"))
    indexed()
    order = find("holly", cast.amina).exact
    assert order == [case.pk for case in (whole, closed, beginning, at_home, in_summary)]
    new_case(cast, 6, summary="See case 202500004 as well")
    indexed()
    assert find("202500004", cast.amina).exact[0] == whole.pk


@pytest.mark.row("H38")
@pytest.mark.row("S1")
def test_nobody_finds_another_landlords_case_by_any_word_of_it(filled: Cast) -> None:
    for text in ("202601234", "mary", "mill", "gurgles", "asbestos", "warmeplan", "scaffolding", "gurgels", "20260124"):
        assert found(text, filled.carys) == nearly(text, filled.carys) == set(), text
    assert found("secret", filled.carys) == {"202609999"}
    assert found("secret", filled.amina) == nearly("secert", filled.amina) == set()


def test_the_landlord_does_not_find_a_case_before_its_release_nor_after_it_is_hidden_again(filled: Cast) -> None:
    assert found("tom hidden", filled.amina) == set()
    assert found("tom hidden", filled.dev) == {"202605678"}
    cases.release_case(filled.hidden, by=filled.dev)
    assert found("tom hidden", filled.amina) == {"202605678"}  # at once: the words were known already
    Case.objects.filter(pk=filled.case.pk).update(released_at=None)
    assert found("mary", filled.amina) == set()


def test_a_document_of_the_services_own_is_found_by_the_service_alone_and_so_from_the_moment_it_becomes_one(
    cast: Cast,
) -> None:
    for visibility, name in ((Visibility.STAFF, "Zebra note.txt"), (Visibility.BOTH, "Okapi note.txt")):
        documents.share_document(
            cast.case, name=name, content=b"x\n", category="repairs", visibility=visibility, by=cast.dev
        )
    indexed()
    assert (found("zebra", cast.amina), found("zebra", cast.dev)) == (set(), {"202601234"})
    assert found("okapi", cast.amina) == {"202601234"}
    Document.objects.filter(name="Okapi note.txt").update(visibility=Visibility.STAFF)
    assert (found("okapi", cast.amina), found("okapi", cast.dev)) == (set(), {"202601234"})


def test_what_is_not_visible_does_not_lead_to_a_close_match_either(cast: Cast) -> None:
    documents.share_document(
        cast.case, name="Zebra.txt", content=b"x\n", category="repairs", visibility=Visibility.STAFF, by=cast.dev
    )
    indexed()
    assert nearly("zebar", cast.amina) == set()
    assert nearly("zebar", cast.dev) == {"202601234"}


def test_a_determination_is_found_from_its_issue_on(cast: Cast) -> None:
    determination = scene.determined(cast)
    indexed()
    word = max(determination.orders.all()[0].words.split(), key=len)
    assert found(word, cast.amina) == {"202601234"}
    Entry.objects.filter(kind=Kind.DETERMINATION).exclude(determination=determination).delete()
    type(determination).objects.update(issued_at=None, state="draft")
    kinds = places(listed([cast.case.pk]), find(word, cast.dev).words, cast.amina)
    assert Kind.DETERMINATION not in {entry.kind for entry in kinds}


def test_a_case_that_moves_to_another_landlord_is_found_there_and_no_longer_here(cast: Cast) -> None:
    indexed()
    for model in (Case, DiaryEntry):
        model.objects.filter(landlord=cast.alder).update(landlord=cast.birch)
    assert found("mary", cast.amina) == set()
    indexed_anew()
    assert found("mary", cast.carys) == {"202601234"}


@pytest.mark.row("S1")
def test_of_every_kind_but_the_cases_own_words_the_thing_itself_is_asked_whether_it_may_be_found(filled: Cast) -> None:
    scene.determined(filled)
    indexed()
    Restriction.objects.update(level=Level.FULL_BLOCK)
    ike = actor_now(filled.users["ike"])  # who may open nothing
    for kind in Kind:
        things = [entry.thing[2:] for entry in Entry.objects.filter(kind=kind, case=filled.case)]
        assert Entry.objects.visible_to(filled.amina).filter(kind=kind).exists(), kind
        assert [any(thing) for thing in things] == [kind not in OF_THE_CASE] * len(things), kind
        assert Entry.objects.visible_to(ike).filter(kind=kind).exists() == (kind in OF_THE_CASE), kind


@pytest.mark.row("S1")
def test_the_words_in_use_are_read_through_the_wall(filled: Cast) -> None:
    Restriction.objects.update(level=Level.FULL_BLOCK)
    landlords = {
        by.name: {word.landlord_id for word in Word.objects.visible_to(by)} for by in (filled.amina, filled.carys)
    }
    assert landlords == {filled.amina.name: {filled.alder.pk}, filled.carys.name: {filled.birch.pk}}
    assert {word.landlord_id for word in Word.objects.visible_to(filled.dev)} == {None}
    for by in (actor_now(filled.users["ike"]), filled.gwen, filled.ines):
        assert not Word.objects.visible_to(by).exists()


def test_who_is_shut_out_finds_nothing(filled: Cast) -> None:
    Restriction.objects.update(level=Level.FULL_BLOCK)
    assert found("mary", actor_now(filled.users["ike"])) == set()
    assert found("mary", filled.gwen) == found("mary", filled.ines) == set()
    assert found("mary", filled.hana) == {"202601234"}


def test_what_changes_is_found_as_it_is_now(filled: Cast) -> None:
    task = Task.objects.get()
    tasks.change_task(task, title="Send the loft survey", details="", by=filled.dev)
    assert found("loft", filled.amina) == set()
    indexed()
    assert found("loft", filled.amina) == {"202601234"}
    assert found("asbestos", filled.amina) == found("kestrel", filled.amina) == set()


def test_the_index_is_written_once_however_often_the_case_is_looked_at(filled: Cast) -> None:
    before = list(Entry.objects.order_by("pk").values_list("pk", "words"))
    DiaryEntry.objects.update(index_due_at=clock.now())
    indexed()
    indexed_anew()
    assert list(Entry.objects.order_by("pk").values_list("pk", "words")) == before
    assert not DiaryEntry.objects.filter(index_due_at__isnull=False).exists()


def test_a_case_that_cannot_be_indexed_waits_and_holds_up_no_other(cast: Cast, monkeypatch) -> None:
    write = keeping.write

    def failing(case_ids) -> None:
        if cast.case.pk in case_ids:
            raise ValueError("cannot be read")
        write(case_ids)

    monkeypatch.setattr(keeping, "write", failing)
    indexed()
    assert found("secret", cast.carys) == {"202609999"}
    assert found("mary", cast.amina) == set()
    monkeypatch.undo()
    assert not keeping.index_one(clock.now())
    later = clock.now() + timedelta(minutes=3)
    while keeping.index_one(later):
        pass
    assert found("mary", cast.amina) == {"202601234"}


def test_what_happens_while_a_case_is_indexed_is_indexed_in_the_next_round(cast: Cast) -> None:
    indexed()
    messaging.start_thread(cast.case, subject="First", body="Alpaca", by=cast.dev)
    claimed = keeping._claim(clock.now())
    assert claimed is not None
    messaging.start_thread(cast.case, subject="Second", body="Bison", by=cast.dev)
    assert keeping.index_one(clock.now())
    assert found("bison", cast.amina) == {"202601234"}


def test_the_command_makes_the_index_anew_and_forgets_words_that_no_case_holds(filled: Cast, capsys) -> None:
    for model in (Entry, CaseWords):
        model.objects.all().delete()
    Case.objects.filter(pk=filled.case.pk).update(resident_name="Mary Carter")
    assert found("boiler", filled.amina) == set()
    call_command("rebuild_search")
    assert "The search index is complete." in capsys.readouterr().out
    assert found("boiler", filled.amina) == found("carter", filled.amina) == {"202601234"}
    assert not Word.objects.filter(landlord=filled.alder, word="oneil").exists()
    assert Word.objects.filter(landlord=filled.alder, word="carter").exists()


def test_rows_that_go_with_their_case_are_found_no_more(filled: Cast) -> None:
    CaseWords.objects.filter(case=filled.case).delete()
    assert found("gurgles", filled.dev) == set()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO search_found(search_found) VALUES ('integrity-check')")


HOSTILE = (
    *(
        '"mary"',
        "mary*",
        "NEAR(mary lane)",
        "mary OR 1=1",
        "mary AND NOT x",
        "words : mary",
        "^mary",
        "-mary",
        "{mary}",
    ),
    *("mary & lane | x", "mary:*", "!mary", "<->", "'mary'", "mary\\", "ma\0ry", "m" * 200, "mary " * 40, "é" * 200),
    *("\ue0001", "👨‍👩‍👧", "১২৩ বাংলা", "𝕄𝕒𝕣𝕪", "a b c d e f g h i j k l m n o p", "2026 " * 40, "0" * 200),
)


def test_nothing_that_is_typed_is_an_error_or_a_command(filled: Cast) -> None:
    for text in HOSTILE:
        for actor in (filled.amina, filled.dev):
            find(text, actor)
            list(narrow(Case.objects.visible_to(actor), text, actor, (Kind.RESIDENT,))[0])
    assert found("\ue0001", filled.amina) == set()


def test_a_filter_has_close_cases_only_where_none_fits_exactly(cast: Cast) -> None:
    new_case(cast, 1, resident="Gethin Jones", home="1 Jonas Street")
    new_case(cast, 2, resident="Gethin Jonas")
    indexed()
    every = Case.objects.visible_to(cast.amina)

    def fitting(text: str, *kinds: Kind) -> tuple[set[str], bool]:
        rows, is_close = narrow(every, text, cast.amina, kinds)
        return {case.reference for case in rows}, is_close

    assert fitting("jones", Kind.RESIDENT) == ({"202500001"}, False)
    assert fitting("jonse", Kind.RESIDENT) == ({"202500001", "202500002"}, True)
    assert fitting("jonas", Kind.HOME) == ({"202500001"}, False)
    assert fitting("nobody", Kind.RESIDENT) == (set(), False)


NAMES = st.sampled_from(["Mary Jones", "Siân Evans", "Bo O’Hara", "Zoë Łukasz", "Wren 👍 Mills"])


@pytest.mark.row("H42")
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(NAMES, st.booleans(), st.booleans(), st.booleans(), st.sampled_from(["", "staff", "both"])),
        min_size=1,
        max_size=3,
    )
)
def test_in_my_list_is_i_can_open_it_is_search_finds_it(
    cast: Cast, drawn: list[tuple[str, bool, bool, bool, str]]
) -> None:
    """For cases of either landlord, released or not, closed or not, with a document for nobody, the service or both."""
    made = [_drawn_case(cast, 10_000 + Case.objects.count(), *one) for one in drawn]
    indexed()
    for actor in (cast.amina, cast.carys, cast.dev, cast.gwen):
        for case in made:
            is_listed = Case.objects.visible_to(actor).filter(pk=case.pk).exists()
            assert is_listed == can_open(case, actor)
            assert is_listed == (case.reference in found(f"{case.resident_name} {case.reference}", actor))
            is_mine = Document.objects.visible_to(actor).filter(case=case).exists()
            assert is_mine == (case.reference in found(f"paper{case.reference}", actor))


def _drawn_case(
    cast: Cast, number: int, resident: str, is_alders: bool, is_out: bool, is_closed: bool, shown: str
) -> Case:
    case = cases.create_case(
        by=cast.dev,
        reference=f"2025{number}",
        landlord=cast.alder if is_alders else cast.birch,
        resident_name=resident,
        resident_address="1 New Road",
    )
    if shown:
        documents.share_document(
            case,
            name=f"paper{case.reference}.txt",
            content=b"x\n",
            category="repairs",
            visibility=Visibility(shown),
            by=cast.dev,
        )
    if is_out:
        case = cases.release_case(case, by=cast.dev)
    return close(cast, case) if is_out and is_closed else case


def can_open(case: Case, actor: Actor) -> bool:
    try:
        cases.open_case(case.reference, by=actor)
    except Case.DoesNotExist:
        return False
    return True
