"""``make bench``: accuracy on labelled documents, then medians and ratios of speed, all measured in this run;
``python -m bench platform`` or ``officers`` those parts alone."""

import sys

from bench import accuracy, folder, publishing, speed
from bench.officers import report as officers
from bench.platform import report as platform

LOADS = {"platform": platform, "officers": officers}

if __name__ == "__main__":
    alone = LOADS.get(sys.argv[1]) if len(sys.argv) > 1 else None
    if alone is not None:
        print(alone.report(sys.argv[2:]))
    else:
        for part in (accuracy, speed, folder, publishing, *LOADS.values()):
            print(part.report())
