"""Errors that speak to people (problem details, RFC 9457): what happened, what was and was not done, what to do now."""

from __future__ import annotations

from typing import Any


class Problem(Exception):
    """An expected refusal. Pages render it, the API returns it as application/problem+json.

    `title` says what happened in one sentence; `not_done` what was not (or was) done; `next_step` what the
    person can do now. `fields` maps a form field to its own sentence.
    """

    status = 400
    code = "problem"

    def __init__(
        self,
        title: str,
        *,
        not_done: str = "Nothing was changed.",
        next_step: str = "",
        fields: dict[str, str] | None = None,
        status: int | None = None,
    ) -> None:
        super().__init__(title)
        self.title = title
        self.not_done = not_done
        self.next_step = next_step
        self.fields = fields or {}
        if status is not None:
            self.status = status

    def as_json(self) -> dict[str, Any]:
        detail = " ".join(part for part in (self.not_done, self.next_step) if part)
        body: dict[str, Any] = {
            "type": f"about:blank#{self.code}",
            "title": self.title,
            "status": self.status,
            "detail": detail,
        }
        if self.fields:
            body["errors"] = [{"field": k, "detail": v} for k, v in self.fields.items()]
        return body


class Invalid(Problem):
    """What was sent cannot be used; the words say which part."""

    status = 422
    code = "invalid"


class Forbidden(Problem):
    """The person is known, and this is not theirs to do."""

    status = 403
    code = "forbidden"


class NotFound(Problem):
    """There is no such thing here, or it is not this person's to see: the two are not told apart."""

    status = 404
    code = "not-found"


class Conflict(Problem):
    """The thing changed in between, or is in a state that does not allow this."""

    status = 409
    code = "conflict"


class Unavailable(Problem):
    """Something this needs does not answer at present."""

    status = 503
    code = "unavailable"
