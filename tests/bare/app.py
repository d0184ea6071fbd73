"""The bare Django app against which everything is measured: 20 rows and an upload, behind Django's own sign-in.

`python -m tests.bare.app` makes its database.
"""

import datetime as dt

from django.contrib.auth import authenticate, login
from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from tests.bench.database import create

NAME, PASSWORD = "amina", "correct-horse-battery"
ROWS = 10_000


@csrf_exempt
def sign_in(request: HttpRequest) -> HttpResponse:
    user = authenticate(request, username=request.POST["name"], password=request.POST["password"])
    assert user is not None
    login(request, user)
    return redirect("/bare/")


@login_required
def rows(request: HttpRequest) -> HttpResponse:
    from tests.bare.models import Row  # the bench signs in here and does not have this table

    return render(request, "list.html", {"rows": Row.objects.order_by("pk")[:20]})


@login_required
def upload(request: HttpRequest) -> HttpResponse:
    default_storage.save("uploads/file", request.FILES["files"])
    return redirect("/bare/")


urlpatterns = [path("bare/", rows), path("bare/sign-in/", sign_in), path("bare/upload/", upload)]


def main() -> None:
    from django.contrib.auth.models import User

    from tests.bare.models import Row

    create()
    call_command("migrate", run_syncdb=True, verbosity=0)
    User.objects.create_user(NAME, password=PASSWORD)
    today = dt.datetime.now(tz=dt.UTC).date()
    Row.objects.bulk_create(
        (
            Row(
                reference=f"20{n:07d}",
                name=f"Resident {n}",
                address=f"{n} High Street, Leeds LS1 1AA",
                status="initial_assessment",
                due_on=today,
            )
            for n in range(ROWS)
        ),
        batch_size=1000,
    )


if __name__ == "__main__":
    main()
