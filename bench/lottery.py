"""The yardstick of studies: iterative magnitude pruning of LeNet-300-100 with its controls, in PyTorch.

    python3 bench/lottery.py DATA STEPS ROUNDS SEEDS PROCESSES THREADS

DATA holds bytes: training, validation and test pixels [n, 784] with their labels behind each, 55,000, 5,000 and 10,000
of them. The study is that of bench/lottery.ts: per seed a dense training, then rounds of pruning a fifth of what is left
(the output layer a tenth) and three trainings: rewound, drawn anew, rewound under a shuffled mask. Every training
validates before its first step and every 100 steps, keeps the weights of the lowest validation loss, and is tested with
those and with the last. Seeds are shared out among processes. Prints one line of JSON: seconds by the clock (without
starting Python and loading), seconds of processor time, and per round and arm the mean test accuracy.
"""
import json
import multiprocessing
import os
import resource
import sys
import time

DATA, STEPS, ROUNDS, SEEDS, PROCESSES, THREADS = sys.argv[1], *map(int, sys.argv[2:7])
# Effective only before the libraries are loaded.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = str(THREADS)

import numpy as np  # noqa: E402
import torch  # noqa: E402
import torch.nn.functional as F  # noqa: E402

torch.set_num_threads(THREADS)
torch.set_flush_denormal(True)

LAYERS = [(784, 300), (300, 100), (100, 10)]
RATES = [0.2, 0.2, 0.1]
BATCH, EVERY = 60, 100


def load():
    data, at, out = np.fromfile(DATA, np.uint8), 0, []
    for n in (55_000, 5_000, 10_000):
        pixels, labels = data[at:at + n * 784].reshape(n, 784), data[at + n * 784:at + n * 785]
        out.append((torch.from_numpy(pixels.astype(np.float32) / 255), torch.from_numpy(labels.astype(np.int64))))
        at += n * 785
    return out


def draw():
    kernels = [torch.randn(i, o) * (2 / (i + o)) ** 0.5 for i, o in LAYERS]
    return kernels + [torch.zeros(o) for _, o in LAYERS]


def logits(w, x):
    x = F.relu(torch.addmm(w[3], x, w[0]))
    x = F.relu(torch.addmm(w[4], x, w[1]))
    return torch.addmm(w[5], x, w[2])


def score(w, split, chunk=1000):
    loss = right = 0.0
    with torch.no_grad():
        for x, y in zip(split[0].split(chunk), split[1].split(chunk)):
            out = logits(w, x)
            loss += F.cross_entropy(out, y, reduction="sum").item()
            right += (out.argmax(1) == y).sum().item()
    return loss / len(split[1]), right / len(split[1])


def train(start, masks, data):
    """Latent weights at the end, test accuracy at early stop and at the end."""
    fit, val, test = data
    w = [t.clone() for t in start]
    for t, m in zip(w, masks):
        t *= m
    for t in w:
        t.requires_grad_()
    optimizer = torch.optim.Adam(w, lr=1.2e-3)
    best = (score(w, val)[0], [t.detach().clone() for t in w])
    order, at = torch.randperm(len(fit[1])), 0
    for step in range(1, STEPS + 1):
        if at + BATCH > len(order):
            order, at = torch.randperm(len(fit[1])), 0
        picks = order[at:at + BATCH]
        at += BATCH
        optimizer.zero_grad(set_to_none=True)
        F.cross_entropy(logits(w, fit[0][picks]), fit[1][picks]).backward()
        for t, m in zip(w, masks):
            t.grad *= m
        optimizer.step()
        with torch.no_grad():
            for t, m in zip(w, masks):
                t *= m
        if step % EVERY == 0 or step == STEPS:
            loss = score(w, val)[0]
            if loss < best[0]:
                best = (loss, [t.detach().clone() for t in w])
    return [t.detach() for t in w], (score(best[1], test)[1], score(w, test)[1])


def prune(w, masks):
    out = []
    for t, m, rate in zip(w, masks, RATES):
        size = torch.where(m > 0, t.abs(), torch.full_like(t, float("inf"))).flatten()
        k = round(rate * int(m.sum()))
        gone = torch.topk(size, k, largest=False).indices
        left = m.flatten().clone()
        left[gone] = 0
        out.append(left.view_as(m))
    return out


def shuffled(masks):
    return [m.flatten()[torch.randperm(m.numel())].view_as(m) for m in masks]


def study(seed, data):
    torch.manual_seed(seed)
    start = draw()
    masks = [torch.ones(i, o) for i, o in LAYERS]
    trained, dense = train(start, masks, data)
    found = {"dense 0": dense}
    for number in range(1, ROUNDS + 1):
        masks = prune(trained, masks)
        trained, found[f"ticket {number}"] = train(start, masks, data)
        _, found[f"reinit {number}"] = train(draw(), masks, data)
        _, found[f"shuffle {number}"] = train(start, shuffled(masks), data)
    return found


def worker(seeds, ready, go, results):
    data = load()
    torch.manual_seed(0)
    ready.put(1)
    go.wait()
    before = time.process_time()
    results.put(([study(seed, data) for seed in seeds], time.process_time() - before))


def main():
    context = multiprocessing.get_context("spawn" if PROCESSES > 1 else None)
    ready, results, go = context.Queue(), context.Queue(), context.Event()
    shares = [list(range(p, SEEDS, PROCESSES)) for p in range(PROCESSES)]
    workers = [context.Process(target=worker, args=(share, ready, go, results)) for share in shares if share]
    for w in workers:
        w.start()
    for _ in workers:
        ready.get()
    began = time.perf_counter()
    go.set()
    done = [results.get() for _ in workers]
    wall = time.perf_counter() - began
    for w in workers:
        w.join()
    runs = [found for share, _ in done for found in share]
    means = {name: [float(np.mean([r[name][i] for r in runs])) for i in (0, 1)] for name in runs[0]}
    cpu = sum(seconds for _, seconds in done)
    torch_is = f"PyTorch {torch.__version__}"
    print(json.dumps(dict(torch=torch_is, wall=wall, cpu=cpu, accuracy=means)))


if __name__ == "__main__":
    main()
