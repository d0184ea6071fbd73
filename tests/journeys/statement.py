"""What the accessibility statement says that we test, in its words. The test of it bears `@pytest.mark.statement(key)`."""

# On every page, by the measures of tests/journeys/measures.js.
ON_EVERY_PAGE = {
    "axe": "held it to the rules of axe-core, at both widths, as it comes, with everything open and with its form refused",
    "heading": "compared its title with its one main heading, and looked for “Error:” in the title of a refused form",
    "sideways": "looked whether it has to be scrolled sideways at 320 pixels, which is a zoom of 400% on a screen of 1280",
    "spacing": "widened lines, words and letters as far as the guidelines ask, and looked for text that is cut off",
    "focus": "gave every link, button and field the focus, and looked whether one can see where it is",
    "edges": "turned on forced colours (high contrast), and looked for buttons, fields, labels and icons that disappear",
    "motion": "asked for less motion, and looked for anything that still moves",
    "filling": "looked whether a browser or password manager may fill in passwords and codes",
    "errors": "sent its form empty, and looked whether the list of errors has the focus and leads to the fields",
}
# From beginning to end.
JOURNEYS = {
    "keyboard": "a landlord’s day with a keyboard and no mouse: signing in with a code, menus, a task, uploading documents, "
    "a message and its draft, signing out",
    "no-script": "the whole day of a landlord and a caseworker without JavaScript, from opening the case to its "
    "determination and compliance",
    "time-out": "the warning before a time-out by keyboard: it takes the focus, keeps it and gives it back",
    "paste": "pasting passwords and codes",
}
