"""Reference masks and starts of lottery tickets. Run: python3 lottery.py (NumPy).

lottery.json  criteria   by Zhou et al. (2019): beginning and end of one layer, mask after each of three rounds of which
                         each takes `removed` of what is left. Scores as the paper has them, largest kept. The two that
                         look at both ends are cut by raising one percentile on both axes, by bisection, until as many
                         are left as wanted; `removed` is what that can reach
              constants  standard deviation of a layer's beginning, about its mean (NumPy's) and about zero
              narrow     widths of dense networks by trying every factor: inputs, hidden, classes; at most `left` weights
"""
import json
import numpy as np

rng = np.random.default_rng(20240719)
N = 240
# Glorot-like beginnings and an end that has moved about as far: half of the small ones change sign.
wi = rng.normal(0, 0.1, N).astype(np.float32)
wf = (0.8 * wi + rng.normal(0, 0.12, N)).astype(np.float32)
a, f = np.abs(wi.astype(np.float64)), np.abs(wf.astype(np.float64))
same = np.sign(wi) == np.sign(wf)

SCORES = {
    "small-final": -f,
    "large-init": a,
    "small-init": -a,
    "magnitude-increase": f - a,
    "movement": np.abs(wf.astype(np.float64) - wi),
    "large-final-same-sign": np.maximum(0, wi.astype(np.float64) * wf / a),
    "large-final-diff-sign": np.maximum(0, -wi.astype(np.float64) * wf / a),
    "magnitude-increase-same-sign": np.where(same, f - a, 0),
    "magnitude-increase-diff-sign": np.where(same, 0, f - a),
}
BOTH = {"large-init-large-final": (a, f), "small-init-small-final": (-a, -f)}
# So few are left after the first round that none of those that score zero, all alike, is among them.
RATES = {"large-final-diff-sign": (0.8, 0.3, 0.5), "magnitude-increase-same-sign": (0.8, 0.3, 0.5),
         "magnitude-increase-diff-sign": (0.9, 0.3, 0.5)}


def bits(mask):
    return "".join(str(int(x)) for x in mask)


def by_score(name, scores):
    mask = np.ones(N, dtype=bool)
    rounds = []
    for rate in RATES.get(name, (0.5, 0.3, 0.6)):
        alive = np.flatnonzero(mask)
        k = int(round(rate * alive.size))
        gone = alive[np.argsort(scores[alive], kind="stable")[:k]]
        rest = np.setdiff1d(alive, gone)
        assert scores[gone].max() < scores[rest].min()
        mask[gone] = False
        rounds.append({"removed": k, "mask": bits(mask)})
    return rounds


def by_percentile(first, second):
    mask = np.ones(N, dtype=bool)
    rounds = []
    for rate in (0.5, 0.3, 0.6):
        alive = np.flatnonzero(mask)
        target = int(round((1 - rate) * alive.size))
        low, high = 0.0, 100.0
        for _ in range(60):
            p = (low + high) / 2
            keep = (first[alive] >= np.percentile(first[alive], p)) & (second[alive] >= np.percentile(second[alive], p))
            low, high = (p, high) if keep.sum() > target else (low, p)
        # The last percentile that leaves at most the target.
        keep = (first[alive] >= np.percentile(first[alive], high)) & (second[alive] >= np.percentile(second[alive], high))
        mask[alive[~keep]] = False
        rounds.append({"removed": int((~keep).sum()), "mask": bits(mask)})
    return rounds


def narrow(inputs, hidden, classes, left):
    def weights(widths):
        sizes = [inputs, *widths, classes]
        return sum(x * y for x, y in zip(sizes, sizes[1:]))

    best = [1] * len(hidden)
    for top in hidden:
        for units in range(1, top + 1):
            widths = [max(1, h * units // top) for h in hidden]
            if weights(best) < weights(widths) <= left:
                best = widths
    return {"inputs": inputs, "hidden": hidden, "classes": classes, "left": left, "widths": best,
            "weights": weights(best)}


json.dump({
    "initial": [float(x) for x in wi],
    "final": [float(x) for x in wf],
    "criteria": [
        *({"id": name, "rounds": by_score(name, scores)} for name, scores in SCORES.items()),
        *({"id": name, "rounds": by_percentile(*axes)} for name, axes in BOTH.items()),
    ],
    "constants": {"std": float(np.std(wi.astype(np.float64))), "aboutZero": float(np.sqrt(np.mean(a * a)))},
    "narrow": [narrow(784, [300, 100], 10, left) for left in (266199, 213000, 136000, 56090, 9500, 3200, 795)]
    + [narrow(20, [12, 7, 9], 5, left) for left in (400, 301, 150, 60)],
}, open("lottery.json", "w"))
