"""A dossier, or a report, as a document: PDF by typst, in-process, without fonts, packages or files of the machine."""

from samsyn.dossiers.rendering.pdf import render_pdf, render_public, render_report

__all__ = ["render_pdf", "render_public", "render_report"]
