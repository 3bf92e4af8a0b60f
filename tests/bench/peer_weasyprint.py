"""The peer of documents: the same dossier set by WeasyPrint from HTML, tagged as PDF/UA-1 (``pdf_variant``).

Run as a program: ``peer_weasyprint.py DATA.json PDF`` writes the document and prints the seconds of CPU that setting it
took, its imports and a first small document left out. Wants the package ``weasyprint`` and Pango; nothing else does.
"""

from __future__ import annotations

import html
import json
import sys
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

Json = dict[str, Any]
STYLE = """
@page { size: A4; margin: 22mm 20mm;
  @top-left { content: string(business); font-size: 8pt } @top-right { content: string(reader); font-size: 8pt }
  @bottom-left { content: string(foot); font-size: 8pt }
  @bottom-right { content: counter(page) " / " counter(pages); font-size: 8pt } }
body { font: 10pt/1.35 serif; color: #1e2a2e; hyphens: none }
h1 { string-set: business attr(title); font-size: 21pt } h2 { color: #17505c; font-size: 13.5pt; break-after: avoid }
h3 { font-size: 10.5pt; break-after: avoid } th { text-align: left; font-size: 8pt }
.reader { string-set: reader content() } .foot { string-set: foot content(); height: 0; overflow: hidden }
table { width: 100%; border-collapse: collapse } td { border-top: .5pt solid #d3dbde; padding: 5pt }
.finding { break-inside: avoid; border-left: 3pt solid #2c6e3f; padding: 2pt 10pt; margin-top: 9pt }
.bad { border-color: #b3261e } .tag { font-size: 8pt; border: .6pt solid; border-radius: 8pt; padding: 1pt 5pt }
.meta { font-size: 8.5pt; color: #56646a }
"""


def page(data: Json) -> str:
    """Return the dossier as one page of HTML: what dossier.typ shows, in the same order."""
    return f"""<!doctype html><html lang="{data["language"]}"><head><meta charset="utf-8">
<title>{said(data["title"])}</title><style>{STYLE}</style></head><body>{"".join(body(data))}</body></html>"""


def body(data: Json) -> Iterator[str]:
    label = data["label"]
    yield f'<div class="foot">{said(data["footer"])}</div><h1 title="{said(data["business"])}">'
    yield f"{said(data['business'])}</h1><p>{said(data['about'])}</p>"
    yield f'<p><b class="reader">{said(data["compiled_for"])}</b> {said(data["box"])}</p><table><tr>'
    yield "".join(f"<td>{said(n)} {said(what)}</td>" for n, what in data["counts"]) + "</tr></table>"
    yield heading(label["h_open"])
    yield "".join(finding(one, one["day"]) for one in data["open"])
    yield heading(label["h_history"])
    names = ("day", "how", "authorities", "findings", "deficiencies")
    keys = ("day", "how", "authorities", "n_findings", "n_deficiencies")
    yield table([label[f"c_{name}"] for name in names], [[v[key] for key in keys] for v in data["visits"]])
    for visit in data["visits"]:
        yield heading(visit["heading"]) + table([], visit["rows"])
        parts = [[part["name"], part["state"]] for part in visit["parts"]]
        yield heading(label["h_parts"], 3) + table([label["c_authority"], label["c_state"]], parts)
        yield heading(label["h_facts"], 3) + table([], visit["facts"])
        yield heading(label["h_findings"], 3) + "".join(finding(one) for one in visit["findings"])


def said(words: str) -> str:
    return html.escape(str(words))


def heading(words: str, level: int = 2) -> str:
    return f"<h{level}>{said(words)}</h{level}>"


def table(names: list[str], rows: list[list[str]]) -> str:
    head = "".join(f"<th>{said(name)}</th>" for name in names)
    lines = "".join("<tr>" + "".join(f"<td>{said(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return "<table>" + (f"<thead><tr>{head}</tr></thead>" if names else "") + f"<tbody>{lines}</tbody></table>"


def finding(one: Json, day: str = "") -> str:
    text = f"<br>{said(one['text'])}" if one["text"] else ""
    return (
        f'<div class="finding{" bad" if one["bad"] else ""}"><b>{said(one["title"])}</b>'
        f' <span class="tag">{said(one["answer"])}</span>{text}'
        f'<br><span class="meta">{said(day)} {said(one["meta"])}</span></div>'
    )


def main() -> None:
    maker = import_module("weasyprint")
    maker.HTML(string="<html lang='sv'><title>x</title><p>å</p>").write_pdf(pdf_variant="pdf/ua-1")
    data = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    begun = time.process_time()
    pdf = maker.HTML(string=page(data)).write_pdf(pdf_variant="pdf/ua-1")
    took = time.process_time() - begun
    Path(sys.argv[2]).write_bytes(pdf)
    sys.stdout.write(str(took))


if __name__ == "__main__":
    main()
