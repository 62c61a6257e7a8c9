"""Writes pytorch.json: optimizer steps, single layers and short trainings computed by PyTorch, which the tests compare with.

Run `python3 make.py` beside this file; the numbers depend on the PyTorch version only in the last bits.
Layouts are converted to ours: dense kernels [in, out], convolutions HWIO, images and flattening NHWC.
"""
import json
import pathlib

import numpy as np
import torch
from torch import nn

rng = np.random.default_rng(1)
OPTIMIZERS = {
    "adam": (torch.optim.Adam, dict(lr=0.01, betas=(0.9, 0.999), eps=1e-8)),
    "adam-eps": (torch.optim.Adam, dict(lr=0.1, betas=(0.8, 0.99), eps=0.1)),
    "sgd": (torch.optim.SGD, dict(lr=0.1)),
    "momentum": (torch.optim.SGD, dict(lr=0.1, momentum=0.9)),
    "nesterov": (torch.optim.SGD, dict(lr=0.1, momentum=0.9, nesterov=True)),
}
# Weight decay, added to the gradient and decoupled from it. Apart, because the trainings above keep their numbers.
DECAYING = {
    "adam-decay": (torch.optim.Adam, dict(lr=0.01, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.1)),
    "adamw": (torch.optim.AdamW, dict(lr=0.01, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.3)),
    "sgd-decay": (torch.optim.SGD, dict(lr=0.1, weight_decay=0.02)),
    "nesterov-decay": (torch.optim.SGD, dict(lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.02)),
}


def flat(array):
    # Nine digits name a float32 exactly.
    return [float(f"{v:.9g}") for v in np.asarray(array, dtype=np.float32).ravel()]


def spec(name):
    options = {**OPTIMIZERS, **DECAYING}[name][1]
    decay = dict(weightDecay=options["weight_decay"]) if "weight_decay" in options else {}
    if name.startswith("adam"):
        (beta1, beta2) = options["betas"]
        decoupled = dict(decoupled=True) if name == "adamw" else {}
        return dict(kind="adam", lr=options["lr"], beta1=beta1, beta2=beta2, epsilon=options["eps"],
                    **decay, **decoupled)
    return dict(kind="sgd", lr=options["lr"], momentum=options.get("momentum", 0),
                nesterov=options.get("nesterov", False), **decay)


def optimizer_steps(name):
    n, steps = 12, 5
    start = rng.normal(size=n).astype(np.float32)
    grads = (rng.normal(size=(steps, n)) * 10.0 ** rng.integers(-4, 2, size=(steps, n))).astype(np.float32)
    w = torch.tensor(start, requires_grad=True)
    make, options = {**OPTIMIZERS, **DECAYING}[name]
    optimizer = make([w], **options)
    after = []
    for g in grads:
        w.grad = torch.tensor(g)
        optimizer.step()
        after.append(flat(w.detach()))
    return dict(optimizer=spec(name), start=flat(start), grads=[flat(g) for g in grads], after=after)


class Flatten(nn.Module):
    def forward(self, x):
        return x.permute(0, 2, 3, 1).flatten(1)


def dense(fan_in, out, activation):
    return dict(kind="dense", out=out, activation=activation, **{"in": fan_in})


MLP = dict(input=[1, 7, 1], layers=[
    dict(name="fc1", **dense(7, 6, "relu")), dict(name="fc2", **dense(6, 5, "relu")),
    dict(name="out", **dense(5, 3, "linear"))])
CNN = dict(input=[9, 9, 2], layers=[
    dict(name="conv1", kind="conv", **{"in": [9, 9, 2]}, out=[9, 9, 3], kernel=3, stride=1, pad=1, activation="relu"),
    dict(name="pool1", kind="maxpool", **{"in": [9, 9, 3]}, out=[4, 4, 3], size=2, stride=2),
    dict(name="conv2", kind="conv", **{"in": [4, 4, 3]}, out=[2, 2, 5], kernel=2, stride=2, pad=0, activation="relu"),
    dict(name="fc", **dense(20, 4, "linear"))])


def modules(arch):
    out, weights = [], {}
    for layer in arch["layers"]:
        if layer["kind"] == "maxpool":
            out.append(nn.MaxPool2d(layer["size"], layer["stride"]))
            continue
        if layer["kind"] == "conv":
            module = nn.Conv2d(layer["in"][2], layer["out"][2], layer["kernel"], layer["stride"], layer["pad"])
        else:
            if len(out) == 0 or not isinstance(out[-1], (nn.Linear, nn.ReLU)) or arch is CNN:
                out.append(Flatten())
            module = nn.Linear(layer["in"], layer["out"])
        layer["bias"] = True
        weights[layer["name"]] = module
        out.append(module)
        if layer["activation"] == "relu":
            out.append(nn.ReLU())
    return nn.Sequential(*out), weights


def ours(module):
    w = module.weight.detach()
    w = w.t() if isinstance(module, nn.Linear) else w.permute(2, 3, 1, 0)
    return w.contiguous().numpy(), module.bias.detach().numpy()


def tensors(weights):
    out = {}
    for name, module in weights.items():
        out[f"{name}/kernel"], out[f"{name}/bias"] = (flat(t) for t in ours(module))
    return out


