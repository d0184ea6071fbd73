"""Whatever happens to accounts, in whatever order: each person has a way to a complete sign-in, or is deactivated on
purpose and can be reactivated. A state machine over invite, password, lock, deactivate, reactivate, reset, change of
address and hand-over (H27).
"""

from contextlib import suppress
from datetime import datetime, timedelta
from itertools import count

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from portal.access.actor import Actor
from portal.access.roles import Role
from portal.accounts import rate_limits
from portal.accounts.models import User
from portal.accounts.rate_limits import Kind, Paused
from portal.landlords import actions as landlords
from portal.landlords import main_account, sub_accounts
from portal.landlords.main_account import Former
from portal.landlords.models import Landlord, LandlordState, Membership
from portal.landlords.people import actor_of, administrator_of
from portal.lib import clock
from portal.lib.errors import RuleBroken
from portal.pages.shared.password_links import password_href
from portal.teams import people as team_people
from portal.teams.models import StaffMember
from tests.signing_in import link_in_mail, mails_to, sign_in_by_pages, type_password

pytestmark = [pytest.mark.long, pytest.mark.once(on="sqlite")]

ADDRESSES = [f"{name}@elm.example" for name in ("ada", "bo", "cy", "di", "ed", "flo")]
CHECKED = "Called back."
places = st.integers(min_value=0, max_value=9)
addresses = st.sampled_from(ADDRESSES)
formers = st.sampled_from(list(Former))


