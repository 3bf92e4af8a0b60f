"""Run by the system's own Python in a D-Bus session: subscribe in evolution-data-server, print what it lists as JSON.

Arguments: the address, how many events to wait for. Debian: evolution-data-server gir1.2-ecal-2.0 python3-gi dbus.
"""

import json
import sys
import time

import gi  # pyright: ignore[reportMissingImports]

gi.require_version("EDataServer", "1.2")
gi.require_version("ECal", "2.0")
from gi.repository import ECal, EDataServer, GLib  # noqa: E402  # pyright: ignore[reportMissingImports]

address, wanted = sys.argv[1], int(sys.argv[2])
registry = EDataServer.SourceRegistry.new_sync(None)
source = EDataServer.Source.new(None, None)
source.set_display_name("Samsyn")
source.set_parent("webcal-stub")
source.get_extension(EDataServer.SOURCE_EXTENSION_CALENDAR).set_backend_name("webcal")
source.get_extension(EDataServer.SOURCE_EXTENSION_WEBDAV_BACKEND).set_uri(GLib.Uri.parse(address, GLib.UriFlags.NONE))
source.get_extension(EDataServer.SOURCE_EXTENSION_OFFLINE).set_stay_synchronized(True)
registry.commit_source_sync(source, None)
client = ECal.Client.connect_sync(registry.ref_source(source.get_uid()), ECal.ClientSourceType.EVENTS, 30, None)
found = []
for _ in range(60):
    client.refresh_sync(None)
    found = client.get_object_list_as_comps_sync("#t", None)[1]
    if len(found) >= wanted:
        break
    time.sleep(1)
said = [(c.get_dtstart(), c.get_dtend(), c.get_summary()) for c in found]
listed = [[a.get_value().as_timet(), b.get_value().as_timet(), title.get_value()] for a, b, title in said]
sys.stdout.write(json.dumps(listed))
