"""Reference masks for pruning. Run: python3 prune.py (PyTorch 1.13 or later, NumPy).

prune.json  torch    torch.nn.utils.prune: l1_unstructured by layer, twice in a row (of what is left), and
                     global_unstructured over three layers; kernels and masks transposed to [in, out] / HWIO
            blocks   by NumPy: sums of |w| over blocks r x c of the kernel as a matrix [rows, columns], smallest
                     round(p b) blocks out, ragged ones at the edges included; 4x1 is r = 1, c = 4
            nm       by NumPy: of every M rows of a column the N largest |w|
Amounts are chosen so that no product is half of an odd number: Python rounds halves to even, we round them up.
"""
import json
import numpy as np
import torch
import torch.nn.utils.prune as prune

torch.manual_seed(7)
rng = np.random.default_rng(20240611)


def numbers(a):
    return [float(x) for x in np.asarray(a, dtype=np.float64).ravel()]


def bits(a):
    return "".join(str(int(x)) for x in np.asarray(a).ravel())


def net():
    return {"conv1": torch.nn.Conv2d(1, 3, 3), "fc1": torch.nn.Linear(27, 12), "out": torch.nn.Linear(12, 5)}


def ours(t):
    """[out, in] -> [in, out]; [out, in, h, w] -> [h, w, in, out]"""
    return t.permute(2, 3, 1, 0) if t.dim() == 4 else t.t()


def torch_case(name, amounts, scope):
    layers = net()
    # Other scales per layer, so that a global ranking is not a layer-wise one.
    with torch.no_grad():
        for scale, layer in zip((1.0, 0.4, 2.0), layers.values()):
            layer.weight.copy_(torch.randn_like(layer.weight) * scale)
    kernels = {n: numbers(ours(l.weight.detach())) for n, l in layers.items()}
    rounds = []
    for amount in amounts:
        if scope == "layer":
            for layer in layers.values():
                prune.l1_unstructured(layer, "weight", amount=amount)
        else:
            prune.global_unstructured(
                [(l, "weight") for l in layers.values()], pruning_method=prune.L1Unstructured, amount=amount)
        rounds.append({n: bits(ours(l.weight_mask)) for n, l in layers.items()})
    return {"name": name, "scope": scope, "amounts": amounts, "kernels": kernels, "masks": rounds}


def block_case(rows, cols, r, c, amount):
    w = rng.normal(size=(rows, cols)).astype(np.float32)
    height, width = -(-rows // r), -(-cols // c)
    sums = np.array([[np.abs(w[i * r:(i + 1) * r, j * c:(j + 1) * c].astype(np.float64)).sum()
                      for j in range(width)] for i in range(height)])
    k = round(amount * sums.size)
    gone = np.argsort(sums.ravel(), kind="stable")[:k]
    kept = np.ones(sums.size, dtype=int)
    kept[gone] = 0
    kept = kept.reshape(height, width)
    mask = np.array([[kept[i // r, j // c] for j in range(cols)] for i in range(rows)])
    return {"rows": rows, "columns": cols, "r": r, "c": c, "amount": amount, "kernel": numbers(w), "mask": bits(mask)}


def nm_case(rows, cols, n, m):
    w = rng.normal(size=(rows, cols)).astype(np.float32)
    mask = np.zeros((rows, cols), dtype=int)
    for j in range(cols):
        for i in range(0, rows, m):
            best = np.argsort(-np.abs(w[i:i + m, j]), kind="stable")[:n]
            mask[i + best, j] = 1
    return {"rows": rows, "columns": cols, "n": n, "m": m, "kernel": numbers(w), "mask": bits(mask)}


json.dump({
    "torch": [
        torch_case("l1_unstructured, twice", [0.37, 0.31], "layer"),
        torch_case("global_unstructured, twice", [0.6, 0.31], "global"),
    ],
    "blocks": [block_case(27, 12, 1, 4, 0.43), block_case(27, 14, 1, 4, 0.43), block_case(23, 17, 5, 3, 0.61)],
    "nm": [nm_case(16, 6, 2, 4), nm_case(27, 12, 2, 4), nm_case(21, 5, 3, 8)],
}, open("prune.json", "w"), indent=0)
