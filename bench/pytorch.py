"""The yardstick: training steps of the benchmark's networks in PyTorch, on one thread, in single precision.

Greets with "ready PyTorch <version>, <BLAS>, oneDNN <on|off>, <n> thread(s)". Then each line "<network> <steps>
[batch]" on stdin is answered on stdout by "<wall> <cpu>": milliseconds per step, by the clock and of CPU time.
A line that cannot be run is answered by "error <why>". Set OMP_NUM_THREADS and OPENBLAS_NUM_THREADS to 1 before
starting it, or BLAS brings threads of its own.

A step is what ours is: forward, cross-entropy, backward, Adam at 1.2e-3 with a new batch each time. Images are
noise and labels are drawn anew for every step, so no network can learn them by heart: gradients that die away
become subnormal numbers, which are slow. Networks and batch sizes are those of src/models and of bench/kernels.ts.
"""
import os
import re
import sys
import time

# Effective only before the libraries are loaded.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

import torch  # noqa: E402
from torch import nn  # noqa: E402
from torch.nn import functional as F  # noqa: E402

torch.set_num_threads(1)
torch.set_flush_denormal(True)
torch.manual_seed(1)

POOL = 1200
CLASSES = 10


def lenet300():
    return nn.Sequential(
        nn.Flatten(), nn.Linear(784, 300), nn.ReLU(), nn.Linear(300, 100), nn.ReLU(), nn.Linear(100, CLASSES)
    )


def lenet5():
    """Caffe's."""
    return nn.Sequential(
        nn.Conv2d(1, 20, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(20, 50, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(800, 500), nn.ReLU(), nn.Linear(500, CLASSES),
    )


def conv2():
    return nn.Sequential(
        nn.Conv2d(3, 64, 3, padding=1), nn.ReLU(), nn.Conv2d(64, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(64 * 16 * 16, 256), nn.ReLU(), nn.Linear(256, 256), nn.ReLU(),
        nn.Linear(256, CLASSES),
    )


def conv_norm(c, n, k, stride=1):
    return nn.Sequential(nn.Conv2d(c, n, k, stride, padding=k // 2, bias=False), nn.BatchNorm2d(n))


class Block(nn.Module):
    """Two 3 x 3 convolutions and the identity, or a 1 x 1 projection where the size changes."""

    def __init__(self, c, n, stride):
        super().__init__()
        self.one = conv_norm(c, n, 3, stride)
        self.two = conv_norm(n, n, 3)
        self.short = nn.Identity() if c == n and stride == 1 else conv_norm(c, n, 1, stride)

    def forward(self, x):
        return F.relu(self.two(F.relu(self.one(x))) + self.short(x))


def resnet8():
    return nn.Sequential(
        conv_norm(3, 16, 3), nn.ReLU(), Block(16, 16, 1), Block(16, 32, 2), Block(32, 64, 2),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, CLASSES),
    )


DIGITS, COLOURS = (1, 28, 28), (3, 32, 32)
# Network, shape of its images, images per step.
NETWORKS = {
    "lenet-300-100": (lenet300, DIGITS, 60),
    "lenet-5": (lenet5, DIGITS, 60),
    "conv-2": (conv2, COLOURS, 60),
    "resnet-8": (resnet8, COLOURS, 128),
}
ready = {}


def prepare(name):
    if name not in ready:
        make, shape, batch = NETWORKS[name]
        net = make().train()
        ready[name] = net, torch.optim.Adam(net.parameters(), lr=1.2e-3), torch.rand(POOL, *shape), batch
    return ready[name]


def steps(name, count, batch=None):
    """Milliseconds per step: wall clock, CPU time."""
    net, optimizer, images, usual = prepare(name)
    batch = batch or usual
    picks = torch.randint(0, POOL, (count, batch))
    labels = torch.randint(0, CLASSES, (count, batch))
    start, cpu = time.perf_counter(), time.process_time()
    for pick, label in zip(picks, labels):
        optimizer.zero_grad(set_to_none=True)
        F.cross_entropy(net(images[pick]), label).backward()
        optimizer.step()
    return 1000 * (time.perf_counter() - start) / count, 1000 * (time.process_time() - cpu) / count


def blas():
    """The BLAS that is loaded: what PyTorch was built with says little where the system may swap it."""
    known = {"openblas": "OpenBLAS", "blis": "BLIS", "mkl_core": "MKL", "atlas": "ATLAS", "libblas": "reference BLAS"}
    try:
        with open("/proc/self/maps") as maps:
            loaded = maps.read()
    except OSError:
        loaded = ""
    for key, label in known.items():
        if key in loaded:
            return label
    built = re.search(r"BLAS_INFO=(\w+)", torch.__config__.show())
    return f"{built[1] if built else 'unknown'} BLAS"


def main():
    dnn = "on" if torch.backends.mkldnn.is_available() else "off"
    print(f"ready PyTorch {torch.__version__}, {blas()}, oneDNN {dnn}, {torch.get_num_threads()} thread", flush=True)
    for line in sys.stdin:
        try:
            name, count, *batch = line.split()
            print(*steps(name, int(count), *map(int, batch)), flush=True)
        except Exception as problem:  # The driver decides what to do; this process goes on.
            print(f"error {type(problem).__name__}: {problem}".replace("\n", " "), flush=True)


if __name__ == "__main__":
    main()
