"""Headers that keep a page to itself: no outside request, no frame, no sensor, no copy."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


SENSORS_OFF = "geolocation=(), microphone=(), payment=(), usb=()"


def with_camera(response: HttpResponse) -> HttpResponse:
    """Let a page read stickers with the camera, which every other page is denied."""
    response.headers["Permissions-Policy"] = f"{SENSORS_OFF}, camera=(self)"
    return response


class SecurityHeaders:
    """Add a content security policy and switch off what the pages never use.

    No browser keeps an answer that does not say how long: errors and ways elsewhere may name
    somebody or something too.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", f"{SENSORS_OFF}, camera=()")
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response
