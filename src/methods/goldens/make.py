"""Reference values for the method tests, by NumPy. Run: python3 make.py (NumPy 2; no other dependency).

svd.json    singular values and the reconstruction error of every rank, from numpy.linalg.svd
quant.json  codes, scales, zero points and weights of every bit width, scheme and granularity, written from
            the definitions in quantize's formula with float32 arithmetic and numpy.rint (halves to even)
"""
import json
import numpy as np

rng = np.random.default_rng(20240607)


def numbers(a):
    return [float(x) for x in np.asarray(a, dtype=np.float64).ravel()]


def svd_case(name, a):
    a = a.astype(np.float32)
    u, s, vt = np.linalg.svd(a.astype(np.float64), full_matrices=False)
    errors = [np.linalg.norm(a - (u[:, :r] * s[:r]) @ vt[:r]) for r in range(1, len(s) + 1)]
    energy = np.cumsum(s**2) / np.sum(s**2)
    return {"name": name, "rows": a.shape[0], "cols": a.shape[1], "kernel": numbers(a),
            "values": numbers(s), "errors": numbers(errors), "energy": numbers(energy)}


low = rng.normal(size=(14, 3)) @ rng.normal(size=(3, 9))
pruned = rng.normal(size=(12, 8))
pruned[np.abs(pruned) < 0.9] = 0
pruned[:, 3] = 0
json.dump([
    svd_case("tall", rng.normal(size=(23, 9)) * 0.1),
    svd_case("wide", rng.normal(size=(6, 17))),
    svd_case("square", rng.normal(size=(11, 11))),
    svd_case("rank three", low),
    svd_case("pruned, one column empty", pruned),
], open("svd.json", "w"), indent=0)


def quantize(w, mask, bits, scheme, channels):
    """w [n, channels] float32 with channels on the last axis; mask of the same shape."""
    f = np.float32
    kept = np.where(mask == 1, w, f(0))
    if bits == 1:
        count = mask.sum(axis=0)
        total = np.abs(kept).astype(np.float64).sum(axis=0)
        scale = np.where(count == 0, 0, total / np.maximum(count, 1)).astype(f)
        zero = np.zeros(channels, dtype=int)
        codes = np.where(mask == 1, (w >= 0).astype(int), 0)
        out = np.where(mask == 1, np.where(codes == 1, scale, -scale), f(0))
        return codes, scale, zero, out.astype(f)
    low, high = np.minimum(kept.min(axis=0), 0), np.maximum(kept.max(axis=0), 0)
    if scheme == "affine":
        top = 2**bits - 1
        scale = np.maximum(f(1e-12), ((high.astype(np.float64) - low) / top).astype(f))
        zero = np.clip(np.rint((-low / scale).astype(f)), 0, top).astype(int)
    else:
        limit = 2 ** (bits - 1) - 1
        top = 2 * limit
        scale = np.maximum(f(1e-12), (np.maximum(high, -low).astype(np.float64) / limit).astype(f))
        zero = np.full(channels, limit)
    codes = np.clip(np.rint((w / scale).astype(f)).astype(int) + zero, 0, top)
    codes = np.where(mask == 1, codes, zero)
    out = np.where(mask == 1, (scale * (codes - zero).astype(f)).astype(f), f(0))
    return codes, scale, zero, out


w = (rng.normal(size=(3, 3, 2, 4)) * 0.2).astype(np.float32)
w[..., 1] *= 100
w[..., 2] = 0
w[..., 3] = np.abs(w[..., 3]) + np.float32(0.5)
# Exact halves, to tell rounding to even from rounding up.
w[0, 0, 0] = np.float32([0.375, -0.625, 0, 0.125])
m = (rng.random(size=w.shape) < 0.7).astype(int)
cases = []
for bits in range(1, 9):
    for scheme in ("affine", "symmetric"):
        for granularity in ("tensor", "channel"):
            for masked in (False, True):
                mask = m if masked else np.ones_like(m)
                n = 4 if granularity == "channel" else 1
                codes, scale, zero, out = quantize(w.reshape(-1, n), mask.reshape(-1, n), bits, scheme, n)
                cases.append({"bits": bits, "scheme": scheme, "granularity": granularity, "masked": masked,
                              "codes": [int(c) for c in codes.ravel()], "scales": numbers(scale),
                              "zeros": [int(z) for z in zero], "weights": numbers(out)})
json.dump({"shape": list(w.shape), "kernel": numbers(w), "mask": [int(x) for x in m.ravel()], "cases": cases},
          open("quant.json", "w"))
