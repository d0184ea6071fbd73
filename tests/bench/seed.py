"""Fills PostgreSQL with many cases: `python -m tests.bench.seed 100000`.

2,300 landlords with skew: Amina's has 400 cases, Carys's one case in four, a few of the others hold most of the rest. The
service's side is there too: owners, tasks, threads, documents, the diary and the bell. The few records whose own pages are
asked for are made by the portal's actions (`scene`). Words go into the index through the functions of the search.
"""

import datetime as dt
import random
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from typing import Any

from django.core.management import call_command

from portal.access.roles import Role
from portal.accounts.models import User
from portal.cases.diary import Happened
from portal.cases.models import Case, DiaryEntry
from portal.cases.statuses import Status
from portal.documents.models import Document
from portal.files.models import StoredFile
from portal.landlords.models import Landlord, LandlordState
from portal.lib import clock
from portal.lib.claims import ClaimState
from portal.messaging.models import Message, Thread
from portal.notifications.models import Notification
from portal.search.folding import words_adjoining, words_in, words_of_reference
from portal.search.kinds import Kind
from portal.search.models import CaseWords, Entry, Word
from portal.search.spelling import has_neighbours, sound
from portal.search.tokens import tokens
from portal.search.writing import place
from portal.tasks.models import Task, TaskKind
from portal.teams.models import StaffMember, Team
from tests import cast as the_cast
from tests.bench.database import copy, create, settle
from tests.bench.scene import scene

LANDLORDS, CASEWORKERS = 2_300, 80
OF_AMINAS, OF_DEVS = 400, 60  # cases, however many there are in all
FIRST_NAMES = (
    "Mary",
    "John",
    "Steven",
    "Anna",
    "Gareth",
    "Simon",
    "Peter",
    "Karen",
    "Nadia",
    "Grace",
    "Olu",
    "Priya",
    "Wei",
)
LAST_NAMES = (
    "Smith",
    "Patel",
    "Jones",
    "Carter",
    "Evans",
    "Taylor",
    "Hughes",
    "Khan",
    "Okafor",
    "Singh",
    "Chen",
    "Walsh",
)
CITIES = ("Leeds", "York", "London", "Hull", "Bath", "Derby", "Leicester", "Bristol", "Wigan", "Salford")
SYLLABLES = ("ba", "ko", "li", "mer", "ton", "ras", "ven", "du", "pil", "gra", "shu", "ne", "wo", "cha", "fi")
COMMON = {"repair": 0.4, "damp": 0.5, "mould": 0.45, "boiler": 0.3, "heating": 0.2, "contractor": 0.15, "leak": 0.1}
TEXTS, VOCABULARY, WORDS_OF_A_CASE = 2_000, 3_000, 60
AT_ONCE = 20_000  # cases
TOLD = ((Happened.CASE_CREATED, False), (Happened.CASE_RELEASED, True), (Happened.STATUS_CHANGED, True))
Row = dict[str, Any]
Rows = dict[str, list[Row]]


@dataclass
class Numbers:
    """The primary keys of the next rows."""

    task: Iterator[int] = field(default_factory=lambda: count(1_000_000))
    thread: Iterator[int] = field(default_factory=lambda: count(1_000_000))
    message: Iterator[int] = field(default_factory=lambda: count(1_000_000))
    document: Iterator[int] = field(default_factory=lambda: count(1_000_000))
    entry: Iterator[int] = field(default_factory=lambda: count(1_000_000))
    diary: Iterator[int] = field(default_factory=lambda: count(1_000_000))
    bell: Iterator[int] = field(default_factory=lambda: count(1_000_000))
    word: Iterator[int] = field(default_factory=lambda: count(1_000_000))


def texts(chance: random.Random) -> list[list[str]]:
    """Sets of words, few of them frequent and most rare, as in a language."""
    made = {"".join(chance.choice(SYLLABLES) for _ in range(chance.randint(2, 4))) for _ in range(2 * VOCABULARY)}
    words = sorted(made)[:VOCABULARY]
    chance.shuffle(words)
    found = []
    for _ in range(TEXTS):
        text = {words[int(len(words) * chance.random() ** 3)] for _ in range(WORDS_OF_A_CASE)}
        text |= {word for word, share in COMMON.items() if chance.random() < share}
        found.append(chance.sample(sorted(text), len(text)))
    return found


