"""“Words in the case”: what the rooms above a case add to its own words. Only what the reader may see is looked through."""

from django.db.models import Q

from portal.access.actor import Actor
from portal.documents.models import Document
from portal.messaging.models import Message, Thread
from portal.tasks.models import Task


def told_of(word: str, actor: Actor) -> Q:
    """Cases with a thread, message, task or document that holds the word. Each list of ids is found once, not per case."""
    threads = Thread.objects.visible_to(actor)
    return (
        Q(pk__in=threads.filter(subject__icontains=word).values("case"))
        | Q(pk__in=Message.objects.filter(thread__in=threads, body__icontains=word).values("thread__case"))
        | Q(pk__in=Task.objects.visible_to(actor).filter(title__icontains=word).values("case"))
        | Q(pk__in=Document.objects.visible_to(actor).filter(name__icontains=word).values("case"))
    )
