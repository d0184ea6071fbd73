"""Small rule breaks that the tests must notice. `bin/mutate` makes one at a time and runs the tests of its package."""

from dataclasses import dataclass
from typing import Any

DETERMINATIONS = "tests/apps/test_determinations.py tests/apps/test_compliance.py tests/apps/test_reviews.py"
# The tests that hold the rules of a package: those that must fail when one is broken.
TESTS = {
    "cases": "tests/rules/test_lifecycle.py tests/apps/test_cases.py tests/apps/test_case_facts.py "
    "tests/pages/test_casework_cases.py tests/house/test_visible_to.py",
    "tasks": "tests/rules/test_deadlines.py tests/apps/test_tasks.py tests/apps/test_case_facts.py "
    "tests/pages/test_casework_tasks.py tests/pages/test_landlord_tasks.py tests/house/test_visible_to.py",
    "documents": "tests/apps/test_documents.py tests/apps/test_withdrawing.py tests/apps/test_uploads.py "
    "tests/pages/test_withdrawals.py tests/pages/test_downloads.py tests/pages/test_casework_documents.py "
    "tests/pages/test_casework_worklist.py tests/house/test_visible_to.py",
    "landlords": "tests/apps/test_landlords.py tests/pages/test_casework_landlords.py tests/pages/test_landlord_users.py "
    "tests/pages/test_casework_accounts.py",
    "notifications": "tests/apps/test_fan_out.py tests/apps/test_notification_mails.py tests/apps/test_reminders.py "
    "tests/rules/test_reminder_steps.py tests/rules/test_sending_hours.py",
    "access": "tests/rules/test_access.py tests/apps/test_restrictions.py tests/house/test_routes.py "
    "tests/house/test_kept_statements.py",
    "messaging": "tests/apps/test_messaging.py tests/pages/test_landlord_messages.py tests/house/test_visible_to.py",
    "files": "tests/rules/test_inspection.py tests/rules/test_inspection_names.py tests/rules/test_renaming.py "
    "tests/apps/test_files.py tests/apps/test_uploads.py",
    "accounts": "tests/apps/test_accounts_sessions.py tests/pages/test_sign_in.py tests/pages/test_sign_in_lock.py "
    "tests/pages/test_account_passwords.py tests/pages/test_account_pages.py",
    "restrictions": "tests/apps/test_restrictions.py tests/pages/test_restrictions.py tests/pages/test_who_is_asking.py",
    "pages": "tests/pages/test_who_is_asking.py tests/pages/test_components.py",
    "determinations": f"{DETERMINATIONS} tests/pages/test_determination_drafting.py tests/house/test_visible_to.py",
    "mail": "tests/apps/test_mail.py tests/apps/test_worker_survives.py -k 'not killed' tests/apps/test_claims.py",
    "support": "tests/apps/test_support.py tests/pages/test_casework_support.py",
    "filters": "tests/apps/test_saved_filters.py tests/pages/test_saved_filters.py",
    "search": "tests/apps/test_search.py",
    "teams": "tests/apps/test_teams.py",
    "drafts": "tests/apps/test_drafts.py",
    "audit": "tests/house/test_audit_rows.py",
}
OF_EVERY_PACKAGE = "tests/house/test_foreign_references.py"


@dataclass(frozen=True)
class Mutant:
    """`old` in a file of a package becomes `new`, where it stands for the nth time."""

    path: str
    old: str
    new: str
    nth: int = 1

    @property
    def package(self) -> str:
        return self.path.split("/")[0]

    @property
    def name(self) -> str:
        return f"{self.path}: {' '.join(self.old.split())[:60]}{f' ({self.nth})' if self.nth > 1 else ''}"


def _mutants() -> list[Mutant]:
    found = []
    for path, breaks in BREAKS.items():
        for old, new, *nth in breaks:
            found.append(Mutant(path, old, new, *nth))
    return found


SEES = "landlord_id=actor.landlord_id, case__released_at__isnull=False"
SEES_TASKS = "landlord_id=own, case__landlord_id=own, case__released_at__isnull=False"
STAFF_SEES = "not actor.is_landlord and actor.may(Permission.SEE_CASES)"
WORKS = "by.require(Permission.LANDLORD_WORK_CASES)"
SETS = "by.require(Permission.SET_TASKS)"
DETERMINES = "by.require(Permission.DETERMINE)"
RESTRICTS = "by.require(Permission.RESTRICT_PEOPLE)"
INVITES = "by.require(Permission.INVITE_LANDLORDS)"
OPEN = "cases.require_open(case)"

