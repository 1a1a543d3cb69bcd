#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Trains the digit network that spmma_digits runs, dense and 2:4 sparse, and writes it as .npy files.

The network is 64 -> 128 -> 64 -> 10 with biases and ReLU. Matrices are laid out as the unit takes them in
D = A*B: weights are A (outputs x inputs, sparse along the inputs), activations are B (inputs x digits).
Needs only NumPy. Every random choice is seeded, so a second run gives the same files (another BLAS may differ in
the last bits). Exit status 1 if the networks miss the accuracies that docs/digits.md promises.
"""

import argparse
import gzip
import sys
from pathlib import Path

import numpy as np

DATA = Path(__file__).resolve().parent.parent / "verif" / "digits" / "data"
SIZES = (64, 128, 64, 10)
LAYERS = len(SIZES) - 1
HELD_OUT = 360
SEED = 2024
EPOCHS = 300
BATCH = 64
PIXEL_MAX = 16  # pixels are 0..16; the network sees them divided by this


def load(path):
    """Images (digits x 64, uint8) and labels (digits) in a fixed shuffled order; the first HELD_OUT are held out."""
    with gzip.open(path, "rt") as file:
        rows = np.loadtxt(file, delimiter=",", dtype=np.uint8)
    rows = rows[np.random.default_rng(SEED).permutation(len(rows))]
    return rows[:, :64], rows[:, 64]


def shifted(images, rng):
    """Each 8x8 image moved by -1, 0 or 1 pixel in x and y, zeros filled in."""
    padded = np.pad(images.reshape(-1, 8, 8), ((0, 0), (1, 1), (1, 1)))
    dy, dx = rng.integers(0, 3, (2, len(images), 1, 1))
    y, x = np.arange(8)[:, None] + dy, np.arange(8)[None, :] + dx
    return padded[np.arange(len(images))[:, None, None], y, x].reshape(-1, 64)


def initial(rng):
    """He initialisation: a list of (outputs x inputs) weights and one of (outputs x 1) biases."""
    weights = [rng.normal(0, np.sqrt(2 / k), (m, k)).astype(np.float32) for k, m in zip(SIZES, SIZES[1:])]
    biases = [np.zeros((m, 1), np.float32) for m in SIZES[1:]]
    return weights, biases


def forward(weights, biases, x):
    """Activations of every layer for inputs x (64 x digits); the last entry is the logits."""
    activations = [x]
    for i, (w, b) in enumerate(zip(weights, biases)):
        y = w @ activations[-1] + b
        activations.append(np.maximum(y, 0) if i < LAYERS - 1 else y)
    return activations


def train(weights, biases, images, labels, rng, rate, masks=None):
    """Adam with decoupled weight decay and a cosine rate. With masks, pruned weights stay exactly zero."""
    parameters = [p.copy() for p in weights + biases]
    first = [np.zeros_like(p) for p in parameters]
    second = [np.zeros_like(p) for p in parameters]
    batches = len(labels) // BATCH
    total = EPOCHS * batches
    for epoch in range(EPOCHS):
        order = rng.permutation(len(labels))
        for batch in range(batches):
            pick = order[batch * BATCH : (batch + 1) * BATCH]
            x = shifted(images[pick], rng).T.astype(np.float32) / PIXEL_MAX
            w, b = parameters[:LAYERS], parameters[LAYERS:]
            activations = forward(w, b, x)
            logits = activations[-1]
            delta = np.exp(logits - logits.max(axis=0))
            delta /= delta.sum(axis=0)
            delta[labels[pick], np.arange(BATCH)] -= 1
            delta /= BATCH
            gradients = [None] * (2 * LAYERS)
            for i in reversed(range(LAYERS)):
                gradients[i] = delta @ activations[i].T
                gradients[LAYERS + i] = delta.sum(axis=1, keepdims=True)
                delta = (w[i].T @ delta) * (activations[i] > 0)
            step = epoch * batches + batch + 1
            scale = rate * 0.5 * (1 + np.cos(np.pi * step / total))
            for i, gradient in enumerate(gradients):
                first[i] += 0.1 * (gradient - first[i])
                second[i] += 0.001 * (gradient**2 - second[i])
                update = first[i] / (1 - 0.9**step) / (np.sqrt(second[i] / (1 - 0.999**step)) + 1e-8)
                decay = 0.01 * parameters[i] if i < LAYERS else 0
                parameters[i] -= (scale * (update + decay)).astype(np.float32)
                if masks is not None and i < LAYERS:
                    parameters[i] *= masks[i]
    return parameters[:LAYERS], parameters[LAYERS:]


def mask_2_4(weight):
    """1 for the two of largest magnitude in each group of four along the inputs, else 0; ties keep the lower index."""
    groups = np.abs(weight).reshape(len(weight), -1, 4)
    rank = np.argsort(np.argsort(-groups, axis=2, kind="stable"), axis=2)
    return (rank < 2).astype(np.float32).reshape(weight.shape)


def quantise(weights, biases, calibration):
    """INT8 weights, symmetric for each output; UINT8 activations with steps calibrated on `calibration` (64 x digits).

    Returns for each layer (q, scale, bias): a layer's output is q @ x * scale + bias, already in steps of the next
    layer's input (the logits: as they are), so that one rounding and one clamp to 0..255 requantise it.
    """
    peaks = [float(a.max()) for a in forward(weights, biases, calibration)]
    steps = [1 / PIXEL_MAX] + [peak / 255 for peak in peaks[1:-1]] + [1.0]
    layers = []
    for i, (w, b) in enumerate(zip(weights, biases)):
        w_step = np.abs(w).max(axis=1, keepdims=True) / 127
        q = np.rint(w / w_step).astype(np.int8)
        layers.append((q, (w_step * steps[i] / steps[i + 1]).astype(np.float32), (b / steps[i + 1]).astype(np.float32)))
    return layers


def infer_int8(layers, images):
    """Logits with the unit's integer arithmetic: exact int32 sums, then scale, bias and one rounding."""
    x = images.T
    for i, (q, scale, bias) in enumerate(layers):
        y = (q.astype(np.int32) @ x.astype(np.int32)).astype(np.float64) * scale + bias
        x = np.clip(np.rint(y), 0, 255).astype(np.uint8) if i < LAYERS - 1 else y
    return x


