"""Draws the moves as an SVG: the statuses in a column, moves forward at the right, moves back at the left, closing apart."""

from collections import defaultdict
from html import escape

# Pixels.
WIDTH, TOP, BOX_WIDTH, BOX_HEIGHT, PITCH = 980, 60, 440, 52, 90
LEFT = 240
RIGHT = LEFT + BOX_WIDTH
RAIL = 900  # the line on which every status goes to the last
COLOURS = {
    "dispute-support": "#e4ecf7",
    "triage": "#e3f1e6",
    "dispute-resolution": "#fdf1d8",
    "review": "#f3e5f3",
    "": "#ececec",
}
STROKES = {
    "NOTHING": ("#0b5563", ""),
    "NO_REMEDIES": ("#b35900", "7 4"),
    "REMEDIES": ("#b3261e", "2 4"),
    "ORDERS_MET": ("#5a5a5a", "12 5"),
}

Move = tuple[int, int]  # places in the column: from, to


def moves_picture() -> str:
    from portal.cases.lifecycle import MOVES, Needs
    from portal.cases.statuses import Status

    place = {status: number for number, status in enumerate(Status)}
    needs = {(place[status], place[to]): need for status, row in MOVES.items() for to, need in row.items()}
    last = place[Status.CLOSED]
    closing = [move for move in needs if move[1] == last]
    arcs = [move for move in needs if move[1] != last]
    height = TOP + PITCH * len(place)
    parts = [_head(height), *_key(), *_rail(closing, last)]
    ports = _ports(arcs)
    parts += [_arc(move, ports[move], needs[move].name) for move in arcs]
    parts += [_box(number, status) for status, number in place.items()]
    assert set(STROKES) == {need.name for need in Needs}
    return "\n".join([*parts, "</svg>"]) + "\n"


def _head(height: int) -> str:
    markers = "".join(
        f'<marker id="{name}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" orient="auto">'
        f'<path d="M0 0L10 5L0 10z" fill="{colour}"/></marker>'
        for name, (colour, _) in STROKES.items()
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        'font-family="system-ui, sans-serif" font-size="15" role="img">\n'
        "<title>How a case goes from status to status</title>\n"
        f"<defs>{markers}</defs>\n"
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>'
    )


def _key() -> list[str]:
    """What the lines mean, in the free corner at the top left and along the top."""
    from portal.cases.lifecycle import Needs

    words = {
        Needs.NOTHING: "always",
        Needs.NO_REMEDIES: "determined, no remedies",
        Needs.REMEDIES: "determined, with remedies",
        Needs.ORDERS_MET: "no order or task left",
    }
    lines, x = [], 20
    for need, text in words.items():
        lines.append(_path(f"M{x} 26H{x + 46}", need.name))
        lines.append(f'<text x="{x + 54}" y="31" fill="#222">{escape(text)}</text>')
        x += 54 + 8 * len(text) + 12
    return lines


def _rail(closing: list[Move], last: int) -> list[str]:
    """From every status to the last one: a stub to one line, which leads there."""
    end = _middle(last)
    stubs = [_path(f"M{RIGHT} {_middle(start)}H{RAIL}", "ORDERS_MET", arrow=False) for start, _ in closing]
    top = min(_middle(start) for start, _ in closing)
    return [*stubs, _path(f"M{RAIL} {top}V{end}H{RIGHT + 2}", "ORDERS_MET")]


def _ports(arcs: list[Move]) -> dict[Move, tuple[float, float]]:
    """Where each arc leaves and enters the edge of its boxes, so that arcs of one side do not cross more than they must."""
    edges: dict[tuple[int, bool], list[Move]] = defaultdict(list)
    for move in arcs:
        for box in move:
            edges[box, move[0] < move[1]].append(move)
    found: dict[Move, dict[int, float]] = defaultdict(dict)
    for (box, forward), moves in edges.items():
        moves.sort(key=lambda move: _order(box, move))
        for number, move in enumerate(moves, start=1):
            step = BOX_HEIGHT * number / (len(moves) + 1)
            if forward and abs(step - BOX_HEIGHT / 2) < 4:
                step += 6  # the middle of the right edge belongs to the line that closes
            found[move][box] = _top(box) + step
    return {move: (ends[move[0]], ends[move[1]]) for move, ends in found.items()}


def _order(box: int, move: Move) -> tuple[bool, int]:
    """Arcs to boxes above first, the nearest before the farther; then those below, the farthest first."""
    other = sum(move) - box
    return (other > box, abs(other - box) if other < box else -abs(other - box))


def _arc(move: Move, ends: tuple[float, float], need: str) -> str:
    forward = move[0] < move[1]
    edge, side = (RIGHT, 1) if forward else (LEFT, -1)
    bulge = edge + side * (46 + 44 * (abs(move[1] - move[0])))
    begun, ended = ends
    return _path(f"M{edge} {begun:.0f}C{bulge} {begun:.0f} {bulge} {ended:.0f} {edge + side * 2} {ended:.0f}", need)


def _path(drawn: str, need: str, *, arrow: bool = True) -> str:
    colour, dashes = STROKES[need]
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    head = f' marker-end="url(#{need})"' if arrow else ""
    return f'<path d="{drawn}" fill="none" stroke="{colour}" stroke-width="1.8"{dashed}{head}/>'


def _box(number: int, status: object) -> str:
    from portal.cases.lifecycle import DEFAULT_TEAM

    team = DEFAULT_TEAM[status]
    name = f"{number + 1}  {status.label}"
    middle = LEFT + BOX_WIDTH / 2
    return (
        f'<rect x="{LEFT}" y="{_top(number)}" width="{BOX_WIDTH}" height="{BOX_HEIGHT}" rx="6" '
        f'fill="{COLOURS[team.value if team else ""]}" stroke="#444"/>'
        f'<text x="{middle:.0f}" y="{_top(number) + 22}" text-anchor="middle" font-weight="600" fill="#111">{escape(name)}</text>'
        f'<text x="{middle:.0f}" y="{_top(number) + 41}" text-anchor="middle" font-size="13" fill="#333">'
        f"{team.label if team else 'the team stays'}</text>"
    )


def _top(number: int) -> int:
    return TOP + PITCH * number


def _middle(number: int) -> int:
    return _top(number) + BOX_HEIGHT // 2