def training(arch, name, batch=7, steps=3):
    torch.manual_seed(2)
    net, weights = modules(arch)
    h, w, c = arch["input"]
    classes = arch["layers"][-1]["out"]
    pixels = rng.integers(0, 256, size=(batch * steps, h, w, c)).astype(np.uint8)
    labels = rng.integers(0, classes, size=batch * steps)
    masks = {n: (torch.rand_like(m.weight) > 0.4).float() for n, m in weights.items()}
    start = tensors(weights)
    scale, shift = 1 / 255, -0.25
    make, options = OPTIMIZERS[name]
    optimizer = make(net.parameters(), **options)
    with torch.no_grad():
        for n, m in weights.items():
            m.weight *= masks[n]
    losses = []
    for t in range(steps):
        at = slice(t * batch, (t + 1) * batch)
        x = torch.tensor(pixels[at]).float() * np.float32(scale) + np.float32(shift)
        loss = nn.functional.cross_entropy(net(x.permute(0, 3, 1, 2).contiguous()), torch.tensor(labels[at]))
        optimizer.zero_grad()
        loss.backward()
        with torch.no_grad():
            for n, m in weights.items():
                m.weight.grad *= masks[n]
        optimizer.step()
        with torch.no_grad():
            for n, m in weights.items():
                m.weight *= masks[n]
        losses.append(float(loss))
    bits = {}
    for n, m in weights.items():
        mask = masks[n].t() if isinstance(m, nn.Linear) else masks[n].permute(2, 3, 1, 0)
        bits[f"{n}/kernel"] = [int(v) for v in mask.contiguous().numpy().ravel()]
    return dict(arch=arch, optimizer=spec(name), batch=batch, steps=steps, scale=scale, shift=shift,
                pixels=[int(v) for v in pixels.ravel()], labels=[int(v) for v in labels],
                masks=bits, start=start, after=tensors(weights), losses=losses)


def batch_norm(rows=13, c=5, steps=3):
    """Layer by layer: outputs, gradients and running statistics of training steps, then an evaluation with relu."""
    layer = nn.BatchNorm1d(c, eps=1e-5, momentum=0.1)
    with torch.no_grad():
        layer.weight.copy_(torch.tensor(rng.normal(size=c), dtype=torch.float32))
        layer.bias.copy_(torch.tensor(rng.normal(size=c), dtype=torch.float32))
    out = dict(epsilon=layer.eps, momentum=layer.momentum, rows=rows, c=c,
               gamma=flat(layer.weight.detach()), beta=flat(layer.bias.detach()), steps=[])
    draw = lambda: torch.tensor(rng.normal(size=(rows, c)) * 2 + np.arange(c), dtype=torch.float32)
    for _ in range(steps):
        x, dy = draw().requires_grad_(), torch.tensor(rng.normal(size=(rows, c)), dtype=torch.float32)
        layer.zero_grad()
        y = layer(x)
        y.backward(dy)
        out["steps"].append(dict(
            x=flat(x.detach()), dy=flat(dy), y=flat(y.detach()), dx=flat(x.grad),
            dgamma=flat(layer.weight.grad), dbeta=flat(layer.bias.grad),
            mean=flat(layer.running_mean), variance=flat(layer.running_var)))
    layer.eval()
    x = draw()
    with torch.no_grad():
        out["evaluation"] = dict(x=flat(x), y=flat(torch.relu(layer(x))))
    return out


def soft_labels(hard, temperature, rows=7, classes=5):
    """Hard and soft cross-entropy, weighted as in Hinton, Vinyals, Dean 2015."""
    z = torch.tensor(rng.normal(size=(rows, classes)) * 4, dtype=torch.float32, requires_grad=True)
    teacher = torch.tensor(rng.normal(size=(rows, classes)) * 4, dtype=torch.float32)
    labels = torch.tensor(rng.integers(0, classes, size=rows))
    target = torch.softmax(teacher / temperature, 1)
    soft = nn.functional.cross_entropy(z / temperature, target) * temperature ** 2
    loss = hard * nn.functional.cross_entropy(z, labels) + (1 - hard) * soft
    loss.backward()
    return dict(hard=hard, temperature=temperature, rows=rows, classes=classes, z=flat(z.detach()),
                teacher=flat(teacher), labels=[int(v) for v in labels], loss=float(loss), dz=flat(z.grad))


golden = dict(
    source=f"PyTorch {torch.__version__}",
    optimizers={name: optimizer_steps(name) for name in OPTIMIZERS},
    trainings={f"{kind} {name}": training(arch, name)
               for kind, arch in (("mlp", MLP), ("cnn", CNN)) for name in OPTIMIZERS},
)
# Drawn after the trainings, whose numbers thereby stay as they were.
golden["optimizers"].update({name: optimizer_steps(name) for name in DECAYING})
golden["batchNorm"] = batch_norm()
golden["softLabels"] = [soft_labels(*case) for case in ((0, 4), (0.1, 4), (0.5, 1), (1, 2))]
path = pathlib.Path(__file__).with_name("pytorch.json")
path.write_text(json.dumps(golden, separators=(",", ":")) + "\n")
print(path.name, path.stat().st_size, "bytes")
