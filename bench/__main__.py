"""``make bench``: accuracy on labelled documents, then medians and ratios of speed, all measured in this run."""

from bench import accuracy, folder, publishing, speed

if __name__ == "__main__":
    print(accuracy.report())
    print(speed.report())
    print(folder.report())
    print(publishing.report())
