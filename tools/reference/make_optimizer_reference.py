"""Makes test/fixtures/torch/optimizers.json: steps of every optimizer on given gradients, for comparison with the
engine's.

    python tools/reference/make_optimizer_reference.py (PyTorch 2.13)

SGD, Adam and AdamW are PyTorch's own, as is the clipping of gradients. Lion (arXiv 2302.06675, algorithm 2) and LAMB
(arXiv 1904.00962, algorithm 2) are written out from their papers in float64. Weight decay acts on the matrix only.
"""

import json
from pathlib import Path

import torch
from torch import Tensor

FILE = Path(__file__).parents[2] / "test/fixtures/torch/optimizers.json"
STEPS = 6
SETTINGS = {"learningRate": 0.02, "momentum": 0.8, "beta1": 0.85, "beta2": 0.97, "epsilon": 1e-6, "weightDecay": 0.1}
RATE, MOMENTUM, BETA1, BETA2, EPSILON, DECAY = SETTINGS.values()
CLIP_NORM = 1.5


def groups(weights: list[Tensor]) -> list[dict]:
    return [{"params": [w], "weight_decay": DECAY if w.dim() > 1 else 0.0} for w in weights]


def torch_optimizer(name: str, weights: list[Tensor]) -> torch.optim.Optimizer:
    if name == "sgd":
        return torch.optim.SGD(groups(weights), lr=RATE, momentum=MOMENTUM)
    kind = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[name]
    return kind(groups(weights), lr=RATE, betas=(BETA1, BETA2), eps=EPSILON)


def run_torch(name: str, initial: list[Tensor], gradients: list[list[Tensor]], clip: bool = False) -> list[Tensor]:
    weights = [w.clone().requires_grad_() for w in initial]
    optimizer = torch_optimizer(name, weights)
    for step in gradients:
        for w, g in zip(weights, step):
            w.grad = g.clone()
        if clip:
            torch.nn.utils.clip_grad_norm_(weights, CLIP_NORM)
        optimizer.step()
    return [w.detach() for w in weights]


def run_lion(initial: list[Tensor], gradients: list[list[Tensor]]) -> list[Tensor]:
    weights = [w.double() for w in initial]
    moments = [torch.zeros_like(w) for w in weights]
    for step in gradients:
        for i, g in enumerate(step):
            decay = DECAY if g.dim() > 1 else 0.0
            update = torch.sign(BETA1 * moments[i] + (1 - BETA1) * g.double())
            weights[i] = weights[i] - RATE * (update + decay * weights[i])
            moments[i] = BETA2 * moments[i] + (1 - BETA2) * g.double()
    return weights


def run_lamb(initial: list[Tensor], gradients: list[list[Tensor]]) -> list[Tensor]:
    weights = [w.double() for w in initial]
    first = [torch.zeros_like(w) for w in weights]
    second = [torch.zeros_like(w) for w in weights]
    for t, step in enumerate(gradients, 1):
        for i, g in enumerate(step):
            decay = DECAY if g.dim() > 1 else 0.0
            first[i] = BETA1 * first[i] + (1 - BETA1) * g.double()
            second[i] = BETA2 * second[i] + (1 - BETA2) * g.double() ** 2
            ratio = (first[i] / (1 - BETA1**t)) / ((second[i] / (1 - BETA2**t)).sqrt() + EPSILON)
            direction = ratio + decay * weights[i]
            norms = weights[i].norm(), direction.norm()
            trust = norms[0] / norms[1] if norms[0] > 0 and norms[1] > 0 else 1.0
            weights[i] = weights[i] - RATE * trust * direction
    return weights


def main() -> None:
    torch.manual_seed(4)
    shapes = [(5, 3), (7,)]
    initial = [torch.randn(shapes[0]), torch.zeros(shapes[1])]
    gradients = [[torch.randn(shape) for shape in shapes] for _ in range(STEPS)]
    results = {name: run_torch(name, initial, gradients) for name in ("sgd", "adam", "adamw")}
    results |= {"lion": run_lion(initial, gradients), "lamb": run_lamb(initial, gradients)}
    clipped = run_torch("sgd", initial, gradients, clip=True)
    flat = lambda tensors: [value for tensor in tensors for value in tensor.flatten().tolist()]
    content = {
        "source": "tools/reference/make_optimizer_reference.py",
        "settings": SETTINGS,
        "shapes": shapes,
        "initial": flat(initial),
        "gradients": [flat(step) for step in gradients],
        "weights": {name: flat(weights) for name, weights in results.items()},
        "clipped": {"optimizer": "sgd", "clipNorm": CLIP_NORM, "weights": flat(clipped)},
    }
    FILE.write_text(json.dumps(content) + "\n")


if __name__ == "__main__":
    main()
