"""How each act and each opening that the audit trail knows is done: verb -> who does it, and what makes the act ready."""

from collections.abc import Callable
from functools import partial

from django.test import Client

from portal.accounts import actions as accounts
from portal.accounts import factors, password_links, rate_limits
from portal.accounts.models import Session, User
from portal.accounts.rate_limits import Kind
from portal.cases import actions as cases
from portal.cases import diary_writer
from portal.cases.diary import Happened
from portal.content import actions as content
from portal.determinations import actions as determinations
from portal.determinations import drafting, issuing, version_tokens
from portal.determinations.letters import Reader
from portal.documents import actions as documents
from portal.documents.models import Submission, Visibility
from portal.filters import actions as filters
from portal.filters.models import List
from portal.landlords import actions as landlords
from portal.landlords import main_account, register, sub_accounts
from portal.landlords.models import Landlord, Membership
from portal.landlords.people import administrator_of
from portal.mail import outbox
from portal.messaging import actions as messaging
from portal.notifications import choices, delivery_log
from portal.notifications.topics import paces_for, topics_for
from portal.restrictions import actions as restrictions
from portal.restrictions.models import Restriction
from portal.support import actions as support
from portal.support import notices, receiving
from portal.tasks import actions as tasks
from portal.tasks.models import Task, TaskKind
from portal.teams import actions as teams
from portal.teams.models import StaffMember, Team
from tests import determination_scene as scene
from tests import second_factors
from tests.cast import PASSWORD, Cast, in_days
from tests.signing_in import sign_in
from tests.support_scene import WHERE, fault, reported

Act = Callable[[], object]  # the one thing whose row is counted
Scene = Callable[[Cast], Act]  # makes what the act needs
NEW_PASSWORD = "another-long-enough-phrase"
WHY = "A reason of several words."
APPEAL = "Write to the Head of Casework."


def href(token: str) -> str:
    return f"/password/{token}/"


# Accounts


def _paused(kind: Kind) -> rate_limits.Try:
    """The wrong try with which a pause begins."""
    while not (attempt := rate_limits.begin(kind, rate_limits.subject_of("amina@alder.example"))).began_pause:
        pass
    return attempt


def _wrong_password(cast: Cast) -> Act:
    attempt = rate_limits.begin(Kind.CODE, rate_limits.subject_of("amina@alder.example"))
    return partial(accounts.password_was_wrong, "amina@alder.example", attempt, ip="192.0.2.7")


def _another_device(cast: Cast) -> Act:
    sign_in(Client(), cast.users["amina"])
    return partial(accounts.end_one_session, Session.objects.get(user=cast.users["amina"]).pk, by=cast.amina)


def _new_password(cast: Cast) -> Act:
    token = password_links.make(cast.users["amina"])
    return partial(accounts.make_password, token, NEW_PASSWORD, browser=None)


def _app(cast: Cast) -> list[str]:
    """Amina sets her app up. Gives her recovery codes."""
    secret, user = second_factors.SECRET, cast.users["amina"]
    return factors.add_app(user, secret=secret, code=second_factors.code_of(), by=cast.amina, session_key=None)


def _removed_app(cast: Cast) -> Act:
    _app(cast)
    user = cast.users["amina"]
    (app,) = (one for one in factors.factors_of(user.pk) if one.kind == factors.APP)
    return partial(factors.remove, user, app.id, by=cast.amina, session_key=None)


def _passkey(cast: Cast) -> Act:
    user = cast.users["amina"]
    return partial(factors.add_passkey, user, name="Phone", credential={}, by=cast.amina, session_key=None)


def _removed_passkey(cast: Cast) -> Act:
    _passkey(cast)()
    user = cast.users["amina"]
    (key,) = (one for one in factors.factors_of(user.pk) if one.kind == factors.PASSKEY)
    return partial(factors.remove, user, key.id, by=cast.amina, session_key=None)


def _used_code(cast: Cast) -> Act:
    return partial(factors.passed_with_code, cast.users["amina"], _app(cast)[0])


def _new_codes(cast: Cast) -> Act:
    _app(cast)
    return partial(factors.make_recovery_codes, cast.users["amina"], by=cast.amina, session_key=None)


def _reset_factors(cast: Cast) -> Act:
    _app(cast)
    return partial(factors.reset, cast.users["amina"], identity_check="Called back on 1 May.", by=cast.gwen)


# The service's people and the landlords


def _esi(cast: Cast) -> StaffMember:
    return StaffMember.objects.select_related("user").get(user=cast.users["esi"])


def _reactivated(cast: Cast) -> Act:
    teams.deactivate(_esi(cast), by=cast.gwen)
    return partial(teams.reactivate, _esi(cast), href=href, by=cast.gwen)


