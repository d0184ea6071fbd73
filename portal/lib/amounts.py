"""How many, how large and how long, in the words of the screen."""

from datetime import timedelta


def plural(count: int, one: str, many: str = "") -> str:
    """1 case, 2 cases, 1,204 cases; `many` where adding an s is wrong."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def file_size(count: int | None) -> str:
    """20 MB for 20,971,520 bytes (D9), 175 kB, 12 bytes. Rounded up: no file over a limit reads as the limit."""
    if not count or count < 1024:
        return plural(count or 0, "byte")
    if count < 1024 * 1024:
        return f"{-(-count // 1024)} kB"
    tenths = -(-count * 10 // (1024 * 1024))
    return f"{tenths // 10}.{tenths % 10} MB" if tenths % 10 else f"{tenths // 10} MB"


def in_time(life: timedelta) -> str:
    """1 hour, 30 minutes."""
    hours, rest = divmod(int(life.total_seconds()), 3600)
    return plural(hours, "hour") if hours and not rest else plural(int(life.total_seconds()) // 60, "minute")
