"""Ask the identity providers, as the sign-in page will."""

from __future__ import annotations

import sys

import click

from samsyn.access.oidc import CALLBACK, Documents, RefusedSignInError, read_providers
from samsyn.core.settings import load_settings


@click.command()
def providers() -> None:
    """Ask each identity provider what it says of itself, and print what to register there."""
    settings = load_settings()
    try:
        found = read_providers(settings.providers_file)
    except RuntimeError as error:
        raise click.ClickException(str(error)) from None
    good = True
    for one in found:
        click.echo(f"{one.name}: {one.title}, {one.issuer}")
        click.echo(f"  redirect address to register: {settings.base_url}{CALLBACK.format(name=one.name)}")
        click.echo(f"  after signing out there:      {settings.base_url}/sign-in")
        click.echo(f"  levels that are enough:       {', '.join(one.acr) or 'any (acr is empty)'}")
        try:
            said = Documents(one).metadata()
        except RefusedSignInError as error:
            good = False
            click.echo(f"  cannot be used: {error.detail}")
            continue
        lacking = [acr for acr in one.acr if said.acr and acr not in said.acr]
        click.echo(f"  names itself in its answer:   {'yes (RFC 9207)' if said.names_itself else 'no'}")
        click.echo(f"  levels that it says it knows: {', '.join(said.acr) or 'not said'}")
        if lacking:
            click.echo(f"  note: it does not name {', '.join(lacking)}")
    if not found:
        click.echo("no providers: SAMSYN_PROVIDERS_FILE is empty or not set")
    sys.exit(0 if good else 1)
