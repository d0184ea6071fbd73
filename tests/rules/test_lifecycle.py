"""The table of moves: every pair of statuses is decided, every guard holds, and docs/moves.md shows it as it is."""

from xml.etree import ElementTree

import pytest

from portal.cases.lifecycle import (
    DEFAULT_TEAM,
    DETERMINATIONS,
    MOVES,
    Facts,
    Needs,
    Refused,
    check_chosen,
    check_move,
    chosen_from,
    determined_status,
    moves_from,
    refused_as,
)
from portal.cases.statuses import Status
from portal.content.defaults import DEFAULTS
from portal.lib.errors import RuleBroken
from portal.teams.models import Team
from tests.rules.moves_drawn import MOVES_DOCUMENT, MOVES_PICTURE, moves_document
from tests.rules.moves_picture import RAIL, moves_picture

S = Status
SVG = "{http://www.w3.org/2000/svg}"
PAIRS = [(status, to) for status in S for to in S]

# Every (status, move), read line by line by a person: "." refused, "y" allowed, "n" only without orders and
# recommendations, "r" only with at least one, "o" only when every order is met. Columns are in the guide's order.
DECIDED = {
    #                               IA LP RA EG AI UI D  DA R  C
    S.INITIAL_ASSESSMENT:          ". y y . . . . . . o",
    S.LANDLORD_PROCEDURE:          "y . y . . . . . . o",
    S.REFERRAL_ASSESSMENT:         ". y . y y . . . . o",
    S.EVIDENCE_GATHERING:          ". . y . y y . . . o",
    S.AWAITING_INVESTIGATION:      ". . . y . y . . . o",
    S.UNDER_INVESTIGATION:         ". . . y y . n r . o",
    S.DETERMINED:                  ". . . . . . . . y o",
    S.DETERMINED_AWAITING_ACTION:  ". . . . . . . . y o",
    S.REVIEW:                      ". . . . . y n r . o",
    S.CLOSED:                      ". . . . . . . . y .",
}  # fmt: skip
LETTERS = {"y": Needs.NOTHING, "n": Needs.NO_REMEDIES, "r": Needs.REMEDIES, "o": Needs.ORDERS_MET}
NOTHING_OWED = Facts(0, 0)


def decided(status: Status, to: Status) -> Needs | None:
    return LETTERS.get(DECIDED[status].split()[list(S).index(to)])


@pytest.mark.row("C7")
@pytest.mark.parametrize(("status", "to"), PAIRS, ids=lambda status: status.value)
def test_every_pair_of_statuses_is_as_it_was_decided(status: Status, to: Status) -> None:
    assert MOVES[status].get(to) == decided(status, to)


def test_every_status_has_a_row_of_ten_decisions() -> None:
    assert set(MOVES) == set(DECIDED) == set(S)
    assert {len(line.split()) for line in DECIDED.values()} == {10}


@pytest.mark.row("C7")
@pytest.mark.parametrize(("status", "to"), [pair for pair in PAIRS if decided(*pair) is None], ids=lambda s: s.value)
def test_a_move_that_is_not_in_the_table_is_refused_in_words(status: Status, to: Status) -> None:
    with pytest.raises(RuleBroken) as refusal:
        check_move(status, to, NOTHING_OWED)
    assert to.label in refusal.value.words
    reason = refused_as(status, to)
    assert reason is not None
    assert reason.value in refusal.value.words
    assert refusal.value.field == "status"


@pytest.mark.parametrize(("status", "to"), [pair for pair in PAIRS if decided(*pair)], ids=lambda s: s.value)
@pytest.mark.parametrize("facts", [Facts(0, 0), Facts(2, 0), Facts(0, 3), Facts(1, 1)], ids=str)
def test_a_move_of_the_table_holds_to_the_fact_it_needs(status: Status, to: Status, facts: Facts) -> None:
    holds = {
        Needs.NOTHING: True,
        Needs.NO_REMEDIES: facts == Facts(0, 0),
        Needs.REMEDIES: facts != Facts(0, 0),
        Needs.ORDERS_MET: facts.orders_outstanding == 0,
    }[MOVES[status][to]]
    if holds:
        check_move(status, to, facts)
    else:
        with pytest.raises(RuleBroken):
            check_move(status, to, facts)


@pytest.mark.row("S39")
@pytest.mark.parametrize("status", [S.UNDER_INVESTIGATION, S.REVIEW])
def test_determined_cannot_be_chosen_while_orders_or_recommendations_exist(status: Status) -> None:
    with pytest.raises(RuleBroken, match="awaiting LL action"):
        check_move(status, S.DETERMINED, Facts(0, 1))


@pytest.mark.row("S40")
@pytest.mark.parametrize("status", [S.UNDER_INVESTIGATION, S.REVIEW])
def test_awaiting_action_needs_an_order_or_a_recommendation(status: Status) -> None:
    with pytest.raises(RuleBroken, match="at least one"):
        check_move(status, S.DETERMINED_AWAITING_ACTION, NOTHING_OWED)


@pytest.mark.row("S42")
@pytest.mark.row("S103")
@pytest.mark.parametrize("status", [status for status in S if S.CLOSED in MOVES[status]])
def test_no_case_is_closed_while_the_landlord_has_a_task_on_it(status: Status) -> None:
    check_move(status, S.CLOSED, Facts(0, 0, tasks_outstanding=0))
    with pytest.raises(RuleBroken, match="1 task to do"):
        check_move(status, S.CLOSED, Facts(0, 0, tasks_outstanding=1))
    with pytest.raises(RuleBroken, match="7 tasks to do"):
        check_move(status, S.CLOSED, Facts(0, 0, tasks_outstanding=7))
    with pytest.raises(RuleBroken, match="not been checked"):
        check_move(status, S.CLOSED, Facts(0, 0, tasks_to_check=1))


