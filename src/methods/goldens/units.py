"""Reference scores of units, by PyTorch. Run: python3 units.py (PyTorch; torch.nn.utils.prune).

units.json  of a dense layer, a convolution and a convolution that is flattened into a dense layer: the unit norms, and
            which units prune.ln_structured removes at several amounts. Kernels are stored in our layouts: dense
            [in, out], conv HWIO; PyTorch has [out, in] and [out, in, h, w].
"""
import json
import torch
from torch import nn
from torch.nn.utils import prune

torch.manual_seed(5)


def numbers(t):
    return [float(x) for x in t.detach().double().reshape(-1)]


def removed(make, n, amount, dim):
    """Units whose mask ln_structured has set to zero, along `dim` of the weight."""
    layer = make()
    prune.ln_structured(layer, "weight", amount=amount, n=n, dim=dim)
    rest = [d for d in range(layer.weight_mask.dim()) if d != dim]
    return [int(i) for i in torch.nonzero(layer.weight_mask.amax(dim=rest) == 0).reshape(-1)]


def case(layer, dim, kernel):
    weight = layer.weight.detach().clone()
    rest = [d for d in range(weight.dim()) if d != dim]

    def make():
        fresh = type(layer)(*([layer.in_features, layer.out_features] if isinstance(layer, nn.Linear)
                              else [layer.in_channels, layer.out_channels, layer.kernel_size]))
        fresh.weight.data = weight.clone()
        return fresh

    units = weight.shape[dim]
    amounts = [1, 2, units // 2, units - 1]
    return {
        "kernel": numbers(kernel(weight)),
        "l1": numbers(weight.abs().sum(dim=rest)),
        "l2": numbers((weight ** 2).sum(dim=rest).sqrt()),
        "removed": [{"n": n, "amount": a, "units": removed(make, n, a, dim)} for n in (1, 2) for a in amounts],
    }


dense = nn.Linear(7, 6)
conv = nn.Conv2d(3, 5, 3)
# Reads 4 channels at 2 x 2 positions. PyTorch flattens NCHW, we NHWC: the dense kernel is given as [h, w, c, out].
reader = nn.Conv2d(4, 6, 2)

json.dump({
    "dense": {"in": 7, "out": 6, **case(dense, 0, lambda w: w.t())},
    "conv": {"in": 3, "out": 5, "size": 3, **case(conv, 0, lambda w: w.permute(2, 3, 1, 0))},
    # As a dense layer [2 * 2 * 4, 6] of ours; the units are its input channels, dim 1 of the convolution.
    "flattened": {"channels": 4, "positions": 4, "out": 6, **case(reader, 1, lambda w: w.permute(2, 3, 1, 0))},
}, open("units.json", "w"))
