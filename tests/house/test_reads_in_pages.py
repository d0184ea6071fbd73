"""Every read in portal/pages goes through the wall (`visible_to`), or is named here with the reason why it need not."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.house.layers import ROOT

PAGES = ROOT / "portal" / "pages"
WALLS = {"visible_to", "readable_by"}
MANAGERS = {"objects", "_default_manager", "_base_manager"}
# module, function and model of each read past the wall -> why nobody sees there what is not theirs
REASONS = {
    "account/adapter.py send_mail User": "the person who signs in, by the address that the library passes on",
    "account/profile.py devices Session": "live_of(the person): their own sessions",
    "casework/worklist/queues.py _tasks Task": "of cases_of(actor), which is visible_to",
    "casework/worklist/queues.py _unread Thread": "of cases_of(actor), which is visible_to",
    "casework/worklist/views.py module Document": "a subquery of submissions that are visible_to",
    "help/chat.py chat Ticket": "reported_by(the person)",
    "help/reports.py reports Ticket": "reported_by(the person)",
    "office/content/lists.py categories Category": "content, which every signed-in person reads",
    "office/content/lists.py _category Category": "content",
    "office/content/lists.py calendar Closure": "content",
    "office/content/views.py content Wording": "content",
    "office/content/views.py content_words Wording": "content",
    "office/landlords/views.py _with_cases Case": "only counted, for who may see the register",
    "office/landlords/views.py landlord Restriction": "levels_at(landlord, actor) asks who is asking",
    "office/landlords/views.py landlord Landlord": "the one that register.open_landlord has just opened",
    "office/people/second_factors.py reset User": "anybody's factors are reset by who may; the guard asks",
    "office/people/views.py person Case": "only counted, for who looks after the service's people",
    "office/support/desk.py support_notice Notice": "notices are read by everybody",
    "office/support/desk.py support_notices Notice": "notices are read by everybody",
    "office/support/desk.py _mails IncomingMail": "unfiled mail, for the support desk alone; the guard asks",
    "office/support/views.py frame Ticket": "only counted, for the support desk",
    "office/support/views.py frame IncomingMail": "only counted, for the support desk",
    "shared/lists/saved_filters.py filters SavedFilter": "deletable_by(the person)",
    "shared/lists/saved_filters.py filter_delete SavedFilter": "deletable_by(the person)",
    "shared/search.py _things Entry": "by ids that _numbered has read through visible_to",
    "shared/threads.py _around Message": "of a thread that messaging.open_thread has opened",
    "shared/threads.py _attached Attachment": "of a thread that messaging.open_thread has opened",
    "shared/threads.py _part Message": "of a thread that messaging.open_thread has opened",
    "shared/threads.py _newest Message": "of a case or thread that open_case or open_thread has opened",
    "shared/writing/drafts.py _looked_among Ticket": "reported_by(the person)",
    "shared/writing/drafts.py _looked_among Notice": "names a draft of the person's own, on a page that its guard opened",
    "shared/writing/drafts.py _looked_among Landlord": "names a draft of the person's own, on a page that its guard opened",
    "shared/writing/drafts.py _looked_among Membership": "names a draft of the person's own, on a page that its guard opened",
    "shared/writing/drafts.py _looked_among User": "names a draft of the person's own, on a page that its guard opened",
}


def test_every_read_goes_through_the_wall_or_says_why_not() -> None:
    found = {read for path in sorted(PAGES.rglob("*.py")) for read in _past_the_wall(path.read_text(), path)}
    assert found == set(REASONS)


def test_a_read_without_the_wall_is_found_however_it_is_written() -> None:
    for code in ("Case.objects.all()", "Case.objects.filter(pk=1).first()", "Case._default_manager.get(pk=1)"):
        assert list(_past_the_wall(f"def look(): return {code}", PAGES / "x.py")) == ["x.py look Case"]
    assert not list(_past_the_wall("def look(): return Case.objects.filter(pk=1).visible_to(actor)", PAGES / "x.py"))


def _past_the_wall(code: str, path: Path) -> Iterator[str]:
    tree = ast.parse(code)
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        is_read = isinstance(node, ast.Attribute) and node.attr in MANAGERS
        if is_read and WALLS.isdisjoint(_methods(node, parents)):
            yield f"{path.relative_to(PAGES)} {_function(node, parents)} {ast.unparse(node.value)}"


def _methods(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> Iterator[str]:
    """The names of what is called on it, one after the other."""
    while (parent := parents.get(node)) and (
        isinstance(parent, ast.Attribute) or (isinstance(parent, ast.Call) and parent.func is node)
    ):
        node = parent
        if isinstance(node, ast.Attribute):
            yield node.attr


def _function(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> str:
    while node in parents and not isinstance(node, ast.FunctionDef):
        node = parents[node]
    return getattr(node, "name", "module")