def _new_person(cast: Cast) -> Act:
    given = {"name": "Nina New", "email": "nina@ombudsman.example", "role": "caseworker", "team": Team.REVIEW}
    return partial(teams.create_service_person, **given, href=href, by=cast.gwen)


def _first_person(cast: Cast) -> Act:
    User.objects.filter(pk=cast.users["gwen"].pk).update(is_active=False)
    return partial(teams.first_person, name="Flo First", email="flo@ombudsman.example")


def _invite(cast: Cast) -> Landlord:
    given = {"name": "Elm Homes", "administrator_name": "Ada Elm", "email": "ada@elm.example", "kind": "", "homes": 20}
    return landlords.invite_landlord(**given, by=cast.gwen)


def _first_sign_in(cast: Cast) -> Act:
    return partial(landlords.note_first_sign_in, administrator_of(_invite(cast).pk).user_id)


def _address(cast: Cast) -> Act:
    member = administrator_of(cast.alder.pk).pk
    return partial(main_account.change_address, cast.alder, member, email="a@alder.example", checked=WHY, by=cast.gwen)


def _handed_over(cast: Cast) -> Act:
    successor = Membership.objects.get(user=cast.users["ben"]).pk
    former = main_account.Former.STAYS
    return partial(
        main_account.hand_over,
        cast.alder,
        successor_id=successor,
        former=former,
        checked=WHY,
        href=href,
        by=cast.gwen,
    )


# Restrictions


def _impose(cast: Cast, level: str = "warn") -> Restriction:
    return restrictions.impose(
        Membership.objects.get(user=cast.users["ben"]),
        level=level,
        reason=WHY,
        appeal=APPEAL,
        approver_id=cast.farid.user_id,
        review_on=in_days(30),
        by=cast.gwen,
    )


def _ikes() -> int:
    return Restriction.objects.get().pk


def _changed_level(cast: Cast) -> Act:
    given = {"level": "full-block", "reason": WHY, "approver_id": cast.farid.user_id, "review_on": in_days(30)}
    return partial(restrictions.change_level, _ikes(), **given, by=cast.gwen)


def _read_warning(cast: Cast) -> Act:
    _impose(cast)
    return partial(restrictions.note_read, by=cast.ben)


# Content, notices, filters, notifications


def _category_back(cast: Cast) -> Act:
    content.retire_category("repairs", by=cast.gwen)
    return partial(content.restore_category, "repairs", by=cast.gwen)


def _closure(cast: Cast) -> Act:
    return partial(content.add_closure, day=scene.working_day(7), reason="Conference", by=cast.gwen)


def _no_closure(cast: Cast) -> Act:
    closure = content.add_closure(day=scene.working_day(7), reason="Conference", by=cast.gwen)
    return partial(content.remove_closure, closure.pk, by=cast.gwen)


NOTICE = {"kind": "known-issue", "text": "Sorting is slow.", "starts_at": None, "ends_at": None, "is_banner": False}


def _notice(cast: Cast) -> int:
    return notices.put_up(**NOTICE, by=cast.gwen).pk


def _filter(cast: Cast) -> int:
    return filters.save_filter(List.TASKS, name="Mine", query="assigned=me", by=cast.amina).pk


def _settings(cast: Cast) -> Act:
    paces = {topic.value: paces_for(cast.amina.role)[0].value for topic in topics_for(cast.amina)}
    return partial(choices.choose_mails, paces=paces, any_time=False, by=cast.amina)


# Cases, tasks, documents, determinations


def _task(cast: Cast) -> Task:
    return tasks.set_task(cast.case, kind=TaskKind.RECORD_COMPLAINT, title="", due_on=scene.working_day(9), by=cast.dev)


def _thread(cast: Cast) -> Act:
    thread = messaging.start_thread(cast.case, subject="Access", body="Please arrange access.", by=cast.dev)
    return partial(messaging.open_thread, cast.case, thread.pk, by=cast.amina)


def _added(cast: Cast) -> Act:
    given = {"name": "a.txt", "content": b"words\n", "category": "repairs", "visibility": Visibility.BOTH}
    return partial(documents.share_document, cast.case, **given, by=cast.dev, announce=False)


def _opened(cast: Cast) -> Act:
    return partial(documents.open_document, cast.case.reference, scene.proof(cast.case, cast.amina).pk, by=cast.dev)


def _seen(cast: Cast) -> Act:
    scene.proof(cast.case, cast.amina)
    return partial(documents.mark_uploads_seen, cast.case, by=cast.dev)


def _receipt(cast: Cast) -> Act:
    scene.proof(cast.case, cast.amina)
    return partial(documents.open_receipt, cast.case, Submission.objects.get().pk, by=cast.amina)


def _draft(cast: Cast) -> Act:
    return partial(drafting.start_draft, scene.investigated(cast.case, cast.dev), by=cast.dev)


