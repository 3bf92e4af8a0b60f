"""The process that goes outside, in the world of the tests: ``going_out.py SERVER TRAP CERTIFICATE``."""

import sys
from pathlib import Path

from samsyn.planning.busy.egress import main

sys.path.insert(0, str(Path(__file__).parents[3]))
from tests.planning.busy.outside import world

sys.exit(main(world(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))))
