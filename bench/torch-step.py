"""Times training steps in PyTorch on one thread. Reads "<model> <batch> <steps>" lines, answers ms per step: wall clock and CPU."""
import re
import sys
import time

import torch
from torch import nn

torch.set_num_threads(1)


def mlp():
    return nn.Sequential(
        nn.Linear(784, 300), nn.ReLU(), nn.Linear(300, 100), nn.ReLU(), nn.Linear(100, 10)
    ), (784,)


def lenet5():
    return nn.Sequential(
        nn.Conv2d(1, 20, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(20, 50, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(800, 500), nn.ReLU(), nn.Linear(500, 10),
    ), (1, 28, 28)


MODELS = {"lenet-300-100": mlp, "lenet-5": lenet5}
ready = {}


def steps(name, batch, count):
    if (name, batch) not in ready:
        net, shape = MODELS[name]()
        data = torch.rand(batch, *shape), torch.randint(0, 10, (batch,))
        # A rate too small to learn by heart: gradients near zero become subnormal numbers, which are slow.
        ready[name, batch] = net, torch.optim.Adam(net.parameters(), lr=1e-6), *data
    net, optimizer, x, y = ready[name, batch]
    start, cpu = time.perf_counter(), time.process_time()
    for _ in range(count):
        optimizer.zero_grad()
        nn.functional.cross_entropy(net(x), y).backward()
        optimizer.step()
    return 1000 * (time.perf_counter() - start) / count, 1000 * (time.process_time() - cpu) / count


# A PyTorch on the plain reference BLAS is many times slower than one on a tuned BLAS: say which this is.
blas = re.search(r"BLAS_INFO=(\w+)", torch.__config__.show())
print(f"ready PyTorch {torch.__version__} (BLAS {blas[1] if blas else 'unknown'})", flush=True)
for line in sys.stdin:
    model, batch, count = line.split()
    print(*steps(model, int(batch), int(count)), flush=True)
