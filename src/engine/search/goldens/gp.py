"""Gaussian process, its likelihood and expected improvement in NumPy. Run: python3 gp.py > gp.json"""
import json
import math

import numpy as np

rng = np.random.RandomState(7)


def matern(r):
    s = math.sqrt(5) * r
    return (1 + s + s * s / 3) * np.exp(-s)


def case(n, d, length, noise):
    x = rng.rand(n, d)
    y = np.sin(5 * x[:, 0]) + x.sum(1) ** 2 - 3
    q = np.vstack([rng.rand(4, d), x[:1]])
    mean, deviation = y.mean(), y.std() or 1.0
    z = (y - mean) / deviation
    apart = lambda a, b: np.sqrt(((a[:, None] - b[None]) ** 2).sum(-1))
    k = matern(apart(x, x) / length) + noise * np.eye(n)
    ks = matern(apart(q, x) / length)
    inverse = np.linalg.inv(k)
    mu = mean + deviation * (ks @ inverse @ z)
    sd = deviation * np.sqrt(np.maximum(0, 1 - np.einsum("ij,jk,ik->i", ks, inverse, ks)))
    evidence = -0.5 * z @ inverse @ z - 0.5 * np.linalg.slogdet(k)[1] - n / 2 * math.log(2 * math.pi)
    best = y.min()
    u = (best - mu) / sd
    below = np.array([0.5 * math.erfc(-v / math.sqrt(2)) for v in u])
    gain = (best - mu) * below + sd * np.exp(-u * u / 2) / math.sqrt(2 * math.pi)
    return dict(length=length, noise=noise, points=x.tolist(), values=y.tolist(), asked=q.tolist(), mean=mu.tolist(),
                deviation=sd.tolist(), evidence=float(evidence), gain=gain.tolist())


normal = [[v, 0.5 * math.erfc(-v / math.sqrt(2))] for v in (-9, -5, -3.01, -3, -1.3, -1e-9, 0, 0.7, 2.99, 3.01, 6)]
print(json.dumps(dict(normal=normal, cases=[case(1, 2, 0.5, 1e-2), case(7, 3, 0.6, 1e-4), case(24, 2, 0.3, 1e-2)])))
