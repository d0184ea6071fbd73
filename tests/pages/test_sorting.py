"""Every heading of every list sorts, both ways, without scripts; every list says how long it is."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from portal.cases import actions as cases
from portal.cases.models import Case
from portal.lib import clock
from portal.pages.casework.cases.filters import CASE_SORTING
from portal.pages.landlord.cases.filters import BY_CLOSING, BY_DEADLINE, TASK_SORTING
from portal.tasks import actions as tasks
from portal.tasks.models import Task, TaskKind
from portal.teams.models import Team
from tests.cast import in_days
from tests.pages import casework_scene
from tests.pages.landlord_rows import close, in_bulk, open_cases, task_on
from tests.well_formed import check

pytestmark = pytest.mark.both  # sorts

LISTS = [
    ("amina", "/cases/open/", 7),
    ("amina", "/cases/closed/", 7),
    ("amina", "/cases/", 7),
    ("amina", "/tasks/", 6),
    ("amina", "/tasks/?show=checking", 7),
    ("amina", "/tasks/?show=ended", 7),
    ("dev", "/casework/cases/", 7),
    ("dev", "/casework/cases/?show=all&whose=team", 7),
    ("dev", "/casework/worklist/new-uploads/?whose=mine", 5),
    ("dev", "/casework/worklist/unread-replies/?whose=mine", 5),
    ("dev", "/casework/worklist/overdue/?whose=mine", 5),
    ("dev", "/casework/worklist/to-check/?whose=mine", 5),
]


def rows(soup) -> list[str]:
    """The list as it reads from top to bottom."""
    tasks_shown = soup.select("main .portal-task__title")
    return [cell.get_text(strip=True) for cell in tasks_shown or soup.select("tbody th")]


def headings(soup) -> list:
    return soup.select("thead a.portal-sort") or soup.select(".portal-sorts a")


def direction(heading) -> str:
    """What assistive technology hears of the heading that the list is sorted by."""
    if heading.find_parent("th"):
        return heading.find_parent("th").get("aria-sort", "")
    shown = [name for name in ("ascending", "descending") if f"portal-sort--{name}" in heading["class"]]
    assert bool(shown) == (heading.get("aria-current") == "true")
    return shown[0] if shown else ""


@pytest.fixture
def various(cast):
    """A landlord with cases and tasks in every list, no two alike; and one without any value that can be missing."""
    casework_scene.build(cast)
    made = open_cases(cast, 6)
    for number, case in enumerate(made):
        case.resident_name = f"{'abcDEF'[number]} Resident"
        case.save()
        if number % 2:
            owner, team = (cast.esi, Team.DISPUTE_RESOLUTION) if number == 1 else (cast.farid, Team.TRIAGE)
            cases.hand_over(case, team=team, owner_id=owner.user_id, by=cast.dev)
            cases.assign_colleague(case, colleague_id=[cast.amina, cast.ben][number // 3].user_id, by=cast.amina)
            task = Task.objects.on_case(case.pk).get()
            tasks.assign_task(task, colleague_id=cast.ben.user_id, by=cast.amina)
    with clock.moved_to(clock.now() + timedelta(hours=1)):
        for kind in (TaskKind.CONFIRM_COMPLIANCE, TaskKind.RECORD_COMPLAINT):
            done = task_on(cast, made[0], kind=kind, title=f"Done {kind}")
            tasks.complete_task(done, completed_on=clock.today(), by=cast.amina)
        tasks.accept_task(done, by=cast.dev)
        tasks.cancel_task(task_on(cast, title="Not needed"), reason="Not needed any more.", by=cast.dev)
    for case in made[4:]:
        close(cast, case)
    return cast


@pytest.mark.row("S24")
@pytest.mark.parametrize(("who", "address", "count"), LISTS)
def test_every_heading_sorts_and_a_second_press_turns_round(various, client_of, who, address, count) -> None:
    client = client_of(who)
    start = check(client.get(address))
    assert len(rows(start)) >= 1
    assert len(headings(start)) == count
    for place, heading in enumerate(headings(start)):
        first = check(client.get(heading["href"]))
        again = check(client.get(headings(first)[place]["href"]))
        third = check(client.get(headings(again)[place]["href"]))
        turned = {direction(headings(soup)[place]) for soup in (first, again)}
        assert turned == {"ascending", "descending"}, heading.get_text()
        assert [bool(direction(one)) for one in headings(first)].count(True) == 1
        assert sorted(rows(first)) == sorted(rows(again)) == sorted(rows(start))
        assert rows(third) == rows(first)
        name = " ".join(headings(first)[place].get_text().split())
        assert ": sort " in name
        assert name != " ".join(headings(again)[place].get_text().split())
        kept = parse_qs(urlsplit(address).query)
        assert kept.items() <= parse_qs(urlsplit(headings(first)[place]["href"]).query).items()


@pytest.mark.parametrize(
    ("who", "sort", "cell"),
    [
        ("amina", "resident", "Resident"),
        ("amina", "status", "Status"),
        ("amina", "team", "Team"),
        ("amina", "owner", "Owner"),
        ("amina", "assigned", "Assigned to"),
        ("dev", "resident", "Resident"),
        ("dev", "landlord", "Landlord"),
        ("dev", "team", "Team"),
        ("dev", "owner", "Owner"),
    ],
)
def test_the_rows_stand_in_the_order_of_what_they_show_and_what_is_missing_comes_last(
    various, client_of, who: str, sort: str, cell: str
) -> None:
    address = "/cases/" if who == "amina" else "/casework/cases/?show=all"
    client, mark = client_of(who), "&" if "?" in address else "?"
    Case.objects.filter(reference="202520001").update(owner=None)
    missing = {"Nobody", "Not yet named", "No owner"}
    for key in (sort, f"-{sort}"):
        soup = check(client.get(f"{address}{mark}sort={key}"))
        shown = [one.find(string=True).strip() for one in soup.select(f'tbody td[data-label="{cell}"]')]
        named = [text.lower() for text in shown if text not in missing]
        if sort != "status":
            assert named == sorted(named, reverse=key != sort), key
        assert [text for text in shown if text in missing] == shown[len(named) :]
        assert len(set(named)) > 1


def test_equal_rows_have_one_order_so_that_none_is_on_two_pages_and_none_on_neither(cast, client_of) -> None:
    in_bulk(cast, 60)
    same = {"resident_name": "Same", "resident_name_sort_key": "same"}
    Case.objects.update(**same, status="review", team="triage", owner=None, closed_at=None)
    Case.objects.update(next_due_on=None, released_at=clock.now())
    client = client_of("amina")
    offered = [key for key, _ in BY_DEADLINE.choices() if key]
    for key in offered:
        seen = [
            one for number in (1, 2, 3) for one in rows(check(client.get(f"/cases/open/?sort={key}&page={number}")))
        ]
        assert len(seen) == len(set(seen)) == 62, key  # 60, the cast's own and the one that was hidden
        if key.removeprefix("-") != "reference":
            assert seen == sorted(seen, key=lambda one: Case.objects.get(reference=one).pk, reverse=key[0] == "-"), key


@pytest.mark.parametrize(
    "sorting", [BY_DEADLINE, BY_CLOSING, *TASK_SORTING.values(), CASE_SORTING], ids=lambda one: one.own
)
def test_the_form_offers_every_order_once_and_the_lists_own_first(sorting) -> None:
    keys, words = zip(*sorting.choices(), strict=True)
    assert len(set(keys)) == len(keys) == 2 * len(sorting.columns + sorting.further)
    assert len(set(words)) == len(words)
    assert keys[0] == ""
    assert all(": " in text for text in words)


@pytest.mark.row("S30")
def test_the_order_stays_on_other_pages_in_chips_in_the_form_and_when_the_filters_are_cleared(cast, client_of) -> None:
    open_cases(cast, 30)
    soup = check(client_of("amina").get("/cases/open/?team=triage&tasks=outstanding&sort=-owner"))
    links = [link["href"] for link in soup.select(".portal-applied li a")]
    assert links == [
        "/cases/?team=triage&tasks=outstanding&sort=-owner",
        "/cases/open/?tasks=outstanding&sort=-owner",
        "/cases/open/?team=triage&sort=-owner",
    ]
    assert soup.select_one(".portal-applied__clear")["href"] == "/cases/open/?sort=-owner"
    assert "sort=-owner" in soup.select_one(".govuk-pagination__next a")["href"]
    assert soup.select_one("select[name=sort] option[selected]").get_text() == "Case owner: Z to A"


@pytest.mark.row("S24")
@pytest.mark.parametrize(("who", "address"), [("amina", "/cases/open/"), ("dev", "/casework/cases/")])
def test_a_list_says_how_many_it_has_found_and_which_of_them_it_shows(cast, client_of, who, address) -> None:
    open_cases(cast, 41)
    client, total = client_of(who), 42 if who == "amina" else 44
    for query, words, title in (
        ("", f"{total} open cases, showing 1 to 25", f"({total} open cases, page 1 of 2)"),
        ("?page=2", f"{total} open cases, showing 26 to {total}", f"({total} open cases, page 2 of 2)"),
        ("?reference=2025", "41 open cases match your filters, showing 1 to 25", "(41 open cases, page 1 of 2)"),
        ("?reference=202601234", "1 open case matches your filters", "(1 open case)"),
        ("?reference=777", "No open cases match your filters", "(no open cases)"),
    ):
        soup = check(client.get(f"{address}{query}"))
        assert soup.select_one(".portal-found, .portal-empty h2").get_text(strip=True) == words
        assert title in soup.title.get_text(), query
    assert "Showing 26 to" in check(client.get(f"{address}?page=2")).select_one(".portal-pages__count").get_text()


@pytest.mark.row("S25")
def test_my_tasks_say_how_many_there_are_in_each_view(cast, client_of) -> None:
    amina = client_of("amina")
    assert "You have no outstanding tasks" in check(amina.get("/tasks/")).main.get_text()
    for number in range(27):
        task_on(cast, title=f"Task {number}")
    done = task_on(cast, title="Done", kind=TaskKind.CONFIRM_COMPLIANCE)
    tasks.complete_task(done, completed_on=clock.today(), by=cast.amina)
    for query, words in (
        ("", "27 outstanding tasks, showing 1 to 25"),
        ("?page=2", "27 outstanding tasks, showing 26 to 27"),
        ("?assigned=me", "No outstanding tasks match your filters"),
        ("?show=checking", "1 task being checked"),
        ("?show=checking&kind=confirm-compliance", "1 task being checked matches your filters"),
    ):
        soup = check(amina.get(f"/tasks/{query}"))
        assert soup.select_one(".portal-found, .portal-empty h2").get_text(strip=True) == words


@pytest.mark.row("S31")
@pytest.mark.parametrize(
    ("who", "address", "wrong", "right", "words"),
    [
        ("amina", "/cases/open/", "resident=" + "x" * 201, "team=triage", "Resident must be 200 characters or fewer"),
        ("amina", "/tasks/", "case=" + "1" * 21, "assigned=nobody", "Case must be 20 characters or fewer"),
        ("dev", "/casework/cases/", "landlord=" + "x" * 201, "team=triage", "Landlord must be 200 characters or fewer"),
    ],
)
def test_a_filter_that_cannot_be_is_said_beside_its_field_and_nothing_typed_is_lost(
    cast, client_of, who, address, wrong, right, words
) -> None:
    task_on(cast)
    soup = check(client_of(who).get(f"{address}?{wrong}&{right}"))
    assert words in soup.select_one(".govuk-error-summary").get_text()
    assert soup.select_one(".portal-filter").has_attr("open")
    name, value = wrong.split("=")
    field = soup.select_one(f"input[name={name}]")
    assert field["value"] == value
    assert words in soup.find(id=field["aria-describedby"].split()[-1]).get_text()
    assert rows(soup)  # the rest of the filter applies
    assert right not in soup.select_one(".portal-applied a")["href"] or address != "/tasks/"
    saved = soup.find("a", string="Save this filter")["href"]
    assert right in saved
    assert name not in parse_qs(urlsplit(saved).query)


@pytest.mark.row("D5")
@pytest.mark.row("B8")
def test_cases_and_tasks_are_found_by_the_colleague_they_are_assigned_to(cast, client_of) -> None:
    bens, nobodys = open_cases(cast, 2)
    for case, person in ((bens, cast.ben), (cast.case, cast.amina)):
        cases.assign_colleague(case, colleague_id=person.user_id, by=cast.amina)
        task = task_on(cast, case, title=f"For {person.name}", due_on=in_days(30))
        tasks.assign_task(task, colleague_id=person.user_id, by=cast.amina)
    amina = client_of("amina")
    for asked, found, todo, chip in (
        ("me", [cast.case.reference], ["For Amina Yusuf"], "Assigned to me"),
        ("nobody", [nobodys.reference], [f"Task of {one.reference}" for one in (bens, nobodys)], "Assigned to nobody"),
        (cast.ben.user_id, [bens.reference], ["For Ben Carter"], "Assigned to Ben Carter"),
        (cast.carys.user_id, None, None, ""),
    ):
        for address, expected in (("/cases/open/", found), ("/cases/", found), ("/tasks/", todo)):
            soup = check(amina.get(f"{address}?assigned={asked}"))
            assert expected is None or rows(soup) == expected, (address, asked)
            assert chip in (soup.select_one(".portal-applied") or soup.new_tag("p")).get_text()
    assert len(rows(check(amina.get(f"/cases/?assigned={cast.carys.user_id}")))) == 3  # another landlord's person
    row = check(amina.get(f"/cases/open/?assigned={cast.ben.user_id}")).select_one("tbody tr")
    assert row.select_one('td[data-label="Assigned to"]').get_text() == "Ben Carter"
    assert (
        "Assigned to Ben Carter"
        in check(amina.get("/tasks/")).select_one(".portal-task__about:-soup-contains(Ben)").text
    )
    assert "Carys" not in check(amina.get("/cases/open/")).select_one("select[name=assigned]").get_text()


@pytest.mark.row("D5")
def test_the_service_never_sees_to_whom_a_landlord_assigned_a_case(cast, client_of) -> None:
    cases.assign_colleague(cast.case, colleague_id=cast.ben.user_id, by=cast.amina)
    for address in ("/casework/cases/", "/casework/cases/202601234/", f"/casework/cases/?assigned={cast.ben.user_id}"):
        assert "Ben Carter" not in client_of("dev").get(address).content.decode()


@pytest.mark.row("S23")
def test_each_case_names_the_deadlines_after_the_next_one(cast, client_of) -> None:
    for days in (3, 3, 9, 12, 20):
        task_on(cast, due_on=in_days(days))
    for address in ("/", "/cases/open/", "/cases/"):
        cell = check(client_of("amina").get(address)).select_one('td[data-label="Deadline"]')
        words = " ".join(cell.get_text(" ", strip=True).split())
        day = [f"{in_days(n).day} {in_days(n):%b %Y}" for n in (3, 9, 12)]
        assert words == f"{day[0]} Approaching then {day[1]}, {day[2]} and 1 more"
