"""The mark that a session bears once the second factor was passed. A guard lets nobody in whose session lacks it."""

SECOND_FACTOR_KEY = "second_factor_passed_at"
