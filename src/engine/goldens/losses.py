"""Writes losses.json: the first 20 training losses of two networks by PyTorch, and the mean loss of all examples in
evaluation mode (running statistics) behind them, which ../losses.test.ts compares with.

Run `OMP_NUM_THREADS=1 python3 losses.py`. Weights, images and labels are not stored: both sides draw them from the same
generator. Layouts are ours (dense kernels [in, out], convolutions HWIO, images NHWC) and turned into PyTorch's here.
"""
import json
import math
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

STEPS = 20
OPTIMIZERS = {
    "adam": dict(kind="adam", lr=1.2e-3, beta1=0.9, beta2=0.999, epsilon=1e-8),
    "adamw": dict(kind="adamw", lr=1.2e-3, beta1=0.9, beta2=0.999, epsilon=1e-8, weightDecay=0.05),
    "momentum": dict(kind="sgd", lr=0.05, momentum=0.9, nesterov=False),
    "nesterov, weight decay": dict(kind="sgd", lr=0.02, momentum=0.9, nesterov=True, weightDecay=5e-4),
}


def uniform(seed, n):
    """n numbers in [0, 1) of a linear congruential generator."""
    state, out = (seed * 2654435761) % 2**32, np.empty(n)
    for i in range(n):
        state = (state * 1664525 + 1013904223) % 2**32
        out[i] = state / 2**32
    return out


# The networks, as src/models/types.ts describes them.

def dense(name, fan_in, out, activation="relu"):
    return dict(kind="dense", name=name, out=out, bias=True, activation=activation, **{"in": fan_in})


