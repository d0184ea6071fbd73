"""What each page costs: `bin/bench` starts the servers, and these modules seed, ask, measure and report."""

import tests.outside_pytest  # noqa: F401 - before anything that knows Django
