"""The first account of a new portal: made on the machine, once; from it everybody else."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from portal.teams.models import StaffMember
from tests.cast import PASSWORD
from tests.signing_in import link_in_mail, sign_in_by_pages


@pytest.mark.row("C1")
def test_the_first_person_makes_a_password_and_then_makes_the_others(db: None) -> None:
    told = StringIO()
    call_command("first_person", "Gwen Okafor", "gwen@ombudsman.example", stdout=told)
    assert "Forgot your password" in told.getvalue()
    gwen = Client()
    gwen.post(reverse("account_reset_password"), {"email": "gwen@ombudsman.example"})
    gwen.post(link_in_mail("gwen@ombudsman.example"), {"password": PASSWORD, "again": PASSWORD})
    sign_in_by_pages(gwen, "gwen@ombudsman.example", PASSWORD)
    assert gwen.get("/casework/people/new/").status_code == 200


@pytest.mark.parametrize(("name", "address"), [("Zoe", "zoe@ombudsman.example"), ("", "x@x.example"), ("Zoe", "zoe")])
def test_a_second_first_person_or_half_a_one_is_refused(db: None, name: str, address: str) -> None:
    if "zoe@" in address:
        call_command("first_person", "Gwen Okafor", "gwen@ombudsman.example", stdout=StringIO())
    before = StaffMember.objects.count()
    with pytest.raises(CommandError):
        call_command("first_person", name, address, stdout=StringIO())
    assert StaffMember.objects.count() == before
