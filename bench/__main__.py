"""``make bench``: medians and ratios, all measured in this run."""

from bench.speed import report

if __name__ == "__main__":
    print(report())
