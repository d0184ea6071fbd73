"""Registers the demo with Django (its commands live beside)."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "portal.demo"
    label = "demo"
