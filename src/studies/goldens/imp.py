"""Writes imp.json: iterative magnitude pruning of LeNet-300-100 by PyTorch, which ../imp.test.ts compares with.

    npx tsx src/studies/testing/hand-over.ts /tmp/handed
    OMP_NUM_THREADS=1 python3 src/studies/goldens/imp.py /tmp/handed

Images, first weights and batches are those that were handed over; their hash is kept, they are not. Per training:
losses (mean over 20 steps each, and of validation before, within and after it), and behind it, pruned by a fifth of
what is left (output layer a tenth), the mask of each kernel as count and SHA-256 of its bytes, 1 = kept, in our layout
[in, out]. `margin` is how far the weights at the cut are apart, relative to their size: of the last that goes and the
first that stays.
"""
import hashlib
import json
import pathlib
import sys

import numpy as np
import torch
import torch.nn.functional as F

TRAIN, VAL, SIZE = 1000, 200, 784
STEPS, ROUNDS, BATCH, EVERY = 40, 3, 60, 20
SHAPES = [("fc1", 784, 300), ("fc2", 300, 100), ("out", 100, 10)]
RATE = {"fc1": 0.2, "fc2": 0.2, "out": 0.1}

torch.set_num_threads(1)


def read(path):
    data = pathlib.Path(path).read_bytes()
    at = 0

    def take(dtype, *shape):
        nonlocal at
        n = int(np.prod(shape))
        values = np.frombuffer(data, dtype, n, at).reshape(shape)
        at += values.nbytes
        return values

    sets = [(take(np.uint8, n, SIZE), take(np.uint8, n)) for n in (TRAIN, VAL)]
    start = {}
    for name, fan_in, out in SHAPES:
        start[f"{name}/kernel"] = take("<f4", fan_in, out)
        start[f"{name}/bias"] = take("<f4", out)
    orders = take("<u4", ROUNDS + 1, STEPS, BATCH)
    assert at == len(data)
    return data, sets, start, orders


def logits(weights, x):
    for name, _, _ in SHAPES:
        x = x @ weights[f"{name}/kernel"] + weights[f"{name}/bias"]
        if name != "out":
            x = F.relu(x)
    return x


def train(start, masks, images, labels, val, order):
    """Fresh Adam; masks on gradient and weight. Returns weights and losses."""
    weights = {name: torch.tensor(w).mul_(masks.get(name, torch.ones(()))).requires_grad_() for name, w in start.items()}
    optimizer = torch.optim.Adam(weights.values(), lr=1.2e-3, betas=(0.9, 0.999), eps=1e-8)

    def validate():
        with torch.no_grad():
            return F.cross_entropy(logits(weights, val[0]), val[1]).item()

    losses, validation = [], [validate()]
    for step, picks in enumerate(order):
        optimizer.zero_grad()
        loss = F.cross_entropy(logits(weights, images[picks]), labels[picks])
        loss.backward()
        for name, mask in masks.items():
            weights[name].grad *= mask
        optimizer.step()
        with torch.no_grad():
            for name, mask in masks.items():
                weights[name] *= mask
        losses.append(loss.item())
        if (step + 1) % EVERY == 0:
            validation.append(validate())
    means = [float(np.mean(losses[i:i + EVERY])) for i in range(0, STEPS, EVERY)]
    return {name: w.detach() for name, w in weights.items()}, dict(train=means, val=validation)


def prune(weights, masks):
    """round(rate x survivors) smallest of each kernel, ties by index."""
    out, margin = {}, np.inf
    for name, _, _ in SHAPES:
        key = f"{name}/kernel"
        size = weights[key].abs().numpy().ravel()
        mask = masks.get(key, torch.ones_like(weights[key])).numpy().ravel().copy()
        alive = np.flatnonzero(mask)
        k = int(np.floor(RATE[name] * len(alive) + 0.5))
        ranked = alive[np.argsort(size[alive], kind="stable")]
        mask[ranked[:k]] = 0
        margin = min(margin, float(size[ranked[k]] / size[ranked[k - 1]] - 1))
        out[key] = torch.tensor(mask.reshape(weights[key].shape))
    return out, margin


def main(path):
    data, sets, start, orders = read(path)
    (images, labels), val = [
        (torch.tensor(x.astype(np.float32) * np.float32(1 / 255)), torch.tensor(y.astype(np.int64))) for x, y in sets
    ]
    masks, trainings = {}, []
    for number in range(ROUNDS + 1):
        order = torch.tensor(orders[number].astype(np.int64))
        weights, losses = train(start, masks, images, labels, val, order)
        masks, margin = prune(weights, masks)
        told = {
            name: dict(kept=int(m.sum()), sha256=hashlib.sha256(m.numpy().astype(np.uint8).tobytes()).hexdigest())
            for name, m in masks.items()
        }
        trainings.append(dict(losses=losses, masks=told, margin=float(f"{margin:.2g}")))
    result = dict(
        source=f"PyTorch {torch.__version__}, float32, one thread",
        handed=hashlib.sha256(data).hexdigest(),
        trainings=trainings,
    )
    (pathlib.Path(__file__).parent / "imp.json").write_text(json.dumps(result, indent=1) + "\n")
    for t in trainings:
        print(t["margin"], t["losses"])


main(sys.argv[1])
