"""Writes sparsity.json: hard-concrete gates by autograd, and optimizers with L1 by subgradient and by proximal step,
as PyTorch makes them. Run with PyTorch 1.13: python3 sparsity.py
"""

import json
import math
import pathlib

import torch

torch.manual_seed(0)
BETA, GAMMA, ZETA = 2 / 3, -0.1, 1.1


def hard_concrete(n=24):
    a = torch.linspace(-4.5, 4.5, n, dtype=torch.float64, requires_grad=True)
    u = torch.rand(n, dtype=torch.float64) * 0.98 + 0.01
    s = torch.sigmoid((torch.log(u) - torch.log(1 - u) + a) / BETA)
    z = torch.clamp(s * (ZETA - GAMMA) + GAMMA, 0, 1)
    (slope,) = torch.autograd.grad(z.sum(), a)
    penalty = torch.sigmoid(a - BETA * math.log(-GAMMA / ZETA))
    (penalty_slope,) = torch.autograd.grad(penalty.sum(), a)
    test = torch.clamp(torch.sigmoid(a) * (ZETA - GAMMA) + GAMMA, 0, 1)
    return {
        "logAlpha": a.tolist(),
        "u": u.tolist(),
        "z": z.tolist(),
        "slope": slope.tolist(),
        "test": test.tolist(),
        "penalty": penalty.tolist(),
        "penaltySlope": penalty_slope.tolist(),
    }


def steps(kind, optimizer, lam=0.05, rows=6, cols=4, count=4):
    """Weights after each step; the loss's gradients are given, the penalty is added by autograd or by its prox."""
    w = (torch.rand(rows, cols) - 0.5).requires_grad_()
    start = w.detach().clone()
    grads = [torch.randn(rows, cols) * 0.1 for _ in range(count)]
    lr = 0.05
    made = {
        "adam": lambda: torch.optim.Adam([w], lr=lr),
        "sgd": lambda: torch.optim.SGD([w], lr=lr, momentum=0.9),
    }[optimizer]()
    after = []
    for g in grads:
        made.zero_grad()
        loss = (w * g).sum()
        if kind == "l1-subgradient":
            loss = loss + lam * w.abs().sum()
        loss.backward()
        made.step()
        with torch.no_grad():
            t = lr * lam
            if kind == "l1-proximal":
                w.copy_(torch.nn.functional.softshrink(w, t))
            elif kind == "group-lasso":
                norm = w.norm(dim=0, keepdim=True)
                w.mul_(torch.clamp(1 - t * math.sqrt(rows) / norm, min=0))
        after.append(w.detach().flatten().tolist())
    return {
        "kind": kind,
        "optimizer": optimizer,
        "lr": lr,
        "lambda": lam,
        "rows": rows,
        "cols": cols,
        "start": start.flatten().tolist(),
        "grads": [g.flatten().tolist() for g in grads],
        "after": after,
    }


kinds = ["l1-subgradient", "l1-proximal", "group-lasso"]
found = {
    "pytorch": torch.__version__,
    "hardConcrete": hard_concrete(),
    "steps": [steps(kind, optimizer, 0.5) for kind in kinds for optimizer in ("sgd", "adam")],
}
path = pathlib.Path(__file__).with_name("sparsity.json")
path.write_text(json.dumps(found, indent=1) + "\n")
