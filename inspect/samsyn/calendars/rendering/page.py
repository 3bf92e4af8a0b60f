"""The HTML part of a mail: one column, real table headings, dark mode, nothing fetched from anywhere."""

from __future__ import annotations

import re
from html import escape
from typing import Final

from samsyn.calendars.rendering.text import Words

HEAD: Final = """<!doctype html>
<html lang="{language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">
<title>{title}</title>
<style>
@media (prefers-color-scheme: dark) {{ body, .bg {{ background: #14191b !important; }}
.box {{ background: #1d2427 !important; border-color: #3c484d !important; }} .t {{ color: #f1f5f6 !important; }}
.s {{ color: #b6c2c7 !important; }} .line {{ border-color: #3c484d !important; }}
.lk {{ color: #9fd0da !important; }} .alt {{ color: #f1f5f6 !important; border-color: #b6c2c7 !important; }} }}
</style></head>
<body style="margin:0;background:#f1f4f4">
<main class="bg" style="background:#f1f4f4;padding:24px 12px">
<div class="box" style="max-width:560px;margin:0 auto;background:#ffffff;border:1px solid #c9d2d5;border-radius:8px;\
padding:28px;font-family:Segoe UI,Helvetica,Arial,sans-serif">
<p class="s" style="margin:0 0 6px;font-size:14px;color:#4b5a60">{kind}</p>
<h1 class="t" style="margin:0 0 18px;font-size:24px;line-height:1.2;color:#1e2a2e">{heading}</h1>
<table width="100%" cellpadding="0" cellspacing="0" style="font-size:16px;line-height:1.45">
"""
QUESTION: Final = '</table>\n<p class="t" style="margin:16px 0 12px;font-size:16px;color:#1e2a2e">{question}</p>\n'
NOTE: Final = '<p class="s" style="margin:8px 0 0;font-size:14px;line-height:1.5;color:#4b5a60">{note}</p>\n'
ROW: Final = (
    '<tr><th scope="row" class="s line" align="left" valign="top" width="96" style="padding:9px 12px 9px 0;'
    'border-top:1px solid #dde4e6;color:#4b5a60;font-weight:400">{name}</th>'
    '<td class="t line" valign="top" style="padding:9px 0;border-top:1px solid #dde4e6;color:#1e2a2e">'
    "<b>{first}</b>{more}</td></tr>\n"
)
MORE: Final = '<br><span class="s" style="font-size:14px;color:#4b5a60">{second}</span>'
BUTTON: Final = (
    '<a class="{kind}" href="{url}" style="display:inline-block;{look};margin:0 10px 10px 0;'
    'text-decoration:none;border-radius:4px;font-size:16px">{name}</a>\n'
)
LOOKS: Final = (
    ("main", "padding:12px 22px;background:#17505c;color:#ffffff;font-weight:600"),
    ("alt", "padding:11px 21px;border:1px solid #4b5a60;color:#1e2a2e"),
)
LINK: Final = re.compile(r"https?://\S+$")
LINKED: Final = r'<a class="lk" href="\g<0>" style="color:#17505c">\g<0></a>'
TAIL: Final = "</div>\n</main>\n</body></html>\n"


def page(said: Words, language: str) -> str:
    """Return the text/html part; every word in it is escaped, lines end with CRLF."""
    parts = [
        HEAD.format(language=language, title=escape(said.heading), kind=escape(said.kind), heading=escape(said.heading))
    ]
    for name, first, second in said.facts:
        more = MORE.format(second=LINK.sub(LINKED, escape(second))) if second else ""
        parts.append(ROW.format(name=escape(name), first=escape(first), more=more))
    parts.append(QUESTION.format(question=escape(said.question)))
    for (kind, look), (name, url) in zip(LOOKS, said.links, strict=False):
        parts.append(BUTTON.format(kind=kind, look=look, url=escape(url), name=escape(name)))
    parts += [NOTE.format(note=LINK.sub(LINKED, escape(note))) for note in said.notes]
    return "".join([*parts, TAIL]).replace("\n", "\r\n")
