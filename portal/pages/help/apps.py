"""Registers the pages with Django (templates live beside)."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "portal.pages.help"
    label = "pages_help"
