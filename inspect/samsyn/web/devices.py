"""What a person recognises a session by: browser and system by name, and the network; never a whole address."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import Final

from flask import request

from samsyn.access.service import Client

BROWSERS: Final = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrom", "Chrome"), ("Safari", "Safari"))
SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)
KEPT_BITS: Final = {4: 16, 6: 32}


def this_client() -> Client:
    """Return what is kept of the one who asks."""
    agent = request.headers.get("User-Agent", "")
    found = [next((name for sign, name in known if sign in agent), "") for known in (BROWSERS, SYSTEMS)]
    return Client(", ".join(filter(None, found)), network_of(request.remote_addr or ""))


def network_of(address: str) -> str:
    """Return the network that an address is in, as people write it; nothing for what is no address."""
    try:
        version = ip_address(address).version
    except ValueError:
        return ""
    return str(ip_network(f"{address}/{KEPT_BITS[version]}", strict=False))
