"""Writes int8.json: products of 8-bit codes with rows rounded to 8 bits, computed by NumPy's integer matrix product.

Run `python3 int8.py` beside this file. Weights are affine codes per column, w = scale * (code - zero); rows of x get
symmetric codes with scale max|x| / 127, halves to even.
"""
import json
import pathlib

import numpy as np

rng = np.random.default_rng(4)


def flat(array):
    # Nine digits name a float32 exactly.
    return [float(f"{v:.9g}") for v in np.asarray(array, dtype=np.float32).ravel()]


def whole(array):
    return [int(v) for v in np.asarray(array).ravel()]


def case(rows, inn, out, bits, positive):
    x = rng.normal(size=(rows, inn)).astype(np.float32)
    if positive:
        x = np.abs(x)
    codes = rng.integers(0, 2 ** bits, size=(inn, out))
    zeros = rng.integers(0, 2 ** bits, size=out)
    scales = rng.uniform(0.001, 0.02, size=out).astype(np.float32)
    bias = rng.normal(size=out).astype(np.float32)
    sx = np.abs(x).max(axis=1, keepdims=True) / np.float32(127)
    xcodes = np.rint(x / sx).astype(np.int32)
    sums = xcodes @ (codes - zeros).astype(np.int32)
    y = sums.astype(np.float32) * (sx * scales) + bias
    assert y.dtype == np.float32 and np.abs(xcodes).max() == 127
    return dict(rows=rows, inn=inn, out=out, bits=bits, x=flat(x), codes=whole(codes), zeros=whole(zeros),
                scales=flat(scales), bias=flat(bias), xcodes=whole(xcodes), sums=whole(sums), y=flat(y))


golden = dict(
    source=f"NumPy {np.__version__}",
    cases=[case(*c) for c in ((1, 40, 11, 8, False), (7, 21, 9, 8, True), (5, 33, 8, 4, False), (6, 9, 5, 2, True))],
)
path = pathlib.Path(__file__).with_name("int8.json")
path.write_text(json.dumps(golden, separators=(",", ":")) + "\n")
print(path.name, path.stat().st_size, "bytes")