def infer_fp16(weights, biases, images):
    """Logits with FP16 weights and activations and FP32 sums."""
    x = images.T.astype(np.float16) / np.float16(PIXEL_MAX)
    for i, (w, b) in enumerate(zip(weights, biases)):
        y = w.astype(np.float16).astype(np.float32) @ x.astype(np.float32) + b
        x = np.maximum(y, 0).astype(np.float16) if i < LAYERS - 1 else y
    return x


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=DATA, help="folder for the .npy files (default: %(default)s)")
    out = parser.parse_args().out

    images, labels = load(DATA / "digits.csv.gz")
    test_images, test_labels = images[:HELD_OUT], labels[:HELD_OUT]
    images, labels = images[HELD_OUT:], labels[HELD_OUT:]
    inputs = images.T.astype(np.float32) / PIXEL_MAX
    test_inputs = test_images.T.astype(np.float32) / PIXEL_MAX

    rng = np.random.default_rng(SEED)
    print(f"training on {len(labels)} digits, {EPOCHS} epochs dense, {EPOCHS} sparse", flush=True)
    dense = train(*initial(rng), images, labels, rng, rate=3e-3)
    masks = [mask_2_4(w) for w in dense[0]]
    pruned = [w * mask for w, mask in zip(dense[0], masks)]
    sparse = train(pruned, dense[1], images, labels, rng, rate=3e-3, masks=masks)

    out.mkdir(parents=True, exist_ok=True)
    np.save(out / "images.npy", np.ascontiguousarray(test_images.T))
    np.save(out / "labels.npy", test_labels[None, :])
    percent = {}
    for name, (weights, biases) in (("dense", dense), ("sparse", sparse)):
        layers = quantise(weights, biases, inputs)
        folder = out / name
        folder.mkdir(exist_ok=True)
        for i, (w, b, (q, scale, bias)) in enumerate(zip(weights, biases, layers), start=1):
            np.save(folder / f"fp32_weight{i}.npy", w)
            np.save(folder / f"fp16_weight{i}.npy", w.astype(np.float16))
            np.save(folder / f"bias{i}.npy", b)
            np.save(folder / f"int8_weight{i}.npy", q)
            np.save(folder / f"int8_scale{i}.npy", scale)
            np.save(folder / f"int8_bias{i}.npy", bias)
        for kind, logits in (
            ("FP32", forward(weights, biases, test_inputs)[-1]),
            ("FP16", infer_fp16(weights, biases, test_images)),
            ("INT8", infer_int8(layers, test_images)),
        ):
            correct = int((logits.argmax(axis=0) == test_labels).sum())
            percent[name, kind] = 100 * correct / HELD_OUT
            print(f"{name:6} {kind}  {correct}/{HELD_OUT}  {percent[name, kind]:.2f} %")

    good = percent["dense", "FP32"] >= 96
    for kind in ("FP32", "FP16", "INT8"):
        good &= percent["sparse", kind] >= percent["dense", kind] - 1
    for name in ("dense", "sparse"):
        good &= percent[name, "INT8"] >= percent[name, "FP16"] - 1
    if not good:
        print("train_digits: the networks miss the promised accuracies", file=sys.stderr)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
