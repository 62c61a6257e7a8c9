"""Writes pytorch.json: gradients of a small network by PyTorch's autograd, image by image, and SNIP scores of them, which
../goldens.test.ts compares with.

Run `OMP_NUM_THREADS=1 python3 make.py`. Double precision; batch norms in evaluation mode. Layouts are ours (dense kernels
[in, out], convolutions HWIO, images NHWC) and turned into PyTorch's here. Weights, images and labels are drawn on both
sides from the same generator; results are stored.
"""
import json
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

IMAGES, CLASSES = 9, 3
SHAPES = {
    "conv1/kernel": (3, 3, 2, 4),
    "bn1/gamma": (4,),
    "bn1/beta": (4,),
    "bn1/mean": (4,),
    "bn1/variance": (4,),
    "dw/kernel": (3, 3, 4),
    "dw/bias": (4,),
    "fc1/kernel": (3 * 3 * 4, 6),
    "fc1/bias": (6,),
    "out/kernel": (6, CLASSES),
    "out/bias": (CLASSES,),
}


def uniform(seed, n):
    """n numbers in [0, 1) of a linear congruential generator."""
    state, out = (seed * 2654435761) % 2**32, np.empty(n)
    for i in range(n):
        state = (state * 1664525 + 1013904223) % 2**32
        out[i] = state / 2**32
    return out


def tensors():
    out = {}
    for seed, (name, shape) in enumerate(SHAPES.items(), 1):
        u = uniform(seed, int(np.prod(shape)))
        values = u + 0.2 if name.endswith("variance") else 2 * u - 1
        out[name] = torch.tensor(values.astype(np.float32).astype(np.float64).reshape(shape))
    return out


def forward(w, x):
    """x [1, 5, 5, 2]: convolution with stride 2 and padding 1, batch norm, relu; depthwise, relu; dense, relu; dense."""
    x = F.conv2d(x.permute(0, 3, 1, 2), w["conv1/kernel"].permute(3, 2, 0, 1), stride=2, padding=1)
    x = F.batch_norm(x, w["bn1/mean"], w["bn1/variance"], w["bn1/gamma"], w["bn1/beta"], training=False, eps=1e-5)
    depthwise = w["dw/kernel"].permute(2, 0, 1)[:, None]
    x = F.relu(F.conv2d(F.relu(x), depthwise, w["dw/bias"], padding=1, groups=4))
    x = F.relu(x.permute(0, 2, 3, 1).reshape(1, -1) @ w["fc1/kernel"] + w["fc1/bias"])
    return x @ w["out/kernel"] + w["out/bias"]


def main():
    w = tensors()
    kernels = [name for name in w if name.endswith("kernel")]
    for name in kernels:
        w[name].requires_grad_(True)
    pixels = np.floor(256 * uniform(101, IMAGES * 50)).reshape(IMAGES, 1, 5, 5, 2)
    labels = np.floor(CLASSES * uniform(102, IMAGES)).astype(int)
    each = {name: [] for name in kernels}
    for i in range(IMAGES):
        # As 32-bit floats, which is what both sides read.
        x = torch.tensor((pixels[i] / 128 - 1).astype(np.float32).astype(np.float64))
        loss = F.cross_entropy(forward(w, x), torch.tensor([labels[i]]))
        for name, g in zip(kernels, torch.autograd.grad(loss, [w[name] for name in kernels])):
            each[name].append(g)
    stacked = {name: torch.stack(gs) for name, gs in each.items()}
    mean = {name: g.mean(0) for name, g in stacked.items()}
    parts = {name: (mean[name] * w[name]).abs() for name in kernels}
    total = sum(p.sum() for p in parts.values())
    tables = {
        "gradient": mean,
        "gradientSize": {name: g.abs().mean(0) for name, g in stacked.items()},
        "gradientSquare": {name: (g**2).mean(0) for name, g in stacked.items()},
        "snip": {name: p / total for name, p in parts.items()},
    }
    lists = {
        kind: {name: [float(f"{v:.7e}") for v in t.detach().flatten().tolist()] for name, t in table.items()}
        for kind, table in tables.items()
    }
    path = pathlib.Path(__file__).with_name("pytorch.json")
    path.write_text(json.dumps({"torch": torch.__version__, "images": IMAGES, **lists}) + "\n")


main()
