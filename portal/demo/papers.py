"""The demo's documents: a pool of real files in real formats, made once by real libraries. None names a resident."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from random import Random

import typst
from docx import Document as WordDocument
from openpyxl import Workbook

from portal.demo.pictures import damp_wall

PHOTOGRAPHS = 8
_LETTER = """
#let letter = json(bytes(sys.inputs.letter))
#set document(title: letter.title, author: letter.from)
#set text(lang: "en", size: 11pt)
#set page(margin: 2.5cm, numbering: "1 of 1")
#align(right, letter.from)
#v(1cm)
= #letter.title
#for paragraph in letter.paragraphs [#par(paragraph)]
#v(1cm)
Yours sincerely
#v(1cm)
#letter.from
"""
_SERVICE, _LANDLORD = "Housing complaints ombudsman", "The landlord’s complaints team"
_SENTENCES = (
    "We have looked at the records that we hold about this home.",
    "The first report of damp was made in January and a works order was raised on the same day.",
    "Our surveyor visited, took readings in each room and found that the extractor fan did not run.",
    "We accept that the second visit came later than our policy promises.",
    "We have booked the plasterer for the week after the walls have dried.",
    "The resident told us that the bedroom cannot be used in cold weather.",
    "We have offered compensation for the delay and for the time and trouble.",
    "If you disagree with this response you can ask us to look at it again at stage 2.",
    "Our policy sets 20 working days for a routine repair and 24 hours for an emergency.",
    "A copy of this letter is kept with the record of the complaint.",
)


@dataclass(frozen=True)
class Paper:
    """One file of the pool: its name without the ending, its ending, its category and its bytes."""

    title: str
    extension: str
    category: str
    content: bytes

    def named(self, rng: Random, day: datetime) -> str:
        """A name as people give it: what it is, and often of when."""
        when = day - timedelta(days=rng.randint(3, 160))
        return f"{self.title} {when.day} {when:%B %Y}.{self.extension}"


@dataclass(frozen=True)
class Papers:
    """The pool: what landlords send as evidence, as proof of compliance, and the letters of the service."""

    evidence: tuple[Paper, ...]
    proofs: tuple[Paper, ...]
    letters: dict[str, Paper]


def make_papers(seed: str) -> Papers:
    """The same pool for the same seed."""
    rng = Random(seed)
    return Papers(tuple(_evidence(rng)), tuple(_proofs(rng)), dict(_letters(rng)))


def _evidence(rng: Random) -> Iterator[Paper]:
    yield Paper("Stage 1 response", "pdf", "stage-1", _pdf("Our response at stage 1", _LANDLORD, rng, 5))
    yield Paper("Stage 2 response", "pdf", "stage-2", _pdf("Our response at stage 2", _LANDLORD, rng, 7))
    yield Paper("Repairs policy", "pdf", "policy", _pdf("Repairs policy", _LANDLORD, rng, 40))
    yield Paper("Tenancy agreement", "pdf", "tenancy", _pdf("Tenancy agreement", _LANDLORD, rng, 30))
    yield Paper("Letter to the resident", "docx", "correspondence", _word("Our letter to the resident", rng, 4))
    yield Paper("Complaint as we received it", "docx", "correspondence", _word("Complaint received", rng, 3))
    yield Paper("Note of a telephone call", "docx", "telephone", _word("Note of a telephone call", rng, 2))
    yield Paper("Damp survey", "docx", "inspection", _word("Survey of damp", rng, 8))
    yield Paper("Vulnerability record", "docx", "vulnerability", _word("What we know of the household", rng, 2))
    yield Paper("Repair log", "xlsx", "repairs", _repair_log(rng, 36))
    yield Paper("Works orders", "xlsx", "repairs", _repair_log(rng, 90))
    yield Paper("Rent account", "csv", "rent", _rent_account(rng))
    yield Paper("E-mail to the contractor", "eml", "correspondence", _mail("Works order: please confirm a date", rng))
    yield Paper("E-mail from the resident", "eml", "correspondence", _mail("My bedroom wall", rng))
    yield Paper("File note", "txt", "other", "\n".join(rng.sample(_SENTENCES, 3)).encode())
    rooms = ("bedroom wall", "bathroom ceiling", "living room corner", "kitchen window", "hall", "stairwell")
    for number in range(PHOTOGRAPHS - 2):
        yield Paper(f"Photograph of the {rooms[number]}", "jpg", "media", damp_wall(rng.randint(0, 10**6)))


def _proofs(rng: Random) -> Iterator[Paper]:
    yield Paper("Letter of apology", "docx", "compliance", _word("Our apology", rng, 3))
    yield Paper("Proof of payment", "pdf", "compliance", _pdf("Payment of compensation", _LANDLORD, rng, 2))
    yield Paper("Finished wall", "jpg", "compliance", damp_wall(rng.randint(0, 10**6), damp=False))
    yield Paper("New ceiling", "jpg", "compliance", damp_wall(rng.randint(0, 10**6), damp=False))


def _letters(rng: Random) -> Iterator[tuple[str, Paper]]:
    titles = {
        "referral": "How we deal with this case",
        "request": "Request for evidence",
        "determination": "Determination",
        "review": "Our decision on the review",
    }
    for key, title in titles.items():
        length = 12 if key == "determination" else 4
        yield key, Paper(title, "pdf", "correspondence", _pdf(title, _SERVICE, rng, length))
    yield "note", Paper("Note on next steps", "docx", "correspondence", _word("Note on next steps", rng, 3))


def _paragraphs(rng: Random, count: int) -> list[str]:
    return [" ".join(rng.sample(_SENTENCES, 4)) for _ in range(count)]


def _pdf(title: str, sender: str, rng: Random, count: int) -> bytes:
    letter = {"title": title, "from": sender, "paragraphs": _paragraphs(rng, count)}
    made: bytes = typst.compile(_LETTER.encode(), sys_inputs={"letter": json.dumps(letter)}, ignore_system_fonts=True)
    return made


def _word(title: str, rng: Random, count: int) -> bytes:
    document, file = WordDocument(), io.BytesIO()
    document.add_heading(title, level=1)
    for paragraph in _paragraphs(rng, count):
        document.add_paragraph(paragraph)
    document.save(file)
    return file.getvalue()


def _repair_log(rng: Random, rows: int) -> bytes:
    book, file = Workbook(), io.BytesIO()
    sheet = book.create_sheet("Repair log", 0)
    sheet.append(["Reported", "Job", "Trade", "Completed", "Cost (£)"])
    for number in range(rows):
        reported = datetime(2025, 1, 6) + timedelta(days=number * 7)  # noqa: DTZ001  a spreadsheet knows no time zone
        trade = rng.choice(("Plumber", "Electrician", "Plasterer", "Roofer", "Surveyor"))
        done = reported + timedelta(days=rng.randint(1, 45))
        sheet.append([reported, f"Job {70000 + number}", trade, done, rng.randint(40, 900)])
    book.save(file)
    return file.getvalue()


def _rent_account(rng: Random) -> bytes:
    file = io.StringIO()
    sheet = csv.writer(file)
    sheet.writerow(["Week", "Charge", "Paid", "Balance"])
    balance = 0
    for week in range(1, 53):
        paid = rng.choice((118, 118, 118, 0, 236))
        balance += 118 - paid
        sheet.writerow([week, 118, paid, balance])
    return file.getvalue().encode()


def _mail(subject: str, rng: Random) -> bytes:
    message = EmailMessage()
    message["From"], message["To"] = "repairs@landlord.example", "works@contractor.example"
    message["Subject"], message["Date"] = subject, "Mon, 02 Mar 2026 10:14:00 +0000"
    message["Message-ID"] = f"<{rng.getrandbits(64):x}@landlord.example>"
    message.set_content("Hello\n\n" + "\n\n".join(_paragraphs(rng, 2)) + "\n\nThank you\n")
    return message.as_bytes()