class Accounts(RuleBasedStateMachine):
    """One landlord and its people. `touched` is whoever the last step was about."""

    def __init__(self) -> None:
        super().__init__()
        self.world = transaction.atomic()
        self.world.__enter__()
        self.now, self.passwords = clock.now(), count(1)
        worker = User.objects.create_user(email="gwen@ombudsman.example", name="Gwen")
        self.gwen = team_people.actor_of(StaffMember.objects.create(user=worker, role=Role.PORTAL_TEAM))
        self.landlord: Landlord | None = None
        self.touched: int | None = None

    def teardown(self) -> None:
        try:
            for member in self.members():
                self.has_a_way_back(member)
        finally:
            transaction.set_rollback(True)
            self.world.__exit__(None, None, None)

    @initialize()
    def invite(self) -> None:
        self.landlord = landlords.invite_landlord(
            name="Elm Homes", administrator_name="Ada", email=ADDRESSES[0], kind="Charity", homes=None, by=self.gwen
        )
        self.touched = administrator_of(self.landlord.pk).pk

    # What people do

    @rule(minutes=st.sampled_from([1, 16, 61, 1500]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule()
    def is_invited_again(self) -> None:
        with suppress(RuleBroken):
            landlords.resend_invitation(self.landlord, by=self.gwen)

    @rule(email=addresses)
    def creates_a_user(self, email: str) -> None:
        with clock.moved_to(self.now), suppress(RuleBroken):
            made = sub_accounts.create_sub_account(name="Somebody", email=email, href=password_href, by=self.admin())
            self.touched = made.pk

    @rule(place=places)
    def makes_a_password_and_signs_in(self, place: int) -> None:
        member = self.one(place)
        if member.user.is_active:
            self.comes_in(member, self.now)

    @rule(place=places)
    def types_wrong_passwords(self, place: int) -> None:
        member = self.one(place)
        with clock.moved_to(self.now):
            for _ in range(6):
                type_password(Client(), member.user.email, "not-the-password")

    @rule(place=places)
    def types_wrong_codes(self, place: int) -> None:
        self.exhaust(Kind.CODE, self.one(place), 7)

    @rule(place=places)
    def asks_for_too_many_codes(self, place: int) -> None:
        self.exhaust(Kind.CODE_MAIL, self.one(place), 11)

    @rule(place=places)
    def asks_for_too_many_links(self, place: int) -> None:
        self.exhaust(Kind.LINK_MAIL, self.one(place), 6)

    @rule(place=places)
    def is_deactivated(self, place: int) -> None:
        with clock.moved_to(self.now), suppress(RuleBroken, Membership.DoesNotExist):
            sub_accounts.deactivate(self.one(place).pk, by=self.admin())

    @rule(place=places)
    def is_reactivated(self, place: int) -> None:
        with clock.moved_to(self.now), suppress(RuleBroken, Membership.DoesNotExist):
            sub_accounts.reactivate(self.one(place).pk, href=password_href, by=self.admin())

    @rule(place=places)
    def gets_the_password_reset(self, place: int) -> None:
        with clock.moved_to(self.now), suppress(RuleBroken, Membership.DoesNotExist):
            sub_accounts.reset_password(self.one(place).pk, href=password_href, by=self.admin())

    @rule(place=places, email=addresses)
    def changes_address(self, place: int, email: str) -> None:
        with clock.moved_to(self.now), suppress(RuleBroken):
            main_account.change_address(self.landlord, self.one(place).pk, email=email, checked=CHECKED, by=self.gwen)

    @rule(place=places, former=formers)
    def takes_over(self, place: int, former: Former) -> None:
        self.hand_over(former, successor_id=self.one(place).pk)

    @rule(email=addresses, former=formers)
    def somebody_new_takes_over(self, email: str, former: Former) -> None:
        self.touched = administrator_of(self.landlord.pk).pk  # it is the former one who might be stranded
        self.hand_over(former, successor_id=None, name="Somebody New", email=email)

    # What is always true

    @invariant()
    def there_is_one_active_administrator_and_no_sub_account_too_many(self) -> None:
        if self.landlord is None:
            return
        (holder,) = [member for member in self.members() if member.role == Role.ADMINISTRATOR]
        assert holder.user.is_active
        assert sub_accounts.active_sub_accounts(self.landlord.pk) <= self.landlord.sub_account_limit

    @invariant()
    def whoever_was_touched_has_a_way_back(self) -> None:
        if self.touched is not None:
            self.has_a_way_back(Membership.objects.select_related("user").get(pk=self.touched))

    # How it is found out: all of it is taken back afterwards

    def has_a_way_back(self, member: Membership) -> None:
        """At once; after two hours for somebody who has been sent as many links as an hour allows."""
        with transaction.atomic():
            if not member.user.is_active:
                self.is_shut_out_and_let_in_again(member)
            came_in = self.comes_in(member, self.now) or self.comes_in(member, self.now + timedelta(hours=2))
            assert came_in, "no link, although every limit is over"
            transaction.set_rollback(True)

    def is_shut_out_and_let_in_again(self, member: Membership) -> None:
        assert member.user.deactivated_at is not None
        assert member.role == Role.SUB_ACCOUNT
        with clock.moved_to(self.now):
            before = len(mails_to(member.user.email, "password link"))
            Client().post(reverse("account_reset_password"), {"email": member.user.email})
            assert len(mails_to(member.user.email, "password link")) == before
            sub_accounts.set_limit(self.landlord, limit=50, by=self.gwen)
            sub_accounts.reactivate(member.pk, href=password_href, by=self.admin())

    def comes_in(self, member: Membership, at: datetime) -> bool:
        """The way that the sign-in page offers to everybody: a link, a new password, a code. False when no link came."""
        self.touched, email = member.pk, member.user.email
        password, client = f"a-new-password-{next(self.passwords)}", Client()
        with clock.moved_to(at):
            before = len(mails_to(email, "password link"))
            client.post(reverse("account_reset_password"), {"email": email})
            if len(mails_to(email, "password link")) == before:
                return False
            client.post(link_in_mail(email), {"password": password, "again": password})
            sign_in_by_pages(client, email, password)
            answer = client.get("/")
            assert answer.status_code == 200, f"{email} did not come in: {answer.status_code}"
            self.landlord.refresh_from_db()
            assert member.role != Role.ADMINISTRATOR or self.landlord.state == LandlordState.ACTIVE
        return True

    def members(self) -> list[Membership]:
        return list(Membership.objects.filter(landlord=self.landlord).select_related("user").order_by("pk"))

    def one(self, place: int) -> Membership:
        members = self.members()
        self.touched = members[place % len(members)].pk
        return members[place % len(members)]

    def admin(self) -> Actor:
        return actor_of(administrator_of(self.landlord.pk))

    def exhaust(self, kind: Kind, member: Membership, tries: int) -> None:
        with clock.moved_to(self.now), suppress(Paused):
            for _ in range(tries):
                rate_limits.begin(kind, rate_limits.subject_of(member.user.email))

    def hand_over(self, former: Former, *, successor_id: int | None, **new: str) -> None:
        with clock.moved_to(self.now), suppress(RuleBroken):
            main_account.hand_over(
                self.landlord,
                successor_id=successor_id,
                former=former,
                checked=CHECKED,
                href=password_href,
                by=self.gwen,
                **new,
            )


@pytest.mark.row("H27")
@pytest.mark.django_db
def test_no_order_of_steps_leaves_anybody_at_a_dead_end() -> None:
    run_state_machine_as_test(
        Accounts,
        settings=settings(
            max_examples=15,
            stateful_step_count=14,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
    assert not Landlord.objects.exists()