BREAKS: dict[str, list[tuple[Any, ...]]] = {
    "cases/lifecycle.py": [
        ("S.CLOSED: Needs.ORDERS_MET", "S.CLOSED: Needs.NOTHING"),
        ("S.CLOSED: Needs.ORDERS_MET", "S.CLOSED: Needs.NOTHING", 6),
        ("S.DETERMINED: Needs.NO_REMEDIES", "S.DETERMINED: Needs.NOTHING"),
        ("S.DETERMINED_AWAITING_ACTION: Needs.REMEDIES", "S.DETERMINED_AWAITING_ACTION: Needs.NOTHING"),
        ("S.REVIEW: Team.REVIEW", "S.REVIEW: Team.TRIAGE"),
        ("Needs.ORDERS_MET: facts.orders_outstanding == 0", "Needs.ORDERS_MET: True"),
        ("if facts.tasks_outstanding:", "if False:"),
        ("if facts.tasks_to_check:", "if False:"),
        ("if to in DETERMINATIONS and to in MOVES[status]:", "if False:"),
        ("Refused.SAME: status is to", "Refused.SAME: False"),
        ("return self.orders_outstanding + self.recommendations_outstanding", "return self.orders_outstanding"),
    ],
    "cases/querysets.py": [
        ("landlord_id=actor.landlord_id, released_at__isnull=False", "landlord_id=actor.landlord_id"),
        ("landlord_id=actor.landlord_id, released_at__isnull=False", "released_at__isnull=False"),
        (STAFF_SEES, "not actor.is_landlord"),
        ("landlord_id=actor.landlord_id, landlord_may_read=True", "landlord_id=actor.landlord_id"),
        ("return self.filter(staff_may_read=True)", "return self.all()"),
    ],
    "cases/actions.py": [
        ("by.require(Permission.CREATE_CASES)", "None"),
        ("by.require(Permission.CREATE_CASES)", "None", 2),
        ("by.require(Permission.MOVE_CASES)", "None"),
        ("if case.is_released:", "if False:"),
        ("lifecycle.check_chosen(Status(case.status), to)", "None"),
        ("if not resident_name:", "if False:"),
    ],
    "tasks/deadlines.py": [
        ("if due_on < today:", "if due_on <= clock.today():"),
        ("if due_on < today:", "if False:"),
        ("if due_on < self.today:", "if due_on <= self.today:"),
        ("if due_on <= self.approaching_until:", "if due_on < self.approaching_until:"),
        ("return Nearness.PENDING if opened else Nearness.NEW", "return Nearness.NEW if opened else Nearness.PENDING"),
        ("if not 1 <= working_days <= MOST_WORKING_DAYS:", "if not 0 <= working_days <= MOST_WORKING_DAYS:"),
        ("due_on != counted", "due_on < counted"),
        ("if due_on < today or is_too_far", "if due_on <= today or is_too_far"),
        ("or due_on == following:", "or due_on == following or due_on == today:"),
    ],
    "tasks/actions.py": [
        (SETS, "None"),
        (SETS, "None", 2),
        (SETS, "None", 3),
        (SETS, "None", 4),
        (SETS, "None", 5),
        (SETS, "None", 6),
        (SETS, "None", 7),
        (WORKS, "None"),
        (WORKS, "None", 2),
        (WORKS, "None", 3),
        ("letter.case_id != case.pk or", ""),
        ("or letter.visibility != Visibility.BOTH", ""),
        ("if completed_on > clock.today():", "if False:"),
        ('task.unable_reason, task.return_reason = "", ""', "None"),
        ("ends = task.kind == TaskKind.FOR_INFORMATION", "ends = False"),
        ("if task.state != TaskState.CHECKING:", "if False:"),
        ("if task.state != TaskState.CHECKING:", "if False:", 2),
        ("old_due_on=task.due_on", "old_due_on=due_on"),
        ("if task.parts_open:", "if False:"),
        ('case.tasks_outstanding, case.next_due_on = left["count"], left["first"]', 'case.next_due_on = left["first"]'),
    ],
    "tasks/querysets.py": [(SEES_TASKS, "landlord_id=own"), (SEES_TASKS, "case__released_at__isnull=False")],
    "messaging/querysets.py": [(SEES, "landlord_id=actor.landlord_id"), (SEES, "case__released_at__isnull=False")],
    "documents/querysets.py": [
        (f'{SEES}, visibility="both"', SEES),
        (f'{SEES}, visibility="both"', 'landlord_id=actor.landlord_id, visibility="both"'),
        (f'{SEES}, visibility="both"', 'case__released_at__isnull=False, visibility="both"'),
        (f"{SEES})", "case__released_at__isnull=False)"),
        ("by_landlord=True, seen_by_service_at__isnull=True", "by_landlord=True"),
    ],
    "documents/withdrawing.py": [
        ("if document.is_withdrawn:", "if False:"),
        ("if not document.by_landlord:", "if False:"),
        ("if document.submission_id is None:", "if False:"),
        ("if not case.is_open:", "if False:"),
        ("if document.opened_by_service_at is not None:", "if False:"),
        ("if document.is_relied_on:", "if False:"),
        (WORKS, "None"),
        (WORKS, "None", 2),
        (WORKS, "None", 3),
        ("if not can_be_chosen(category):", "if False:"),
        ("if len(uploads) > 1:", "if False:"),
    ],
    "landlords/actions.py": [
        (INVITES, "None"),
        (INVITES, "None", 2),
        ("if not name:", "if False:"),
        ("if not administrator_name:", "if False:"),
        ("if landlord.state != LandlordState.INVITED:", "if False:"),
        ('trail.record(by, "landlord invited", landlord, email=user.email)', "None"),
        ('trail.record(by, "invitation sent again", landlord)', "None"),
        ('trail.record(None, "landlord activated", landlord)', "None"),
        ("filter(name__iexact=name)", "filter(name=name)"),
        ("filter(email__iexact=email.strip())", "filter(email=email.strip())"),
        ("role=Role.ADMINISTRATOR", "role=Role.SUB_ACCOUNT"),
    ],
    "landlords/sub_accounts.py": [
        ("by.require(Permission.LANDLORD_MANAGE_PEOPLE)", "None"),
        (INVITES, "None"),
        ("if active_sub_accounts(landlord.pk) >= limit:", "if active_sub_accounts(landlord.pk) > limit:"),
        ("if not 0 <= limit <= MOST:", "if False:"),
        ("if not still.exists():", "if False:"),
        ("filter(user__is_active=True).count()", "count()"),
    ],
    "notifications/recipients.py": [
        ("if member.user_id != entry.actor_id]", "]"),
        ("entry.landlord_may_read and case.is_released", "entry.landlord_may_read"),
        ("if not entry.case.is_open:", "if False:"),
        ("if not task.is_outstanding:", "if False:"),
        ("if task.due_on != due_on:", "if False:"),
        ("if owner is None or owner.user_id == entry.actor_id:", "if owner is None:"),
    ],
    "notifications/fan_out.py": [
        ("if user_id != entry.actor_id and (", "if ("),
        ("if user_id != entry.actor_id and (", "if (told is Audience.COLLEAGUE or user_id != entry.actor_id) and ("),
        ("if user_id != entry.actor_id and (", "if (told is Audience.NEW_OWNER or user_id != entry.actor_id) and ("),
        ("if user_id != entry.actor_id and (", "if (told is Audience.LANDLORD or user_id != entry.actor_id) and ("),
        ("if user_id != entry.actor_id and (", "if (told is Audience.OWNER or user_id != entry.actor_id) and ("),
    ],
    "access/roles.py": [
        ("_LANDLORD | {P.LANDLORD_MANAGE_PEOPLE}", "_LANDLORD"),
        ('"Works on all of the landlord’s cases.", _LANDLORD)', '"Works.", _LANDLORD | {P.LANDLORD_MANAGE_PEOPLE})'),
        ("                P.READ_AUDIT,\n", "                P.MOVE_CASES,\n"),
        ("_CASEWORK | {P.SEE_RESTRICTIONS, P.RESTRICT_PEOPLE}", "_CASEWORK"),
        (
            "frozenset({P.SEE_SUPPORT, P.WRITE_SUPPORT})",
            "frozenset({P.SEE_SUPPORT, P.WRITE_SUPPORT, P.SEE_ALL_SUPPORT})",
        ),
    ],
    "access/levels.py": [
        ("Level.READ_ONLY: _WRITING", "Level.READ_ONLY: frozenset({P.LANDLORD_WORK_CASES})"),
        ("Level.FULL_BLOCK: frozenset(P)", "Level.FULL_BLOCK: _WRITING"),
        ("return self is Level.FULL_BLOCK", "return False"),
        ("Level.MESSAGE_BLOCK: frozenset({P.LANDLORD_WRITE_MESSAGES})", "Level.MESSAGE_BLOCK: frozenset()"),
    ],
    "restrictions/actions.py": [
        (RESTRICTS, "None", 2),
        (RESTRICTS, "None", 3),
        (RESTRICTS, "None", 4),
        (RESTRICTS, "None", 5),
        ("if review_on <= clock.today():", "if False:"),
        ("if review_on > clock.today() + _LONGEST:", "if False:"),
        ("if not restriction.is_open:", "if False:"),
        ("emails.lifted(restriction, restriction.user)", "None"),
        ("_review(review_on), None", "_review(review_on), restriction.read_at"),
    ],
    "restrictions/querysets.py": [
        ("if actor.is_landlord or not actor.may(Permission.SEE_RESTRICTIONS) else", "if False else")
    ],
    "determinations/querysets.py": [
        (
            '"determination__issued_at__isnull": False, "case__released_at__isnull": False',
            '"case__released_at__isnull": False',
        ),
        ("landlord_id=actor.landlord_id, issued_at__isnull=False", "landlord_id=actor.landlord_id"),
        ("landlord_id=actor.landlord_id, issued_at__isnull=False", "issued_at__isnull=False"),
        ("landlord_id=actor.landlord_id, **issued", "**issued"),
    ],
    "determinations/orders.py": [
        (WORKS, "None"),
        (WORKS, "None", 2),
        (DETERMINES, "None"),
        (DETERMINES, "None", 2),
        (DETERMINES, "None", 3),
        ("if confirmation.is_in_part:", "if False:"),
        ("if due_on is not None and due_on < old:", "if False:"),
        ("if due_on < issued:", "if False:"),
        ("if len(found) != len(wanted):", "if False:"),
        ("if not wanted:", "if False:"),
        ("if feedback == Feedback.NOT_ACCEPTED:", "if False:"),
        ("documents.rely_on(evidence)", "None"),
        ("case_id=case.pk, by_landlord=True", "case_id=case.pk"),
    ],
    "determinations/reviews.py": [
        ("timedelta(days=settings.REVIEW_DAYS)", "timedelta(days=settings.REVIEW_DAYS + 1)"),
        ("if is_pending:", "if False:"),
        ("if case.status not in ASKED_IN:", "if False:"),
        ("by.team == Team.REVIEW or by.role == Role.TEAM_MANAGER", "True"),
    ],
    "access/kept.py": [
        ("name: Given(name) for name in OF_THE_ACTOR", "name: getattr(by, name) for name in OF_THE_ACTOR"),
        ("default.vendor, _kind(by), shape", "default.vendor, None, shape"),
        ("_kind(by), shape, tuple", "_kind(by), None, tuple"),
        ("with clock.hidden():", "if True:"),
        ("if value is None:", "if False:"),
    ],
    "restrictions/access_state.py": [
        ("restriction=Level(read.open_level) if read.open_level else None", "restriction=None"),
        ("user_id=user_id, ended_at__isnull=True)", "user_id=user_id)"),
    ],
    "pages/middleware.py": [
        ("return user if is_known_backend and is_same_password", "return user if is_same_password"),
        ("return user if is_known_backend and is_same_password", "return user if is_known_backend"),
        ("or not user.is_active:", "or False:"),
    ],
    "pages/design/components.py": [
        ("if len(written) <= LONGEST", "if True"),
        ("marshal.dumps(parameters, 2)", "str(parameters).encode() and marshal.dumps(dict(parameters, value=None), 2)"),
    ],
    "accounts/hashing.py": [
        ("if algorithm != own:", "if False:"),
        ("for one in former if _is_in_use(one)", "for one in former if False"),
        ("is_active=True, password__startswith", "password__startswith"),
    ],
    "accounts/rate_limits.py": [
        ("if tally.paused_until and now < tally.paused_until:", "if False:"),
        ("if began := tally.tries >= limit.tries:", "if began := tally.tries > limit.tries:"),
        ("text.strip().casefold()", "text.strip()"),
    ],
    "support/querysets.py": [
        ("referred_at__isnull=False, is_suspected_spam=False", "is_suspected_spam=False"),
        ("mine.filter(landlord_id=actor.landlord_id) if actor.landlord_id", "mine if actor.landlord_id"),
    ],
    "filters/querysets.py": [("landlord_id=actor.landlord_id)", ")"), ("Q(is_shared=True)", "Q(pk__gt=0)")],
    "teams/actions.py": [
        ("by.require(Permission.MANAGE_SERVICE_PEOPLE)", "None"),
        ("if not keepers.filter(user_id=by.user_id, user__is_active=True).exists():", "if False:"),
        ("if member.user_id == by.user_id:", "if False:"),
        ("if role not in SERVICE_ROLES:", "if False:"),
        ("        if team:\n", "        if False:\n"),
        ("if team not in Team.values:", "if False:"),
        ("if not member.user.is_active:", "if False:"),
        ("if member.user.is_active:", "if False:"),
        ("role=Role.PORTAL_TEAM, user__is_active=True).exists():", "role=Role.PORTAL_TEAM).exists():"),
        ("if User.objects.with_address(email).exists():", "if False:"),
        ('if not name.strip() or "@" not in email:', 'if "@" not in email:'),
        ('trail.record(by, "service person created", user, role=found_role, team=found_team)', "None"),
        ('trail.record(None, "first person created", member.user, email=email)', "None"),
    ],
    "drafts/actions.py": [
        ("if shown_at and draft.ended_at and shown_at <= draft.ended_at:", "if False:"),
        ("filter(user_id=user_id, saved_at__gt=since)", "filter(saved_at__gt=since)"),
        ("filter(user_id=user_id, saved_at__gt=since)", "filter(user_id=user_id)"),
        ("Draft.objects.filter(user_id=user_id, key=key).update(", "Draft.objects.filter(key=key).update("),
        ("Draft.objects.get(user_id=user_id, pk=draft_id)", "Draft.objects.get(pk=draft_id)"),
        ("len(key) > LONGEST_KEY or", ""),
        ("saved_at__lt=now - settings.DRAFT_KEPT_FOR", "saved_at__lt=now"),
        ("if text.strip()}", "}"),
    ],
    "audit/trail.py": [
        ("row.save()", "row.save(); row.pk = None; row.save()"),
        ("actor_id=by.user_id if by else None", "actor_id=None"),
    ],
    "mail/outbox.py": [
        ("seal(_LABEL, draft.body) if draft.is_secret else draft.body", "draft.body"),
        ('{"body": ""} if row.is_secret else {}', "{}"),
        ("if row.message_id not in known]", "]"),
        ("from_email=row.from_address or None", "from_email=None"),
        ("by.require(Permission.SEE_MAIL)", "None"),
        ("and code >= 500:", "and code >= 400:"),
        ('sent_at=clock.now(), sealed_tag=""', "sent_at=clock.now()"),
        ('f"{tag} {row.subject}" if tag else row.subject', "row.subject"),
    ],
    "files/actions.py": [
        ("user_id=by.user_id, landlord_id=by.landlord_id, target=target", "target=target"),
        ("target=target, expires_at__gt=now)", "expires_at__gt=now)"),
        ("target=target, expires_at__gt=now)", "target=target)"),
        ("if len(uploads) != len(wanted):", "if False:"),
        ("if upload.stored_id is None]", "]"),
        ("Upload.objects.filter(user_id=user_id, expires_at__gt=now)", "Upload.objects.filter(expires_at__gt=now)"),
        ("if stored is not None:", "if False:"),
        ('there["count"] >= settings', 'there["count"] > settings'),
        ("filter(expires_at__lte=now)", "all()"),
    ],
    "search/querysets.py": [("return self.filter(landlord_id=actor.landlord_id)", "return self.all()")],
}
MUTANTS = _mutants()
