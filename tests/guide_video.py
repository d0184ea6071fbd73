"""Makes the demonstration video from the running demo: `python -m tests.guide_video [FOLDER]`.

The script is portal/pages/guide/scenes.py; here is what is done in each scene. Recording and captions go into
FOLDER, else into PORTAL_DATA/guide, where the portal serves them. Playwright needs ffmpeg for it: PORTAL_FFMPEG,
else /usr/bin/ffmpeg.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from docx import Document
from PIL import Image
from playwright.sync_api import Page, Playwright, sync_playwright

from portal.config import env as environment
from portal.pages.guide import scenes
from portal.pages.guide.scenes import SCENES, Scene
from tests.journeys.running import RunningPortal, code_in

RECORDING, CAPTIONS = "landlord-portal.webm", "landlord-portal.vtt"  # as portal/pages/guide/video.py serves them
SIZE = {"width": 1280, "height": 720}
FFMPEG_OF_PLAYWRIGHT = "ffmpeg-1013"  # the number belongs to playwright 1.65.2


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

    def play(self, scene: Scene) -> None:
        """Does what the scene says, then holds each caption as long as it takes to read."""
        ACTIONS[scene.key](self)
        for caption in scene.captions:
            begun = time.monotonic() - self.started
            self.page.wait_for_timeout(scenes.seconds(caption) * 1000)
            self.captions.append((begun, time.monotonic() - self.started, caption))

    def goto(self, path: str) -> None:
        self.page.goto(self.url + path)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name).first.click()

    def follow(self, name: str) -> None:
        self.page.get_by_role("link", name=name).first.click()

    def type(self, label: str, text: str) -> None:
        self.page.get_by_label(label, exact=True).first.press_sequentially(text, delay=40)


def _sign_in(camera: Camera) -> None:
    camera.type("E-mail address", camera.email)
    camera.type("Password", camera.password)


def _code(camera: Camera) -> None:
    camera.press("Sign in")
    camera.press("Send 2FA Verification Code")
    camera.type("Enter code", camera.code())
    camera.press("Verify")


def _home(camera: Camera) -> None:
    camera.goto("/")
    for _ in range(6):
        camera.page.mouse.wheel(0, 150)
        camera.page.wait_for_timeout(250)
    camera.page.mouse.wheel(0, -2000)


def _cases(camera: Camera) -> None:
    camera.follow("Open cases")
    camera.page.get_by_text("Filter cases").first.click()


def _case(camera: Camera) -> None:
    camera.page.locator("main a[href^='/cases/2']").first.click()


def _tasks(camera: Camera) -> None:
    camera.follow("My tasks")
    camera.page.locator(".portal-task summary, .portal-task button").first.click()


def _documents(camera: Camera) -> None:
    camera.goto("/cases/open/")
    _case(camera)
    camera.follow("Documents")
    camera.page.locator("input[type=file]").first.set_input_files([str(path) for path in camera.files])
    camera.page.wait_for_timeout(3000)


def _upload(camera: Camera) -> None:
    for choice in camera.page.locator("select[data-upload-category]").all():
        choice.select_option(label="Repair log")
    camera.press("Upload documents")


def _complete(camera: Camera) -> None:
    camera.goto("/tasks/")
    camera.page.locator(".portal-task .portal-menu__toggle").first.click()
    camera.page.wait_for_timeout(1500)
    camera.page.locator(".portal-task a.portal-menu__item", has_text="Task completed").first.click()


def _messages(camera: Camera) -> None:
    camera.goto("/cases/open/")
    _case(camera)
    camera.follow("Messages")


def _users(camera: Camera) -> None:
    camera.page.locator(".portal-menu--person > *").first.click()
    camera.page.wait_for_timeout(1500)
    camera.follow("Manage your users")


def _help(camera: Camera) -> None:
    camera.goto("/guide/#portal-support")


ACTIONS: dict[str, Callable[[Camera], None]] = {
    "welcome": lambda camera: camera.goto("/sign-in/"),
    "sign-in": _sign_in,
    "code": _code,
    "home": _home,
    "cases": _cases,
    "case": _case,
    "tasks": _tasks,
    "documents": _documents,
    "upload": _upload,
    "complete": _complete,
    "messages": _messages,
    "users": _users,
    "help": _help,
}


def webvtt(captions: list[tuple[float, float, str]]) -> str:
    """The captions as a WebVTT file."""
    cues = (f"{_moment(begun)} --> {_moment(ended)}\n{words}\n" for begun, ended, words in captions)
    return "WEBVTT\n\n" + "\n".join(cues)


def _moment(seconds: float) -> str:
    thousandths = round(seconds * 1000)
    minutes, rest = divmod(thousandths, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02}.{rest % 1000:03}"


def two_files(folder: Path) -> list[Path]:
    """What the landlord of the video uploads."""
    letter, photo = folder / "Stage 1 response 12 March.docx", folder / "Kitchen ceiling 3 March.jpg"
    document = Document()
    document.add_paragraph("Thank you for your complaint about the leak in the kitchen.")
    document.save(str(letter))
    Image.effect_noise((640, 480), 60).convert("RGB").save(photo)
    return [letter, photo]


def find_ffmpeg(folder: Path) -> None:
    """Playwright looks for its own ffmpeg in a folder named after a number; the system's is put there for it."""
    ffmpeg = os.environ.get("PORTAL_FFMPEG", "/usr/bin/ffmpeg")
    assert Path(ffmpeg).exists(), f"There is no {ffmpeg}: install ffmpeg, or set PORTAL_FFMPEG."
    place = folder / FFMPEG_OF_PLAYWRIGHT
    place.mkdir(parents=True)
    (place / "ffmpeg-linux").symlink_to(ffmpeg)
    os.environ["PLAYWRIGHT_BROWSERS_PATH"] = str(folder)


def main(arguments: list[str]) -> None:
    target = Path(arguments[0]) if arguments else environment.read().data / "guide"
    target.mkdir(parents=True, exist_ok=True)
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
    from tests.journeys.conftest import CHROMIUM, QUIET
    from tests.look import DemoPortal

    portal = DemoPortal(folder / "portal", is_demo=True)
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
    email, password = DEMO_PEOPLE["administrator"]
    try:
        portal.start()
        context = browser.new_context(viewport=SIZE, record_video_dir=folder, record_video_size=SIZE, locale="en-GB")
        page = context.new_page()
        camera = Camera(page, portal.url, email, password, lambda: _code(portal, email), two_files(folder))
        for scene in SCENES:
            print(scene.title)
            camera.play(scene)
        context.close()
        page.video.save_as(target / RECORDING)
        return camera.captions
    finally:
        portal.stop()
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
