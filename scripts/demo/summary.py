"""build/demo/summary.json: every figure counted from what the network answered."""

import json
import os


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0


def write(path, figures):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path + ".new", "w") as file:
        json.dump(figures, file, indent=2, ensure_ascii=False)
        file.write("\n")
    os.replace(path + ".new", path)