def _written(cast: Cast) -> Act:
    case = scene.investigated(cast.case, cast.dev)
    return partial(drafting.write_complaint, case, words="Damp.", finding="maladministration", by=cast.dev)


def _removed_row(cast: Cast) -> Act:
    row = _written(cast)()
    return partial(drafting.remove_row, cast.case, "complaints", row.pk, shown=version_tokens.of_row(row), by=cast.dev)


def _discarded(cast: Cast) -> Act:
    _written(cast)()
    return partial(drafting.discard_draft, cast.case, shown=drafting.the_draft(cast.case).version_token, by=cast.dev)


def _letter(cast: Cast) -> Act:
    return partial(issuing.preview_letter, scene.drafted(cast), Reader.LANDLORD, by=cast.dev)


def _determined(cast: Cast) -> Act:
    return partial(determinations.open_determinations, scene.determined(cast).case, by=cast.amina)


# Support


def _resolved(cast: Cast) -> int:
    return support.resolve(reported(cast).pk, text="Mended.", by=cast.gwen).pk


def _trapped() -> int:
    return support.report_fault(fault(email="robot@spam.example"), by=None, where=WHERE, is_trapped=True).pk


def _file(cast: Cast) -> Act:
    ticket = reported(cast)
    return partial(support.open_file, ticket, ticket.posts.get().files.get().pk, by=cast.gwen)


def _unfiled() -> int:
    return receiving.receive(b"From: somebody@elsewhere.example\r\nSubject: Help\r\n\r\nIt fails.\r\n").pk


def _diary(kind: Happened) -> Scene:
    return lambda cast: partial(diary_writer.write, cast.case, kind, by=cast.dev)


