"""How servers turn a text into HTML, as their documentation shows it. Written apart from what reads it back."""

from __future__ import annotations

import html
import re

DOMAIN = "fake.example"
_TOKEN = re.compile(
    r"(?P<url>https?://[^\s<>\"]*[^\s<>\".,!?:;)'’”…])"
    r"|(?<![\w/@&.=#])@(?P<user>[A-Za-z0-9_]+)(?:@(?P<host>[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+))?(?![\w@])"
    r"|(?<![\w/&#])#(?P<tag>\w*[^\W\d]\w*)"
)
PEOPLE = {
    name: name for name in ("ann", "harbour", "bo@other.example", "cy@split.example")
}  # as typed -> acct
ELSEWHERE = {"split.example": "web.split.example"}  # servers whose pages have another name than their handles


def render(text: str, markup: str = "mastodon") -> tuple[str, list[dict]]:
    """The HTML and the mentions of a status. `markup`: mastodon (hidden ends), plain (whole links, breaks only) or
    shortened (an address is shown in part)."""
    mentions: list[dict] = []
    pieces, at = [], 0
    text = text.replace("\r\n", "\n").strip()
    for found in _TOKEN.finditer(text):
        pieces.append(html.escape(text[at : found.start()], quote=True))
        pieces.append(_link(found, markup, mentions))
        at = found.end()
    pieces.append(html.escape(text[at:], quote=True))
    body = "".join(pieces)
    if markup == "mastodon":
        paragraphs = re.split(r"\n{2,}", body)
        return "".join(f"<p>{one.replace(chr(10), '<br />')}</p>" for one in paragraphs), mentions
    return body.replace("\n", "<br>"), mentions


def _link(found: re.Match[str], markup: str, mentions: list[dict]) -> str:
    if found["url"]:
        return _address(found["url"], markup)
    if found["tag"]:
        tag = html.escape(found["tag"])
        return (
            f'<a href="https://{DOMAIN}/tags/{tag}" class="mention hashtag" rel="tag">#<span>{tag}</span></a>'
        )
    user, host = found["user"], found["host"] or ""
    typed = user.lower() + (f"@{host.lower()}" if host and host.lower() != DOMAIN else "")
    if typed not in PEOPLE:
        return html.escape(found[0])
    acct = PEOPLE[typed]
    name, _, elsewhere = acct.partition("@")
    address = f"https://{ELSEWHERE.get(elsewhere, elsewhere) or DOMAIN}/@{name}"
    if address not in [one["url"] for one in mentions]:
        mentions.append({"id": str(len(mentions) + 70), "username": name, "acct": acct, "url": address})
    return f'<span class="h-card"><a href="{address}" class="u-url mention">@<span>{name}</span></a></span>'


def _address(url: str, markup: str) -> str:
    scheme = url[: url.index("://") + 3]
    rest = url[len(scheme) :]
    if rest.startswith("www."):
        scheme, rest = scheme + "www.", rest[4:]
    href = html.escape(url, quote=True)
    if markup == "plain":
        return f'<a href="{href}" rel="ugc">{html.escape(url)}</a>'
    shown, hidden = rest[:30], rest[30:]
    if markup == "shortened":
        inside = html.escape(shown + ("…" if hidden else "")) if hidden else html.escape(url)
        return f'<a href="{href}" target="_blank">{inside}</a>'
    return (
        f'<a href="{href}" target="_blank" rel="nofollow noopener noreferrer" translate="no">'
        f'<span class="invisible">{html.escape(scheme)}</span>'
        f'<span class="{"ellipsis" if hidden else ""}">{html.escape(shown)}</span>'
        f'<span class="invisible">{html.escape(hidden)}</span></a>'
    )
