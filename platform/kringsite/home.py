"""The first page: the public one for visitors, the table of the day for a member."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from wagtail.views import serve


def home(request: HttpRequest) -> HttpResponse:
    """Show a member what is next, what moved, what was said and what they promised; a visitor the public page."""
    if not request.user.is_authenticated:
        return serve(request, "")
    return render(request, "kringsite/home.html", {})
