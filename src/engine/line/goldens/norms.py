"""Writes norms.json: running statistics that PyTorch's update_bn gives a small network on a few batches.

Run `python3 norms.py` beside this file. Tensors are in Winnow's layouts (kernels HWIO, images NHWC).
"""
import json
import pathlib

import numpy as np
import torch
from torch.optim.swa_utils import update_bn

rng = np.random.default_rng(6)
torch.set_num_threads(1)


def flat(array):
    return [float(f"{v:.9g}") for v in np.asarray(array, dtype=np.float32).ravel()]


def conv(inn, out, kernel):
    layer = torch.nn.Conv2d(inn, out, kernel)
    values = rng.normal(size=(kernel, kernel, inn, out)).astype(np.float32)
    bias = rng.normal(size=out).astype(np.float32)
    with torch.no_grad():
        layer.weight.copy_(torch.from_numpy(values.transpose(3, 2, 0, 1)))
        layer.bias.copy_(torch.from_numpy(bias))
    return layer, values, bias


def norm(channels):
    layer = torch.nn.BatchNorm2d(channels)
    gamma, beta = rng.uniform(0.5, 2, channels), rng.normal(size=channels)
    with torch.no_grad():
        layer.weight.copy_(torch.from_numpy(gamma))
        layer.bias.copy_(torch.from_numpy(beta))
        # Whatever was there before must not matter.
        layer.running_mean.copy_(torch.from_numpy(rng.normal(size=channels)))
        layer.running_var.copy_(torch.from_numpy(rng.uniform(1, 9, channels)))
    return layer


c1, k1, b1 = conv(1, 3, 2)
n1 = norm(3)
c2, k2, b2 = conv(3, 2, 1)
n2 = norm(2)
net = torch.nn.Sequential(c1, n1, torch.nn.ReLU(), torch.nn.MaxPool2d(2, 1), c2, n2, torch.nn.ReLU())
tensors = {"c1/kernel": flat(k1), "c1/bias": flat(b1), "c2/kernel": flat(k2), "c2/bias": flat(b2)}
for name, layer in (("n1", n1), ("n2", n2)):
    tensors[f"{name}/gamma"] = flat(layer.weight.detach())
    tensors[f"{name}/beta"] = flat(layer.bias.detach())
    tensors[f"{name}/mean"] = flat(layer.running_mean)
    tensors[f"{name}/variance"] = flat(layer.running_var)

count = 15
pixels = rng.integers(0, 256, size=(count, 4, 4, 1), dtype=np.uint8)
batches = rng.permutation(count).reshape(3, 5)
images = torch.from_numpy(pixels.transpose(0, 3, 1, 2).astype(np.float32) / 255)
update_bn([images[b] for b in batches], net)
after = {}
for name, layer in (("n1", n1), ("n2", n2)):
    after[f"{name}/mean"] = flat(layer.running_mean)
    after[f"{name}/variance"] = flat(layer.running_var)

golden = {
    "from": f"torch {torch.__version__}, numpy {np.__version__}",
    "tensors": tensors,
    "pixels": [int(v) for v in pixels.ravel()],
    "batches": batches.tolist(),
    "after": after,
}
text = json.dumps(golden, separators=(",", ":"))
(pathlib.Path(__file__).parent / "norms.json").write_text(text + "\n")
