"""Puts the tests' cast into the portal that the environment names: `python -m tests.journeys.build_cast`."""

import django

if __name__ == "__main__":
    django.setup()
    from tests import cast

    cast.build()
