"""The one Jinja environment: where templates are looked for, and what every template may call without importing it."""

from datetime import timedelta
from functools import cache
from types import FunctionType, MethodType
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.template.backends.utils import csrf_input
from django.templatetags.static import static
from django.utils.functional import SimpleLazyObject
from jinja2 import BaseLoader, ChainableUndefined, ChoiceLoader, Environment, PackageLoader, PrefixLoader, Template
from jinja2.environment import TemplateModule
from jinja2.runtime import Context, Macro
from markupsafe import Markup, _escape_inner, escape  # type: ignore[attr-defined]

from portal.files.inspection import LIMIT_WORDS
from portal.lib import amounts
from portal.lib.routes import address
from portal.pages.design import drawing, wording
from portal.pages.design.compiled import Compiled
from portal.pages.design.components import component


def escaped(value: Any) -> str:
    """What markupsafe's escape gives, but a plain string of a plain string: a template only joins it to others."""
    kind = type(value)
    if kind is str:
        return _escape_inner(value)
    return value if kind is Markup else escape(value)


class Calls(Context):
    """Calls plain functions and macros at once. Jinja would ask each of them, and its `__call__`, what it wants passed."""

    def call(self, called: Any, /, *args: Any, **kwargs: Any) -> Any:
        kind = type(called)
        if kind is Macro:
            args = (self.eval_ctx, *args)
        elif kind not in (FunctionType, MethodType) or hasattr(called, "jinja_pass_arg"):
            return super().call(called, *args, **kwargs)
        kwargs.pop("_block_vars", None)
        kwargs.pop("_loop_vars", None)
        return called(*args, **kwargs)


class Pages(Environment):
    """Where a template asks a dict for an attribute, its key is meant: Jinja would try the attribute first and fail."""

    context_class = Calls

    def getattr(self, obj: Any, attribute: str) -> Any:
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        try:
            return getattr(obj, attribute)
        except AttributeError:
            return super().getattr(obj, attribute)


class OneModule(Template):
    """A template whose macros are imported, without the context of a page, as one module that is made once. Jinja would
    compare the names that every template may use at each import; here they are the environment's alone."""

    @classmethod
    def from_code(cls, *args: Any, **kwargs: Any) -> Template:
        template = super().from_code(*args, **kwargs)
        template.root_render_func.__globals__["escape"] = escaped  # the template's own module: nobody else's escape
        return template

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        return super()._get_default_module()


def environment(**options: Any) -> Environment:
    """Called by Django, which passes a loader for the areas' template folders."""
    options.pop("autoescape", None)
    env = Pages(autoescape=True, **{**options, **_options(options["loader"])})
    env.template_class = OneModule
    return _furnished(env)


def token(request: HttpRequest) -> dict[str, Any]:
    """The hidden field of every form of a page, made once for all of them and only where there is one."""
    return {"csrf_input": SimpleLazyObject(lambda: csrf_input(request))}


def _options(loader: BaseLoader) -> dict[str, Any]:
    components = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    return {
        "loader": ChoiceLoader([loader, components]),
        "undefined": ChainableUndefined,  # GOV.UK's macros ask for parts of what was not given
        "bytecode_cache": Compiled(settings.PORTAL_DATA / "templates"),
        "trim_blocks": True,
        "lstrip_blocks": True,
    }


def _furnished(env: Environment) -> Environment:
    env.filters.update(
        date=wording.long_date,
        shortdate=wording.short_date,
        datetime=wording.moment,
        time=wording.time_of_day,
        filesize=amounts.file_size,
        lines=wording.lines,
        plural=amounts.plural,
        found=wording.found,
        isodate=wording.iso,
    )
    env.globals.update(
        url=address,  # url("landlord:case", reference)
        static=cache(static),  # a file's address lasts as long as the process
        get_messages=get_messages,
        govuk=component(env),
        input_parameters=drawing.input_parameters,
        date_parameters=drawing.date_parameters,
        choice_parameters=drawing.choice_parameters,
        checkbox_parameters=drawing.checkbox_parameters,
        field_kind=drawing.field_kind,
        error_links=drawing.error_links,
        page_links=drawing.page_links,
        in_title=wording.in_title,
        service_name=settings.SERVICE_NAME,
        organisation_name=settings.ORGANISATION_NAME,
        support_address=settings.SUPPORT_ADDRESS,
        file_limit=LIMIT_WORDS,
        link_life=amounts.in_time(settings.PASSWORD_LINK_LIFE),
        code_life=amounts.in_time(timedelta(seconds=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT)),
        confirmed_for=amounts.in_time(settings.STEP_UP_LASTS),
        upload_life=amounts.in_time(settings.UPLOAD_KEPT_FOR),
    )
    return env
