"""Reference values for Optimal Brain Surgeon, by NumPy. Run: python3 make_obs.py (no other dependency).

obs.json    a layer's inputs x, its kernel and bias, weights pruned before and weights that go now; damping, scores and
            what remains after the best change, from numpy.linalg.inv of each output's own matrix and, for the change,
            from numpy.linalg.lstsq of the outputs themselves (square roots of the damping as extra rows), so that no
            formula of the method is used
"""
import json
import numpy as np

rng = np.random.default_rng(19931)
rows, outputs, images = 9, 4, 30


def numbers(a):
    return [float(x) for x in np.asarray(a, dtype=np.float64).ravel()]


x = np.maximum(rng.normal(size=(images, rows)) @ rng.normal(size=(rows, rows)), 0)
# An input that is always zero.
x[:, 5] = 0
x = np.hstack([x, np.ones((images, 1))])
w = rng.normal(size=(rows, outputs)).astype(np.float32).astype(np.float64)
b = rng.normal(size=outputs).astype(np.float32).astype(np.float64)
before = (rng.random(size=w.shape) < 0.8).astype(int)
before[:, 0] = 1
kept = before * (rng.random(size=w.shape) < 0.6).astype(int)
kept[:, 1] = 0
h = x.T @ x / images
damping = 0.01 * np.mean(np.diag(h))
hd = h + damping * np.eye(rows + 1)
scores, after, bias = np.zeros_like(w), np.zeros_like(w), np.zeros_like(b)
for j in range(outputs):
    there = np.append(np.flatnonzero(before[:, j]), rows)
    inverse = np.linalg.inv(hd[np.ix_(there, there)])
    for r, q in enumerate(there[:-1]):
        scores[q, j] = w[q, j] ** 2 / (2 * inverse[r, r])
    full = np.append(w[:, j] * before[:, j], b[j])
    stay = np.append(np.flatnonzero(kept[:, j]), rows)
    # min |x_S v - x w|² / images + damping * (|v - w_S|² + |w_P|²)
    a = np.vstack([x[:, stay] / np.sqrt(images), np.sqrt(damping) * np.eye(len(stay))])
    y = np.concatenate([x @ full / np.sqrt(images), np.sqrt(damping) * full[stay]])
    v = np.linalg.lstsq(a, y, rcond=None)[0]
    after[stay[:-1], j] = v[:-1]
    bias[j] = v[-1]
json.dump({"rows": rows, "outputs": outputs, "matrix": numbers(h), "damping": float(damping),
           "kernel": numbers(w), "bias": numbers(b), "before": [int(m) for m in before.ravel()],
           "kept": [int(m) for m in kept.ravel()], "scores": numbers(scores), "after": numbers(after),
           "biasAfter": numbers(bias)}, open("obs.json", "w"))
