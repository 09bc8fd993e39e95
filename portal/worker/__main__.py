"""`python -m portal.worker work QUEUE` and `python -m portal.worker tick`."""

import sys

from portal.worker.start import main

sys.exit(main(sys.argv[1:]))
