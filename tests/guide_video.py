"""Makes the demonstration video from the running demo: `bin/guide video [FOLDER]`.

The script is portal/pages/guide/scenes.py; here is what is done while each caption stands. Recording and captions go
into FOLDER, else into PORTAL_DATA/guide, where the portal serves them. It takes about five minutes, on a demo of its
own, and needs ffmpeg: PORTAL_FFMPEG, else /usr/bin/ffmpeg.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Locator, Page, Playwright, sync_playwright

from portal.config import env as environment
from portal.pages.guide import scenes
from portal.pages.guide.scenes import SCENES, Scene
from tests.journeys.running import RunningPortal, code_in

RECORDING, CAPTIONS = "landlord-portal.webm", "landlord-portal.vtt"  # as portal/pages/guide/video.py serves them
SIZE = {"width": 1280, "height": 720}
FFMPEG_OF_PLAYWRIGHT = "ffmpeg-1013"  # the number belongs to playwright 1.65.2
CARD = """<body style="margin:0;display:grid;place-content:center;height:100vh;background:{background};color:#fff;
font:600 48px system-ui,sans-serif">{words}</body>"""
POINTING = 900  # milliseconds for which a thing is outlined before it is pressed


@dataclass
class Camera:
    """Plays the scenes before a page and notes when each caption stood."""

    page: Page
    url: str
    email: str
    password: str
    code: Callable[[], str]
    files: list[Path]
    started: float = field(default_factory=time.monotonic)
    captions: list[tuple[float, float, str]] = field(default_factory=list)
    case: str = ""

    def clap(self) -> float:
        """A black page, then the title: its moment is found again in the recording, whose clock begins at another."""
        self.page.set_content(CARD.format(background="#000", words=""))
        self.page.wait_for_timeout(1000)
        self.page.set_content(CARD.format(background="#0b5563", words="Landlord Portal: demonstration video"))
        shown_at = self.now()
        self.page.wait_for_timeout(1500)
        return shown_at

    def play(self, scene: Scene) -> None:
        """While each caption stands, does what belongs to it; then waits until it can have been read."""
        for caption, act in zip(scene.captions, ACTS[scene.key], strict=True):
            begun = self.now()
            act(self)
            left = scenes.seconds(caption) - (self.now() - begun)
            self.page.wait_for_timeout(max(left, scenes.PAUSE_SECONDS) * 1000)
            self.captions.append((begun, self.now(), caption))

    def now(self) -> float:
        return time.monotonic() - self.started

    def goto(self, path: str) -> None:
        self.page.goto(self.url + path)

    def point(self, thing: Locator) -> None:
        """Brings the thing into view and outlines it."""
        thing.evaluate("thing => thing.scrollIntoView({block: 'center'})")
        thing.evaluate("thing => { thing.style.outline = '4px solid #b3261e'; thing.style.outlineOffset = '3px' }")
        self.page.wait_for_timeout(POINTING)
        thing.evaluate("thing => { thing.style.outline = '' }")

    def press(self, thing: str | Locator, role: str = "button") -> None:
        """Points at the thing, or at the button of that name, and presses it."""
        found = self.named(thing, role) if isinstance(thing, str) else thing
        self.point(found)
        found.click()

    def follow(self, name: str) -> None:
        self.press(name, "link")

    def named(self, name: str, role: str = "button") -> Locator:
        return self.page.get_by_role(role, name=name).first  # type: ignore[arg-type]

    def type(self, label: str, text: str) -> None:
        self.page.get_by_label(label, exact=True).first.press_sequentially(text, delay=40)

    def open_case(self) -> None:
        self.press(self.page.get_by_role("main").get_by_role("link", name=self.case, exact=True).first)

    def task(self) -> Locator:
        """A request for evidence on the case of the video."""
        rows = self.page.locator(".portal-task").filter(has_text=self.case)
        return rows.filter(has_text="Respond to information/evidence request").first


Act = Callable[[Camera], None]


def _still(camera: Camera) -> None:
    """There is something to look at."""