def conv(name, size, filters, kernel, stride=1, **more):
    out = -(-size[0] // stride)
    pad = max((out - 1) * stride + kernel - size[0], 0) // 2
    return dict(kind="conv", name=name, out=[out, out, filters], kernel=kernel, stride=stride, pad=pad, bias=False,
                activation="linear", **{"in": size}, **more)


def norm(name, size, activation="relu"):
    return dict(kind="batchnorm", name=name, out=size, epsilon=1e-5, momentum=0.1, activation=activation,
                **{"in": size})


def add(name, size, other):
    return dict(kind="add", name=name, out=size, activation="relu", **{"in": size, "with": other})


MLP = dict(input=[28, 28, 1], layers=[dense("fc1", 784, 300), dense("fc2", 300, 100), dense("out", 100, 10, "linear")])
WIDE, DEEP = [12, 12, 8], [6, 6, 16]
RESNET = dict(input=[12, 12, 3], layers=[
    conv("stem", [12, 12, 3], 8, 3), norm("stem.bn", WIDE),
    conv("a1", WIDE, 8, 3), norm("a1.bn", WIDE),
    conv("a2", WIDE, 8, 3), norm("a2.bn", WIDE, "linear"), add("a", WIDE, "stem.bn"),
    conv("b1", WIDE, 16, 3, 2), norm("b1.bn", DEEP),
    conv("b2", DEEP, 16, 3), norm("b2.bn", DEEP, "linear"),
    conv("bp", WIDE, 16, 1, 2, **{"from": "a"}), norm("bp.bn", DEEP, "linear"), add("b", DEEP, "b2.bn"),
    dict(kind="globalpool", name="pool", out=[1, 1, 16], **{"in": DEEP}),
    dense("out", 16, 10, "linear")])


def tensors(arch):
    """Parameters by name, in PyTorch's layout; tensor number k is drawn with seed k + 1."""
    out = {}

    def draw(name, shape, width, centre=0.0):
        n = math.prod(shape)
        values = centre + (uniform(len(out) + 1, n) * 2 - 1) * width
        out[name] = values.astype(np.float32).reshape(shape)

    for layer in arch["layers"]:
        name = layer["name"]
        if layer["kind"] == "dense":
            draw(f"{name}/kernel", [layer["in"], layer["out"]], math.sqrt(6 / (layer["in"] + layer["out"])))
            draw(f"{name}/bias", [layer["out"]], 0.05)
        elif layer["kind"] == "conv":
            k, c, n = layer["kernel"], layer["in"][2], layer["out"][2]
            draw(f"{name}/kernel", [k, k, c, n], math.sqrt(6 / (k * k * c + n)))
        elif layer["kind"] == "batchnorm":
            draw(f"{name}/gamma", [layer["out"][2]], 0.3, 1)
            draw(f"{name}/beta", [layer["out"][2]], 0.05)
    turned = {2: (1, 0), 4: (3, 2, 0, 1)}
    return {name: torch.tensor(t.transpose(turned[t.ndim]).copy() if t.ndim in turned else t, requires_grad=True)
            for name, t in out.items()}


def padding(layer):
    """Zeros for F.pad, both axes alike: before as given, after as many as the output needs."""
    reach = (layer["out"][0] - 1) * layer["stride"] + layer["kernel"]
    after = max(0, reach - layer["in"][0] - layer["pad"])
    return [layer["pad"], after] * 2


def forward(arch, w, running, x, train):
    values, last = {"input": x}, "input"
    for layer in arch["layers"]:
        name, kind = layer["name"], layer["kind"]
        h = values[layer.get("from", last)]
        if kind == "dense":
            flat = h.permute(0, 2, 3, 1).flatten(1) if h.ndim == 4 else h
            h = F.linear(flat, w[f"{name}/kernel"], w[f"{name}/bias"])
        elif kind == "conv":
            h = F.conv2d(F.pad(h, padding(layer)), w[f"{name}/kernel"], stride=layer["stride"])
        elif kind == "batchnorm":
            mean, variance = running.setdefault(name, (torch.zeros(layer["out"][2]), torch.ones(layer["out"][2])))
            h = F.batch_norm(h, mean, variance, w[f"{name}/gamma"], w[f"{name}/beta"], train, layer["momentum"],
                             layer["epsilon"])
        elif kind == "globalpool":
            h = h.mean((2, 3), keepdim=True)
        elif kind == "add":
            h = h + values[layer["with"]]
        values[name] = F.relu(h) if layer.get("activation") == "relu" else h
        last = name
    return values[last]


def data(arch, count):
    """Dark noise with a brighter patch that depends on the class."""
    h, w, c = arch["input"]
    size = h * w * c
    pixels = np.floor(uniform(1001, count * size) * 128).astype(np.uint8).reshape(count, size)
    labels = np.floor(uniform(1002, count) * 10).astype(np.uint8)
    for i, label in enumerate(labels):
        for k in range(9):
            pixels[i, (int(label) * 37 + k * 5) % size] += 120
    return pixels.reshape(count, h, w, c), labels


def optimizer(spec, parameters):
    decay = spec.get("weightDecay", 0)
    if spec["kind"] == "sgd":
        return torch.optim.SGD(parameters, lr=spec["lr"], momentum=spec["momentum"], nesterov=spec["nesterov"],
                               weight_decay=decay)
    make = torch.optim.AdamW if spec["kind"] == "adamw" else torch.optim.Adam
    return make(parameters, lr=spec["lr"], betas=(spec["beta1"], spec["beta2"]), eps=spec["epsilon"],
                weight_decay=decay)


def training(arch, batch, count, spec):
    w = tensors(arch)
    pixels, labels = data(arch, count)
    # scale 1 / 64 and shift -0.5 are exact, so that both sides see the same numbers.
    x = (torch.tensor(pixels).float() / 64 - 0.5).permute(0, 3, 1, 2).contiguous()
    y = torch.tensor(labels).long()
    rule, running, losses = optimizer(spec, list(w.values())), {}, []
    for t in range(STEPS):
        at = [(t * batch + i) % count for i in range(batch)]
        loss = F.cross_entropy(forward(arch, w, running, x[at], True), y[at])
        rule.zero_grad()
        loss.backward()
        rule.step()
        losses.append(number(loss))
    with torch.no_grad():
        return dict(losses=losses, evaluation=number(F.cross_entropy(forward(arch, w, running, x, False), y)))


def number(loss):
    # Nine digits name a float32 exactly.
    return float(f"{float(loss):.9g}")


torch.set_num_threads(1)
NETWORKS = {"LeNet-300-100": dict(arch=MLP, batch=60, count=500), "small ResNet": dict(arch=RESNET, batch=16, count=200)}
golden = dict(
    source=f"PyTorch {torch.__version__}",
    optimizers=OPTIMIZERS,
    networks={name: dict(net, trainings={kind: training(**net, spec=spec) for kind, spec in OPTIMIZERS.items()})
              for name, net in NETWORKS.items()},
)
path = pathlib.Path(__file__).with_name("losses.json")
path.write_text(json.dumps(golden, separators=(",", ":")) + "\n")
print(path.name, path.stat().st_size, "bytes")
