#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Unpacks a directory of independent test vectors into tests/data.

The directory holds index.json, one NAME.npz for each entry with the arrays A, B, C, D, U (and E if sparse), and
samples/NAME.json. Each array becomes tests/data/vectors/NAME/ARRAY.npy, the index is cut down to what the tests use,
and the samples are copied to tests/data/samples.
"""
import argparse
import json
import pathlib
import shutil

import numpy as np

FORMATS = {"f16": "fp16", "s8": "int8", "u8": "uint8"}  # the others have the same name here
MAX_BYTES = 1 << 20


def entry(raw):
    """One line of our index from one of theirs."""
    return {
        "name": raw["name"],
        "arch": raw["arch"],
        "a": FORMATS.get(raw["a"], raw["a"]),
        "b": FORMATS.get(raw["b"], raw["b"]),
        "acc": raw["c"],
        "sparse": raw["sparse"],
        "saturate": raw.get("satfinite", False),
        "L": raw.get("L"),
        "F": raw.get("F"),
        "evidence": raw["evidence"],
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", type=pathlib.Path, help="directory with index.json, *.npz and samples/")
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path(__file__).parents[1] / "tests" / "data")
    args = parser.parse_args()

    vectors = args.out / "vectors"
    samples = args.out / "samples"
    vectors.mkdir(parents=True, exist_ok=True)
    samples.mkdir(parents=True, exist_ok=True)
    entries = [entry(raw) for raw in json.loads((args.source / "index.json").read_text())["files"]
               if (args.source / f"{raw['name']}.npz").exists()]
    for item in entries:
        folder = vectors / item["name"]
        folder.mkdir(exist_ok=True)
        with np.load(args.source / f"{item['name']}.npz") as arrays:
            for key in arrays.files:
                if key == "cls":
                    continue
                path = folder / f"{key}.npy"
                np.save(path, np.ascontiguousarray(arrays[key]))
                if path.stat().st_size > MAX_BYTES:
                    raise SystemExit(f"{path} is larger than {MAX_BYTES} bytes")
        sample = args.source / "samples" / f"{item['name']}.json"
        if sample.exists():
            shutil.copyfile(sample, samples / sample.name)
            (samples / sample.name).chmod(0o644)
    lines = ",\n".join("  " + json.dumps(item) for item in entries)
    (vectors / "index.json").write_text("[\n" + lines + "\n]\n")


if __name__ == "__main__":
    main()
