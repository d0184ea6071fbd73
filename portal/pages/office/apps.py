"""Registers the pages with Django (static files and templates live beside)."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "portal.pages.office"
    label = "pages_office"