def test_tasks_stop_no_other_move_than_closing() -> None:
    check_move(S.REFERRAL_ASSESSMENT, S.EVIDENCE_GATHERING, Facts(0, 0, tasks_outstanding=4))


@pytest.mark.row("S41")
def test_a_closed_case_can_only_go_to_review() -> None:
    assert moves_from(S.CLOSED) == (S.REVIEW,)


def test_no_status_is_a_dead_end_and_every_status_can_be_reached() -> None:
    assert all(moves_from(status) for status in S)
    reached, left = {S.INITIAL_ASSESSMENT}, [S.INITIAL_ASSESSMENT]
    while left:
        fresh = set(moves_from(left.pop())) - reached
        reached |= fresh
        left += fresh
    assert reached == set(S)


def test_moves_are_offered_in_the_guides_order() -> None:
    for status in S:
        offered = moves_from(status)
        assert list(offered) == sorted(offered, key=list(S).index)
        assert status not in offered


@pytest.mark.row("S47")
@pytest.mark.row("S48")
@pytest.mark.row("S49")
@pytest.mark.row("S50")
def test_every_status_but_closed_has_its_team_and_every_team_a_status() -> None:
    assert set(DEFAULT_TEAM) == set(S)
    assert [status for status, team in DEFAULT_TEAM.items() if team is None] == [S.CLOSED]
    assert set(DEFAULT_TEAM.values()) - {None} == set(Team)


@pytest.mark.row("S46")
def test_every_status_and_team_has_an_explanation() -> None:
    for key in [f"status.{status.value}" for status in S] + [f"team.{team.value}" for team in Team]:
        assert DEFAULTS[key].endswith(".")


def test_determinations_are_the_two_determined_statuses() -> None:
    assert set(DETERMINATIONS) == {S.DETERMINED, S.DETERMINED_AWAITING_ACTION}


@pytest.mark.row("S39")
@pytest.mark.row("S40")
def test_nobody_chooses_a_determined_status_and_the_count_of_remedies_decides_which_it_is() -> None:
    for status in S:
        assert set(chosen_from(status)) == set(moves_from(status)) - DETERMINATIONS
    for status in (S.UNDER_INVESTIGATION, S.REVIEW):
        for to in DETERMINATIONS:
            with pytest.raises(RuleBroken, match="issued"):
                check_chosen(status, to)
    assert determined_status(0) is S.DETERMINED
    assert determined_status(1) is S.DETERMINED_AWAITING_ACTION


@pytest.mark.row("S32")
@pytest.mark.row("S33")
@pytest.mark.row("S34")
@pytest.mark.row("S35")
@pytest.mark.row("S36")
@pytest.mark.row("S37")
@pytest.mark.row("S38")
def test_the_ten_labels_are_the_guides() -> None:
    assert [status.label for status in S] == [
        "Case under initial assessment",
        "Within landlord’s internal complaint procedure",
        "Referral assessment",
        "Evidence gathering",
        "Awaiting investigation",
        "Under investigation",
        "Determined",
        "Determined – awaiting LL action",
        "Review – case outcome",
        "Case closed",
    ]


# Why each refused move is refused, read by a person: "=" it is there already, "d" no investigation, "e" ended, "n" not
# determined, "r" from a review, "p" past, "t" too early; "." is a move.
REFUSED = {
    #                               IA LP RA EG AI UI D  DA R  C
    S.INITIAL_ASSESSMENT:          "= . . t t t d d n .",
    S.LANDLORD_PROCEDURE:          ". = . t t t d d n .",
    S.REFERRAL_ASSESSMENT:         "p . = . . t d d n .",
    S.EVIDENCE_GATHERING:          "p p . = . . d d n .",
    S.AWAITING_INVESTIGATION:      "p p p . = . d d n .",
    S.UNDER_INVESTIGATION:         "p p p . . = . . n .",
    S.DETERMINED:                  "e e e e e e = d . .",
    S.DETERMINED_AWAITING_ACTION:  "e e e e e e d = . .",
    S.REVIEW:                      "r r r r r . . . = .",
    S.CLOSED:                      "e e e e e e d d . =",
}  # fmt: skip
REASONS = {
    "=": Refused.SAME,
    "d": Refused.NO_INVESTIGATION,
    "e": Refused.ENDED,
    "n": Refused.NOT_DETERMINED,
    "r": Refused.FROM_REVIEW,
    "p": Refused.PAST,
    "t": Refused.TOO_EARLY,
}


@pytest.mark.parametrize(("status", "to"), PAIRS, ids=lambda status: status.value)
def test_every_refusal_has_the_reason_that_was_decided(status: Status, to: Status) -> None:
    assert refused_as(status, to) is REASONS.get(REFUSED[status].split()[list(S).index(to)])


def test_the_drawn_table_and_picture_of_moves_are_fresh() -> None:
    assert MOVES_DOCUMENT.read_text() == moves_document(), "run: python -m tests.rules.moves_drawn"
    assert MOVES_PICTURE.read_text() == moves_picture(), "run: python -m tests.rules.moves_drawn"


def test_the_picture_of_moves_has_every_status_and_every_move() -> None:
    picture = ElementTree.fromstring(moves_picture())
    words = " ".join(text.text or "" for text in picture.iter(f"{SVG}text"))
    assert all(status.label in words for status in S)
    arrows = [path for path in picture.iter(f"{SVG}path") if path.get("marker-end") and "C" in path.get("d", "")]
    closing = [
        path
        for path in picture.iter(f"{SVG}path")
        if path.get("d", "").endswith(f"H{RAIL}") and "V" not in path.get("d", "")
    ]
    assert len(arrows) + len(closing) == sum(len(row) for row in MOVES.values())
