"""Writes supermask.json: three steps of learned masks on a small dense network, as PyTorch makes them from equal
weights, scores, images and drawn masks. Run with PyTorch 1.13: python3 supermask.py
"""

import json
import pathlib

import torch

torch.manual_seed(3)
SIZES, BATCH, STEPS = [(16, 12), (12, 3)], 20, 3


def network(x, kernels):
    return torch.relu(x @ kernels[0]) @ kernels[1]


def train(method, rescale, lr, momentum, decay, keep=0.5):
    weights = [torch.randn(i, o) * (2 / (i + o)) ** 0.5 for i, o in SIZES]
    bernoulli = method == "bernoulli"
    scores = [torch.zeros(i, o) if bernoulli else (torch.rand(i, o) * 2 - 1) / i**0.5 for i, o in SIZES]
    start = [s.clone() for s in scores]
    for s in scores:
        s.requires_grad_()
    optimizer = torch.optim.SGD(scores, lr=lr, momentum=momentum, weight_decay=decay)
    pixels = torch.randint(0, 256, (STEPS, BATCH, 16))
    labels = torch.randint(0, 3, (STEPS, BATCH))
    drawn, after, losses = [], [], []
    for step in range(STEPS):
        kernels, masks = [], []
        for w, s in zip(weights, scores):
            if bernoulli:
                p = torch.sigmoid(s)
                b = torch.bernoulli(p.detach())
                through = b + p - p.detach()
                factor = b.numel() / b.sum() if rescale else 1.0
                kernels.append(w * through * factor)
            else:
                # As in the authors' code: sort |s|, the first (1 - k) n are zero; gradient as if it were the identity.
                size = s.abs()
                order = size.detach().flatten().argsort()
                b = torch.ones(size.numel())
                b[order[: int(round((1 - keep) * size.numel()))]] = 0
                b = b.view_as(size)
                kernels.append(w * (b + size - size.detach()))
            masks.append(b)
        x = pixels[step].float() / 255
        loss = torch.nn.functional.cross_entropy(network(x, kernels), labels[step])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        drawn.append([m.int().flatten().tolist() for m in masks])
        after.append([s.detach().flatten().tolist() for s in scores])
        losses.append(loss.item())
    flat = lambda tensors: [t.flatten().tolist() for t in tensors]
    return {
        **{"method": method, "rescale": rescale, "lr": lr, "momentum": momentum, "weightDecay": decay, "keep": keep},
        **{"weights": flat(weights), "start": flat(start), "pixels": pixels.tolist(), "labels": labels.tolist()},
        **{"drawn": drawn, "after": after, "losses": losses},
    }


found = {
    "pytorch": torch.__version__,
    "runs": [
        train("bernoulli", False, 100, 0.9, 0),
        train("bernoulli", True, 20, 0.9, 0),
        train("edge-popup", False, 0.1, 0.9, 1e-4),
        train("edge-popup", False, 0.1, 0.9, 1e-4, keep=0.3),
    ],
}
path = pathlib.Path(__file__).with_name("supermask.json")
path.write_text(json.dumps(found) + "\n")