def landlord_of(number: int, cases: int, others: list[int], aminas: int, caryss: int, chance: random.Random) -> int:
    """Spread evenly over time, so that each landlord has old and new cases."""
    step = max(cases // OF_AMINAS, 5)
    if number % step == 0 and number // step < OF_AMINAS:
        return aminas
    return caryss if number % 4 == 1 else others[int(len(others) * chance.random() ** 3)]


def main(cases: int) -> None:
    create()
    call_command("migrate", verbosity=0)
    call_command("createcachetable")
    cast = the_cast.build()
    scene(cast)
    print(f"seeding {cases:,} cases", flush=True)
    _Seeding(cast, cases).run()


class _Seeding:
    """One filling of the tables."""

    def __init__(self, cast: the_cast.Cast, cases: int) -> None:
        self.chance = random.Random(1)
        self.cases, self.cast, self.now = cases, cast, clock.now()
        self.texts = texts(self.chance)
        self.numbers = Numbers()
        self.words: dict[int | None, set[str]] = defaultdict(set)
        made = Landlord.objects.bulk_create(
            Landlord(name=f"Landlord {n}", state=LandlordState.ACTIVE) for n in range(LANDLORDS - 2)
        )
        self.others = [landlord.pk for landlord in made]
        people = User.objects.bulk_create(
            User(email=f"caseworker{n}@ombudsman.example", name=f"Caseworker {n}", password="!")
            for n in range(CASEWORKERS)
        )
        StaffMember.objects.bulk_create(
            StaffMember(user=person, role=Role.CASEWORKER, team=list(Team)[n % 4]) for n, person in enumerate(people)
        )
        self.owners = [person.pk for person in people]

    def run(self) -> None:
        models = (Case, Task, Thread, Message, StoredFile, Document, DiaryEntry, Notification, Entry, CaseWords)
        for begin in range(0, self.cases, AT_ONCE):
            rows: Rows = defaultdict(list)
            for number in range(begin, min(self.cases, begin + AT_ONCE)):
                self._case(rows, number)
            for model in models:
                copy(model, rows[model.__name__])
            print(f"{min(self.cases, begin + AT_ONCE):,} cases", flush=True)
        copy(Word, list(self._words_in_use()))  # all are asked for before the connection is busy
        settle([*(model for model in models if model is not CaseWords), Word])

    def _case(self, rows: Rows, number: int) -> None:
        chance, pk = self.chance, 1_000 + number
        landlord_id = landlord_of(number, self.cases, self.others, self.cast.alder.pk, self.cast.birch.pk, chance)
        text, is_closed = chance.choice(self.texts), chance.random() < 0.6 and number < self.cases * 0.95
        at = self.now - dt.timedelta(minutes=self.cases - number)
        due_on = (self.now + dt.timedelta(days=chance.randint(-20, 90))).date()
        has_task = not is_closed and chance.random() < 0.6
        case = {
            "id": pk,
            "reference": f"{1900 + number // 100_000}{number % 100_000:05d}",
            "landlord_id": landlord_id,
            "resident_name": f"{chance.choice(FIRST_NAMES)} {chance.choice(LAST_NAMES)}",
            "resident_address": f"{chance.randint(1, 200)} {text[0].capitalize()} Road, {chance.choice(CITIES)} "
            f"LS{chance.randint(1, 20)} {chance.randint(1, 9)}AB",
            "summary": " ".join(text[:20]),
            "status": Status.CLOSED.value if is_closed else Status.INITIAL_ASSESSMENT.value,
            "team": Team.TRIAGE.value,
            "owner_id": self._owner(number),
            "status_since": at,
            "created_at": at,
            "released_at": at,
            "closed_at": at if is_closed else None,
            "next_due_on": due_on if has_task else None,
            "tasks_outstanding": int(has_task),
        }
        rows["Case"].append(case)
        things = [*self._case_entries(case), *self._thread(rows, case, text)]
        if has_task:
            things.append(self._task(rows, case, due_on, text))
        if number % 3 == 0:
            things.append(self._document(rows, case, text))
        self._diary(rows, case)
        self._index(rows, case, things)

    def _owner(self, number: int) -> int | None:
        if number % max(self.cases // OF_DEVS, 5) == 2:
            return int(self.cast.dev.user_id)
        return self.chance.choice(self.owners) if self.chance.random() < 0.7 else None

    def _case_entries(self, case: Row) -> Iterator[Row]:
        yield {"kind": Kind.REFERENCE, "words": words_of_reference(case["reference"])}
        for kind, words in ((Kind.RESIDENT, case["resident_name"]), (Kind.HOME, case["resident_address"])):
            yield {"kind": kind, "words": words_in(words) | words_adjoining(words)}
        yield {"kind": Kind.SUMMARY, "words": set(case["summary"].split())}

    def _thread(self, rows: Rows, case: Row, text: list[str]) -> Iterator[Row]:
        thread, whose = next(self.numbers.thread), {"landlord_id": case["landlord_id"]}
        times = {"started_at": case["created_at"], "last_message_at": case["created_at"]}
        rows["Thread"].append({"id": thread, "case_id": case["id"], "subject": f"About {text[20]}", **times, **whose})
        yield {"kind": Kind.THREAD, "words": {"about", text[20]}, "thread_id": thread}
        for words in (text[21:40], text[40:]):
            message = next(self.numbers.message)
            author = {"author_id": self.cast.dev.user_id, "author_name": "Dev Patel", "by_landlord": False}
            said = {"body": " ".join(words), "sent_at": case["created_at"], "read_at": case["created_at"]}
            rows["Message"].append({"id": message, "thread_id": thread, **author, **said, **whose})
            yield {"kind": Kind.MESSAGE, "words": set(words), "thread_id": thread, "message_id": message}

    def _task(self, rows: Rows, case: Row, due_on: dt.date, text: list[str]) -> Row:
        task = {"id": next(self.numbers.task), "case_id": case["id"], "landlord_id": case["landlord_id"]}
        title = {"title": f"Send {text[1]}", "kind": TaskKind.RESPOND_TO_REQUEST.value, "set_by_name": "Dev Patel"}
        rows["Task"].append({**task, **title, "due_on": due_on, "set_at": case["created_at"]})
        return {"kind": Kind.TASK, "words": {"send", text[1]}, "task_id": task["id"]}

    def _document(self, rows: Rows, case: Row, text: list[str]) -> Row:
        pk, at = next(self.numbers.document), case["created_at"]
        kept = {"size": 1000, "sha256": f"{pk:064d}", "kind": "pdf", "media_type": "application/pdf"}
        rows["StoredFile"].append({"id": pk, "key": f"seeded/{pk}", "stored_at": at, **kept})
        person = {"person_id": self.cast.dev.user_id, "person_name": "Dev Patel", "by_landlord": False}
        whose = {"case_id": case["id"], "landlord_id": case["landlord_id"], "stored_id": pk, "received_at": at}
        rows["Document"].append({"id": pk, "name": f"{text[2]}.pdf", "category": "correspondence", **person, **whose})
        return {"kind": Kind.DOCUMENT, "words": {text[2], "pdf"}, "document_id": pk}

    def _diary(self, rows: Rows, case: Row) -> None:
        """Three things that happened; of the last the owner is told."""
        done = {"claim_state": ClaimState.DONE.value, "claim_due_at": case["created_at"], "index_due_at": None}
        whose = {"case_id": case["id"], "landlord_id": case["landlord_id"], "at": case["created_at"]}
        actor = {"actor_id": self.cast.dev.user_id, "actor_name": "Dev Patel"}
        for kind, is_for_landlord in TOLD:
            pk = next(self.numbers.diary)
            facts = {"kind": kind.value, "landlord_may_read": is_for_landlord, "details": {"status": case["status"]}}
            rows["DiaryEntry"].append({"id": pk, **facts, **done, **whose, **actor})
        if case["owner_id"]:
            told = {"person_id": case["owner_id"], "entry_id": pk, "at": case["created_at"]}
            rows["Notification"].append({"id": next(self.numbers.bell), "read_at": case["created_at"], **told})

    def _index(self, rows: Rows, case: Row, things: list[Row]) -> None:
        """As portal/search/writing.py does, with its own functions."""
        held = [(thing["kind"], True, thing["words"]) for thing in things]
        where = 2 * place(Case(pk=case["id"], closed_at=case["closed_at"]))
        for for_service, landlord_id in enumerate((case["landlord_id"], None)):
            words = " ".join(f"'{word}'" for word in tokens(landlord_id, held).split())  # as PostgreSQL writes them
            row = {"id": where + for_service, "case_id": case["id"], "landlord_id": landlord_id, "words": words}
            rows["CaseWords"].append(row)
        for thing in things:
            whose = {"id": next(self.numbers.entry), "case_id": case["id"], "landlord_id": case["landlord_id"]}
            rows["Entry"].append(
                {**thing, **whose, "kind": int(thing["kind"]), "words": " ".join(sorted(thing["words"]))}
            )
            told = {word for word in thing["words"] if has_neighbours(word)}
            self.words[case["landlord_id"]] |= told
            self.words[None] |= told

    def _words_in_use(self) -> Iterator[Row]:
        known = set(Word.objects.values_list("landlord_id", "word"))
        sound_of = cache(sound)
        for landlord_id, words in self.words.items():
            for word in sorted(words):
                if (landlord_id, word) not in known:
                    yield {
                        "id": next(self.numbers.word),
                        "landlord_id": landlord_id,
                        "word": word,
                        "sound": sound_of(word),
                    }


if __name__ == "__main__":
    main(int(sys.argv[1]))
