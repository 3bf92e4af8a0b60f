"""A dossier as a document: PDF by typst, in-process, without fonts, packages or files of the machine."""

from samsyn.dossiers.rendering.pdf import render_pdf

__all__ = ["render_pdf"]