# verb -> who does it ("" is the portal itself), and how
SCENES: dict[str, tuple[str, Scene]] = {
    "account created": ("gwen", _new_person),
    "added a passkey": ("amina", _passkey),
    "added an authenticator app": ("amina", lambda cast: partial(_app, cast)),
    "address changed": ("gwen", _address),
    "changed the password": (
        "amina",
        lambda cast: partial(
            accounts.change_password,
            cast.users["amina"],
            current=PASSWORD,
            new=NEW_PASSWORD,
            by=cast.amina,
            browser=None,
            session_key=None,
        ),
    ),
    "deactivated": ("gwen", lambda cast: partial(teams.deactivate, _esi(cast), by=cast.gwen)),
    "link to make a password asked for": (
        "",
        lambda cast: partial(accounts.ask_for_link, "amina@alder.example", ip="192.0.2.7", href=href),
    ),
    "made a new password": ("", _new_password),
    "made new recovery codes": ("amina", _new_codes),
    "password reset": ("gwen", lambda cast: partial(teams.reset_password, _esi(cast), href=href, by=cast.gwen)),
    "reactivated": ("gwen", _reactivated),
    "removed authenticator app": ("amina", _removed_app),
    "removed passkey": ("amina", _removed_passkey),
    "reset second factors": ("gwen", _reset_factors),
    "sign-in lock began": (
        "",
        lambda cast: partial(accounts.password_was_wrong, "amina@alder.example", _paused(Kind.CODE), ip="192.0.2.7"),
    ),
    "signed another device out": ("amina", _another_device),
    "signed in": (
        "amina",
        lambda cast: partial(
            accounts.signed_in, cast.users["amina"], by=cast.amina, ip="192.0.2.7", user_agent="Firefox"
        ),
    ),
    "signed out": ("amina", lambda cast: partial(accounts.signed_out, by=cast.amina)),
    "signed the other devices out": (
        "amina",
        lambda cast: partial(accounts.end_other_sessions, but=None, by=cast.amina),
    ),
    "stopped guesses at codes": (
        "",
        lambda cast: partial(accounts.code_was_wrong, cast.users["amina"], _paused(Kind.CODE)),
    ),
    "used a recovery code": ("", _used_code),
    "wrong password": ("", _wrong_password),
    "first person created": ("", _first_person),
    "role or team changed": (
        "gwen",
        lambda cast: partial(teams.change_place, _esi(cast), role="auditor", team=None, by=cast.gwen),
    ),
    "service person created": ("gwen", _new_person),
    "invitation sent again": (
        "gwen",
        lambda cast: partial(landlords.resend_invitation, _invite(cast), by=cast.gwen),
    ),
    "landlord activated": ("", _first_sign_in),
    "landlord invited": ("gwen", lambda cast: partial(_invite, cast)),
    "landlord opened": ("dev", lambda cast: partial(register.open_landlord, cast.alder.pk, by=cast.dev)),
    "main account handed over": ("gwen", _handed_over),
    "sub account limit changed": (
        "gwen",
        lambda cast: partial(sub_accounts.set_limit, cast.alder, limit=9, by=cast.gwen),
    ),
    "access restricted": ("gwen", lambda cast: partial(_impose, cast)),
    "restriction changed": ("gwen", _changed_level),
    "restriction lifted": ("gwen", lambda cast: partial(restrictions.lift, _ikes(), reason=WHY, by=cast.gwen)),
    "restriction opened": ("gwen", lambda cast: partial(restrictions.open_restriction, _ikes(), by=cast.gwen)),
    "restriction reviewed": (
        "gwen",
        lambda cast: partial(restrictions.review, _ikes(), reason=WHY, review_on=in_days(30), by=cast.gwen),
    ),
    "warning read": ("ben", _read_warning),
    "category added": ("gwen", lambda cast: partial(content.add_category, label="Surveys", by=cast.gwen)),
    "category renamed": (
        "gwen",
        lambda cast: partial(content.rename_category, "repairs", label="Mending", by=cast.gwen),
    ),
    "category restored": ("gwen", _category_back),
    "category retired": ("gwen", lambda cast: partial(content.retire_category, "repairs", by=cast.gwen)),
    "closure added": ("gwen", _closure),
    "closure removed": ("gwen", _no_closure),
    "words changed": (
        "gwen",
        lambda cast: partial(content.change_words, "status.closed", text="It has ended.", by=cast.gwen),
    ),
    "words reset": ("gwen", lambda cast: partial(content.reset_words, "status.closed", by=cast.gwen)),
    "notice changed": ("gwen", lambda cast: partial(notices.change, _notice(cast), **NOTICE, by=cast.gwen)),
    "notice put up": ("gwen", lambda cast: partial(_notice, cast)),
    "notice taken down": ("gwen", lambda cast: partial(notices.take_down, _notice(cast), by=cast.gwen)),
    "filter changed": (
        "amina",
        lambda cast: partial(filters.change_filter, _filter(cast), name="My tasks", by=cast.amina),
    ),
    "filter deleted": ("amina", lambda cast: partial(filters.delete_filter, _filter(cast), by=cast.amina)),
    "filter saved": ("amina", lambda cast: partial(_filter, cast)),
    "notification settings changed": ("amina", _settings),
    "e-mail log opened": ("gwen", lambda cast: partial(outbox.open_log, by=cast.gwen)),
    "log of notifications opened": ("gwen", lambda cast: partial(delivery_log.open_log, by=cast.gwen)),
    "case opened": ("amina", lambda cast: partial(cases.open_case, cast.case.reference, by=cast.amina)),
    "task opened": ("amina", lambda cast: partial(tasks.open_task, _task(cast).pk, by=cast.amina)),
    "messages opened": ("amina", _thread),
    "document added": ("dev", _added),
    "document opened": ("dev", _opened),
    "receipt opened": ("amina", _receipt),
    "uploads marked as seen": ("dev", _seen),
    "determination drafted": ("dev", _draft),
    "determination opened": ("amina", _determined),
    "draft discarded": ("dev", _discarded),
    "draft letter opened": ("dev", _letter),
    "draft row removed": ("dev", _removed_row),
    "draft row saved": ("dev", _written),
    "list of suspected spam opened": ("gwen", lambda cast: partial(support.open_suspected, by=cast.gwen)),
    "list of unfiled mails opened": ("gwen", lambda cast: partial(receiving.open_unfiled, by=cast.gwen)),
    "support file read": ("gwen", _file),
    "support note written": (
        "gwen",
        lambda cast: partial(support.answer, reported(cast).pk, text=WHY, by=cast.gwen, is_internal=True),
    ),
    "support ticket answered": (
        "gwen",
        lambda cast: partial(support.answer, reported(cast).pk, text=WHY, by=cast.gwen),
    ),
    "support ticket discarded as spam": ("gwen", lambda cast: partial(support.discard, _trapped(), by=cast.gwen)),
    "support ticket is no spam": ("gwen", lambda cast: partial(support.not_spam, _trapped(), by=cast.gwen)),
    "support ticket opened": ("amina", lambda cast: partial(reported, cast)),
    "support ticket read": ("gwen", lambda cast: partial(support.open_ticket, reported(cast).pk, by=cast.gwen)),
    "support ticket referred to IT": ("gwen", lambda cast: partial(support.refer, reported(cast).pk, by=cast.gwen)),
    "support ticket reopened": ("gwen", lambda cast: partial(support.reopen, _resolved(cast), by=cast.gwen)),
    "support ticket replied to": (
        "amina",
        lambda cast: partial(support.reply, reported(cast).pk, text="It is back.", by=cast.amina),
    ),
    "support ticket resolved": ("gwen", lambda cast: partial(_resolved, cast)),
    "unfiled mail settled": ("gwen", lambda cast: partial(receiving.settle, _unfiled(), by=cast.gwen)),
    **{kind.value: ("dev", _diary(kind)) for kind in Happened},
}