def _first_time(camera: Camera) -> None:
    camera.point(camera.named("Forgot your password?"))
    camera.type("Password", camera.password)
    camera.press("Sign in")


def _enter_code(camera: Camera) -> None:
    camera.type("Enter code", camera.code())
    camera.press("Verify")


def _home(camera: Camera) -> None:
    for distance in (150, 150, 150, 150, -600):
        camera.page.mouse.wheel(0, distance)
        camera.page.wait_for_timeout(500)


def _tools(camera: Camera) -> None:
    for tool in camera.page.locator(".portal-header__tools > li").all():
        camera.point(tool)


def _find_case(camera: Camera) -> None:
    from tests.guide_digest import filled_in

    read = camera.page.context.request
    camera.case = filled_in("{case}", lambda path: read.get(camera.url + path).text())
    camera.press(camera.page.get_by_text("Filter cases", exact=True))
    camera.type("Reference", camera.case)
    camera.press("Apply filters")


def _upcoming(camera: Camera) -> None:
    camera.point(camera.page.locator(".portal-facts"))
    camera.point(camera.page.locator(".portal-beside__aside section"))


def _colours(camera: Camera) -> None:
    for standing in ("Overdue", "Approaching", "Pending"):
        camera.point(camera.page.locator(".portal-task .govuk-tag").filter(has_text=standing).first)


def _pick_documents(camera: Camera) -> None:
    camera.open_case()
    camera.follow("Documents")
    camera.point(camera.page.get_by_text("Browse documents", exact=True))
    camera.page.locator("input[type=file]").first.set_input_files([str(path) for path in camera.files])


def _categories(camera: Camera) -> None:
    for choice, label in zip(
        camera.page.locator("select[data-upload-category]").all(),
        ("Stage 1 response", "Photograph, video or recording"),
        strict=True,
    ):
        camera.point(choice)
        choice.select_option(label=label)


def _open_options(camera: Camera) -> None:
    camera.follow("My tasks")
    camera.press(camera.task().get_by_role("button", name="Options for"))


def _completed(camera: Camera) -> None:
    camera.press(camera.task().get_by_role("link", name="Task completed"))
    for label, value in (("Day", "20"), ("Month", "11"), ("Year", "2026")):
        camera.type(label, value)
    camera.press("Confirm task completed")


def _unable(camera: Camera) -> None:
    camera.goto("/tasks/")
    camera.press(camera.task().get_by_role("button", name="Options for"))
    camera.press(camera.task().get_by_role("link", name="Unable to complete"))


def _messages(camera: Camera) -> None:
    camera.goto(f"/cases/{camera.case}/")
    camera.follow("Messages")
    camera.press(camera.page.locator(".portal-thread a").first)


def _reply(camera: Camera) -> None:
    camera.type("Your message", "The resident was at home on Thursday. The work is done.")
    camera.press(camera.page.locator("main form").get_by_role("button", name="Send", exact=True))


def _users(camera: Camera) -> None:
    camera.press("Profile and settings")
    camera.point(camera.named("Create a new user", "link"))


def _manage(camera: Camera) -> None:
    camera.follow("Manage your users")
    camera.press(camera.page.locator("tbody").get_by_role("button", name="Options for").first)


# One act for each caption of the scene.
ACTS: dict[str, tuple[Act, ...]] = {
    "welcome": (lambda camera: camera.goto("/sign-in/"), _still, _still),
    "sign-in": (lambda camera: camera.type("E-mail address", camera.email), _first_time),
    "code": (lambda camera: camera.press("Send 2FA Verification Code"), _still, _enter_code),
    "home": (_home, _tools),
    "cases": (lambda camera: camera.follow("Open cases"), _still, _find_case),
    "case": (lambda camera: camera.open_case(), _upcoming),
    "tasks": (
        lambda camera: camera.follow("My tasks"),
        _colours,
        lambda camera: camera.press(camera.task().get_by_role("button", name="Details of")),
    ),
    "documents": (_pick_documents, _still),
    "upload": (_categories, lambda camera: camera.press("Upload documents")),
    "complete": (_open_options, _completed, _unable),
    "messages": (_messages, _reply),
    "users": (_users, _manage),
    "help": (lambda camera: camera.goto("/guide/"), lambda camera: camera.goto("/guide/#portal-support")),
}


