"""Every fact of the source guide, with the words that say it in ours: (section, fact, words that must stand there).

Where a decision has changed the fact (D1 to D17), the fact here is the decided one and names the decision.
"""

Fact = tuple[str, str, tuple[str, ...]]
SUPPORT = "portal@ombudsman.example"

_INTRODUCTION: list[Fact] = [
    ("introduction-and-support", "access to case records", ("records of your cases",)),
    ("introduction-and-support", "status of complaints considered", ("status of each complaint",)),
    ("introduction-and-support", "needs appear as tasks to complete", ("what we need from you", "as tasks")),
    ("introduction-and-support", "only the portal for cases", ("only the portal", "about cases")),
    ("introduction-and-support", "a shift, with support", ("shift", "there is support for landlords")),
    ("introduction-and-support", "guide first", ("look in this guide first",)),
    ("introduction-and-support", "technical help by e-mail", ("cannot get into the portal", "error message", SUPPORT)),
    (
        "introduction-and-support",
        "case query as message on case or task",
        ("question about a case", "of that case or on its task"),
    ),
    ("introduction-and-support", "demonstration video", ("watch our demonstration video",)),
    (
        "introduction-and-support",
        "nobody reads replies to e-mails (D15)",
        ("nobody reads replies", "link into the portal"),
    ),
]
_ACCEPTABLE_USE: list[Fact] = [
    ("acceptable-use", "independent, impartial, free", ("independent, impartial and free",)),
    ("acceptable-use", "right to be heard", ("right to be heard, understood and respected",)),
    ("acceptable-use", "open to everyone", ("open and accessible to everyone",)),
    ("acceptable-use", "behaviour makes it difficult", ("very difficult for us to deal with their complaint",)),
    ("acceptable-use", "abuse of staff or process", ("abuses our staff or our process", "small number of cases")),
    ("acceptable-use", "protection of staff", ("health and wellbeing", "without fear of abuse or harassment")),
    ("acceptable-use", "effect on work and others", ("our work", "service that we give to others")),
    ("acceptable-use", "access may be restricted", ("restrict", "aggressive, abusive or otherwise unreasonable")),
    ("acceptable-use", "policy named", ("Unacceptable User Action Policy",)),
    (
        "acceptable-use",
        "how far, and how to ask again (S8)",
        ("no messages, reading only, or no access", "ask us to look at it again"),
    ),
]
_SETTING_UP: list[Fact] = [
    ("accessing-the-portal", "invited individually", ("one by one",)),
    (
        "accessing-the-portal",
        "not before contact",
        ("do not try to get into the portal", "until the portal team has contacted you"),
    ),
    ("accessing-the-portal", "link", ("the address of the portal is", "http://testserver/")),
    ("accessing-the-portal", "username is the address given", ("username is the e-mail address that you gave us",)),
    (
        "accessing-the-portal",
        "address is the administrator account",
        ("administrator account", "to communicate with you"),
    ),
    (
        "first-sign-in",
        "forgot your password after username",
        ("enter your username", "Forgot your password?", "Send the link"),
    ),
    ("first-sign-in", "link by e-mail for own password", ("e-mail with a link", "password that only you know")),
    ("first-sign-in", "link valid one hour", ("1 hour only",)),
    (
        "first-sign-in",
        "2FA at each sign-in",
        ("Two Factor Authentication (2FA)", "every time you log in", "each code is different"),
    ),
    (
        "first-sign-in",
        "code to each account's own address (D1)",
        ("own e-mail address", "registered administrator address", "sub account"),
    ),
    ("first-sign-in", "send button", ("Send 2FA Verification Code",)),
    ("first-sign-in", "enter code and verify", ("Enter code", "Verify", "You are in")),
    ("first-sign-in", "three tries", ("After three wrong codes", "Send a new code")),
    (
        "app-or-passkey",
        "app, passkey, recovery codes (B13)",
        (
            "Two-factor authentication",
            "authenticator app",
            "Sign in with a passkey",
            "recovery codes",
            "We then e-mail you none",
        ),
    ),
    ("when-you-are-signed-out", "time-out (D12)", ("30 minutes", "12 hours", "two minutes before", "Stay signed in")),
    ("when-you-are-signed-out", "what was typed is kept (D12)", ("had typed is kept", "only you see it", "24 hours")),
]
_ACCOUNT: list[Fact] = [
    ("account-management", "person icon", ("person icon at the top right", "Profile and settings")),
    ("account-management", "edit password", ("change your password", "Edit password", "Other devices are signed out")),
    ("account-management", "choices and devices", ("Notification settings", "Signed-in devices")),
    ("account-management", "administrator address fixed", ("fixed", "cannot change it")),
    ("account-management", "contact about it", (SUPPORT, "We check who you are", "both the old and the new address")),
]
_SCREENS: list[Fact] = [
    (
        "main-screen",
        "homepage with open cases and deadlines",
        ("homepage", "all your open cases", "deadlines of the tasks"),
    ),
    (
        "main-screen",
        "menus filter open, closed, tasks",
        ("Open cases", "Closed cases", "My tasks", "outstanding tasks assigned to your account"),
    ),
    ("main-screen", "assigned within the landlord (D5)", ("assign it to one colleague",)),
    (
        "main-screen",
        "options at the top right",
        ("top right", "user guide", "notifications", "manage your account", "accessibility statement"),
    ),
    ("main-screen", "applied filter at the top", ("filter that you applied", "top of the screen")),
    ("main-screen", "filter option for searching", ("Filter cases opens a search menu", "different ways")),
    (
        "main-screen",
        "closed cases readable (S103)",
        ("closed cases stay readable", "orders that are still open", "request for a review"),
    ),
    ("case-status", "status tells the action", ("what action we are taking", "open cases and closed cases screens")),
    ("case-details", "tabs", ("Overview", "Tasks", "Documents", "Messages", "Determination")),
    ("case-details", "colleague (B8)", ("which colleague works on it",)),
    ("case-details", "case owner", ("case owner", "manages the case")),
    ("case-details", "up to 5 upcoming tasks on the left", ("left-hand side", "up to 5 upcoming tasks")),
    ("case-details", "what mediation is", ("In mediation we work with you and the resident",)),
    ("case-details", "team at the top", ("at the top of the screen", "which of our teams")),
    ("messages", "messages about one case", ("what we have written to you about that case",)),
    ("messages", "reply more than once, history", ("more than once", "whole history")),
    ("messages", "start a message (D6)", ("Start a new message", "Send a message about this task")),
    ("messages", "paperclip", ("paperclip icon attaches a document",)),
    ("messages", "evidence by the documents tab", ("information or evidence request", "Documents tab instead")),
]
_STATUSES: list[Fact] = [
    ("case-status", "initial assessment", ("Case under initial assessment", "next steps")),
    (
        "case-status",
        "landlord's procedure",
        ("Within landlord’s internal complaint procedure", "with you and the resident"),
    ),
    (
        "case-status",
        "referral",
        ("Referral assessment", "complaint procedure has ended", "is one for us", "what we need to do"),
    ),
    ("case-status", "evidence", ("Evidence gathering", "asked you for information", "mediation")),
    (
        "case-status",
        "awaiting investigation",
        (
            "Awaiting investigation",
            "have the information",
            "waiting to be given to an investigator or adjudicator in Dispute Resolution",
        ),
    ),
    ("case-status", "under investigation", ("Under investigation", "Dispute Resolution team is assessing")),
    ("case-status", "determined", ("Determined", "no orders or recommendations")),
    (
        "case-status",
        "awaiting LL action",
        ("Determined – awaiting LL action", "complied with our orders", "recommendations"),
    ),
    (
        "case-status",
        "review",
        ("Review – case outcome", "formal review of our determination or decision", "You or the resident"),
    ),
    ("case-status", "closed", ("Case closed", "We have closed the case")),
    (
        "case-details",
        "Dispute Support",
        ("DR2 Dispute Support", "all first enquiries", "while the landlord’s complaint procedure is running"),
    ),
    (
        "case-details",
        "Triage",
        (
            "DR2 Triage",
            "Triage and Mediation",
            "are within our jurisdiction",
            "mediation and investigation",
            "asks for evidence",
            "outside our jurisdiction",
        ),
    ),
    (
        "case-details",
        "Dispute Resolution",
        ("DR2 Dispute Resolution", "Investigators and adjudicators", "determination to both sides"),
    ),
    (
        "case-details",
        "Review team",
        ("DR2 Review", "meet the criteria for a formal review after a decision or determination"),
    ),
]
_TASKS: list[Fact] = [
    ("managing-tasks", "on the homepage and under my tasks", ("homepage", "My tasks on the bar at the top")),
    ("managing-tasks", "arrows open details", ("arrow to the left", "details of the task")),
    ("managing-tasks", "coloured status with text", ("has a colour", "New", "Pending", "Approaching", "Overdue")),
    ("managing-tasks", "approaching means 5 working days (D3)", ("5 working days away or less",)),
    ("managing-tasks", "title from the caseworker", ("caseworker gives the task its title", "action that we need")),
    ("managing-tasks", "each task has a deadline", ("every task has a deadline", "by which you need to respond")),
    ("managing-tasks", "met until 23:59 (D16)", ("23:59 on that day", "keeps the earlier date")),
    ("managing-tasks", "assigned within the landlord (D5)", ("Who does this task", "one of your colleagues")),
    (
        "managing-tasks",
        "record complaint",
        ("Record complaint and update", "Record the complaint", "supporting information"),
    ),
    ("managing-tasks", "escalate complaint", ("Escalate complaint and update", "next stage of your procedure")),
    (
        "managing-tasks",
        "for information",
        ("For information", "Read the letter or e-mail", "do not need to do anything else"),
    ),
    (
        "managing-tasks",
        "respond to request",
        ("Respond to information/evidence request", "preferred format", "mediation", "other information"),
    ),
    ("managing-tasks", "confirm compliance", ("Confirm compliance", "orders")),
    ("managing-tasks", "three dots", ("three dots to the right",)),
    ("managing-tasks", "task completed asks for the date", ("Task completed", "the date on which you completed it")),
    (
        "managing-tasks",
        "unable to complete",
        ("Unable to complete", "short message", "caseworker reads it and contacts you", "next steps"),
    ),
    (
        "managing-tasks",
        "the caseworker checks (D7)",
        ("Completed, being checked", "accepts it, or returns it", "reason and a new deadline"),
    ),
]
_DOCUMENTS: list[Fact] = [
    ("providing-documents", "case link from any screen", ("from any screen", "link of the case")),
    ("providing-documents", "documents tab", ("Select the Documents tab",)),
    ("providing-documents", "browse, Ctrl for several", ("Browse documents", "Hold Ctrl on your keyboard")),
    ("providing-documents", "drag and drop", ("drag files from your folders", "drop them")),
    ("providing-documents", "category", ("category that fits each document best",)),
    ("providing-documents", "same category", ("Set same category for all documents",)),
    ("providing-documents", "upload, added, notified", ("Upload documents", "added to the case", "we are notified")),
    (
        "providing-documents",
        "unlimited number",
        ("any number of documents", "runs no scripts", "20 documents at a time"),
    ),
    ("providing-documents", "files wait for the last step", ("wait in the list for 24 hours",)),
    ("providing-documents", "size of each (D9)", ("20 MB (20,971,520 bytes)",)),
    (
        "providing-documents",
        "refused kinds",
        ("compressed (zipped)", "password protected", "OpenDocument Text", ".odt"),
    ),
    ("providing-documents", "accepted kinds", ("most commonly used file types", "Microsoft Office documents", "PDFs")),
    ("providing-documents", "clear names", ("clear name", "helps your caseworker")),
    (
        "providing-documents",
        "guidance in the landlord area",
        ("landlord area of our website", "responding to information requests"),
    ),
]
_DETERMINATIONS: list[Fact] = [
    ("determinations", "two statuses (S39, S40)", ("Determined – awaiting LL action", "with none it is “Determined”")),
    ("determinations", "each order with evidence (S65)", ("Confirm beside an order", "documents that show it")),
    ("determinations", "feedback on recommendations (S40)", ("whether you accept it", "do not bind you")),
    ("determinations", "returned or accepted (C19)", ("We accept each order, or return it with a reason",)),
    ("determinations", "review in three weeks (S41, S103)", ("within three weeks", "also when the case is closed")),
    ("determinations", "grounds, lateness (C20)", ("new evidence", "challenge the facts", "good reason for the delay")),
]
_MANAGING: list[Fact] = [
    (
        "notification-emails",
        "to the administrator (username)",
        ("message notification e-mails", "administrator account", "(username)"),
    ),
    (
        "notification-emails",
        "at once or digest, never off (D2)",
        ("at once", "once a day, all in one e-mail", "cannot be switched off"),
    ),
    ("notification-emails", "no case content (D15)", ("hold nothing of the case", "nobody reads replies")),
    ("notification-emails", "overdue at once (D2)", ("overdue never waits",)),
    ("notification-emails", "others for themselves (D2)", ("for themselves", "each kind of event", "by default")),
    ("sub-accounts", "up to 3", ("up to 3 sub accounts", "who in your organisation")),
    ("sub-accounts", "work on all cases", ("see and work on all of your cases",)),
    ("sub-accounts", "create a new user", ("person icon", "top right", "Create a new user")),
    ("sub-accounts", "create account", ("Complete the boxes", "Create account")),
    ("sub-accounts", "manage your users", ("Manage your users",)),
    ("sub-accounts", "reset or deactivate", ("three dots to the right of the user", "Reset password", "Deactivate")),
    ("sub-accounts", "the old password ends at once (S92)", ("ends the old password at once",)),
    (
        "sub-accounts",
        "live sessions end, names stay (S93)",
        ("signs the user out at once", "keeps their name", "Reactivate"),
    ),
    ("sub-accounts", "deactivated ones do not count (D4)", ("deactivated sub account does not count",)),
]
_SUPPORT: list[Fact] = [
    ("technical-issues", "e-mail or form", (SUPPORT, "report a fault")),
    ("technical-issues", "which account, addresses", ("main account, sub accounts or both", "e-mail addresses")),
    ("technical-issues", "description", ("in detail",)),
    ("technical-issues", "screenshots", ("screenshots that show the fault",)),
    ("technical-issues", "browser and IP address", ("browser", "IP address", "fills in these two for you")),
    (
        "technical-issues",
        "ticket from IT Support",
        ("IT Support team", "ticket number by e-mail", "it-support@ombudsman.example"),
    ),
    ("technical-issues", "updates until resolved", ("updates you until the fault is resolved",)),
    ("technical-issues", "contact IT directly", ("Once you have the ticket number", "directly", "questions or news")),
    ("guidance-document", "PDF with pictures", ("with its pictures", "as a PDF")),
]

FACTS: list[Fact] = [
    *_INTRODUCTION,
    *_ACCEPTABLE_USE,
    *_SETTING_UP,
    *_ACCOUNT,
    *_SCREENS,
    *_STATUSES,
    *_TASKS,
    *_DOCUMENTS,
    *_DETERMINATIONS,
    *_MANAGING,
    *_SUPPORT,
]
