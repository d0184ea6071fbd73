"""The bare Django app against which `bin/bench` measures the portal."""