def webvtt(captions: list[tuple[float, float, str]]) -> str:
    """The captions as a WebVTT file."""
    cues = (f"{_moment(begun)} --> {_moment(ended)}\n{words}\n" for begun, ended, words in captions)
    return "WEBVTT\n\n" + "\n".join(cues)


def _moment(seconds: float) -> str:
    thousandths = round(seconds * 1000)
    minutes, rest = divmod(thousandths, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02}.{rest % 1000:03}"


def shifted(captions: list[tuple[float, float, str]], seconds: float) -> list[tuple[float, float, str]]:
    """The captions by the recording's clock, which is so many seconds ahead of the camera's."""
    return [(begun + seconds, ended + seconds, words) for begun, ended, words in captions]


def end_of_black(recording: Path) -> float:
    """When the black at the beginning of a recording ends, by the recording's own clock."""
    command = [_ffmpeg(), "-t", "20", "-i", str(recording), "-vf", "blackdetect=d=0.3:pix_th=0.05", "-f", "null", "-"]
    read = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    found = re.search(r"black_end:([\d.]+)", read.stderr)
    assert found, read.stderr
    return float(found.group(1))


def _ffmpeg() -> str:
    return os.environ.get("PORTAL_FFMPEG", "/usr/bin/ffmpeg")


def find_ffmpeg(folder: Path) -> None:
    """Playwright looks for its own ffmpeg in a folder named after a number; the system's is put there for it."""
    ffmpeg = _ffmpeg()
    assert Path(ffmpeg).exists(), f"There is no {ffmpeg}: install ffmpeg, or set PORTAL_FFMPEG."
    place = folder / FFMPEG_OF_PLAYWRIGHT
    place.mkdir(parents=True)
    (place / "ffmpeg-linux").symlink_to(ffmpeg)
    os.environ["PLAYWRIGHT_BROWSERS_PATH"] = str(folder)


def main(arguments: list[str]) -> None:
    target = Path(arguments[0]) if arguments else environment.read().data / "guide"
    target.mkdir(parents=True, exist_ok=True)
    os.environ.pop("DATABASE_URL", None)  # a database of its own, whatever the environment says
    with tempfile.TemporaryDirectory() as folder:
        find_ffmpeg(Path(folder) / "browsers")
        with sync_playwright() as playwright:
            captions = _record(playwright, Path(folder), target)
    (target / CAPTIONS).write_text(webvtt(captions))
    print(f"{target / RECORDING}: {captions[-1][1]:.0f} seconds")


def _code(portal: RunningPortal, email: str) -> str:
    from tests.journeys.conftest import CODE

    return code_in(portal.next_mail(email, 0, CODE))


def _record(playwright: Playwright, folder: Path, target: Path) -> list[tuple[float, float, str]]:
    import tests.outside_pytest  # noqa: F401 - first
    from portal.demo.people import DEMO_PEOPLE
    from tests.guide_files import two_files
    from tests.guide_portal import GuidePortal
    from tests.journeys.conftest import CHROMIUM, QUIET

    portal = GuidePortal(folder / "portal")
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
    email, password = DEMO_PEOPLE["administrator"]
    try:
        portal.start()
        context = browser.new_context(viewport=SIZE, record_video_dir=folder, record_video_size=SIZE, locale="en-GB")
        page = context.new_page()
        page.set_default_timeout(10_000)
        camera = Camera(page, portal.url, email, password, lambda: _code(portal, email), two_files(folder))
        shown_at = camera.clap()
        for scene in SCENES:
            print(scene.title)
            camera.play(scene)
        context.close()
        page.video.save_as(target / RECORDING)
        return shifted(camera.captions, end_of_black(target / RECORDING) - shown_at)
    finally:
        portal.stop()
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
