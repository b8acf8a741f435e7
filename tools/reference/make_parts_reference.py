"""Makes test/fixtures/torch/parts.json and parts.bin: small models of many parts, in PyTorch, for comparison with the
engine.

Remake (PyTorch 2.13, CPU; nothing else in the project needs Python):

    python3 -m venv venv && venv/bin/pip install torch numpy
    venv/bin/python tools/reference/make_parts_reference.py

parts.json holds `cases`: the settings in which a case differs from `defaults`, its parameters (name, shape, multiplier of
the learning rate), its `loss`, and `trainingLoss`, the losses before each of `optimizer.steps` AdamW steps on the one batch
and after the last. Everything is computed in float64, the truth to which float32 is held. parts.bin is gzipped: 15 bytes
"bitscape-parts\\1", one zero, then each case's gradients at the initial weights (little-endian float32, in the order of the
parameters), one case after another.

Weights and tokens come from a generator that the test repeats: state <- 1664525 state + 1013904223 modulo 2^32, and
u = state / 2^31 - 1. A case's state starts at its index + 1; tokens, then targets, are floor((u + 1) / 2 vocabulary); then
come the weights in order: 1 + 0.3 u for gains, 0.3 u for other vectors, and u times the root of 3 for matrices, under
`standard` and `mup` 0.5 u, 0.1 u for those of distances.
"""

import argparse
import gzip
import json
import math
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from language_model import DEFAULTS, LanguageModel

FOLDER = Path(__file__).parents[2] / "test/fixtures/torch"
MAGIC = b"bitscape-parts\1\0"
OPTIMIZER = {
    "learningRate": 2**-7,
    "beta1": 0.9,
    "beta2": 0.95,
    "epsilon": 1e-8,
    "weightDecay": 0.1,
    "steps": 10,
}

CASES = [
    # Sequence layers, activations, norms, their places, residual rules, a tied head.
    {"sequenceLayer": "convolution", "kernelSize": 5, "groups": 3, "activation": "relu"},
    {"sequenceLayer": "convolution", "kernelSize": 9, "groups": 1, "width": 7, "activation": "swiglu", "tiedHead": True},
    {"sequenceLayer": "convolution", "kernelSize": 1, "groups": 12, "normPlacement": "none", "residual": "fixed"},
    {"sequenceLayer": "recurrent", "normPlacement": "post", "activation": "silu"},
    {"sequenceLayer": "recurrent", "width": 13, "batch": 1, "residual": "running-mean", "tiedHead": True},
    {"activation": "swiglu", "norm": "rms", "tiedHead": True, "residual": "running-mean"},
    {"normPlacement": "res-post", "activation": "relu", "residual": "fixed"},
    {"norm": "rms", "normPlacement": "post", "activation": "silu", "context": 1, "batch": 9},
    {"scheme": "unit", "sequenceLayer": "convolution", "kernelSize": 3, "groups": 2, "width": 10, "tiedHead": True},
    {"scheme": "unit", "sequenceLayer": "convolution", "normPlacement": "post", "positions": "relative"},
    {"scheme": "unit", "sequenceLayer": "recurrent", "width": 9, "residual": "running-mean"},
    {"scheme": "unit", "sequenceLayer": "recurrent", "normPlacement": "none", "constraint": "to-output"},
    {"scheme": "unit", "activation": "swiglu", "norm": "rms", "residual": "running-mean", "tiedHead": True},
    {"scheme": "unit", "normPlacement": "res-post", "activation": "relu", "width": 15, "constraint": "harmonic-mean"},
    {"scheme": "unit", "normPlacement": "none", "activation": "silu", "layers": 3, "constraint": "none"},
    {"scheme": "munit", "width": 15},
    {"scheme": "munit", "activation": "swiglu", "norm": "rms", "tiedHead": True},
    {"scheme": "munit", "sequenceLayer": "convolution", "activation": "silu", "residual": "running-mean"},
    {"scheme": "munit", "sequenceLayer": "recurrent", "residualWeight": 0.45, "tiedHead": True, "positions": "relative"},
    {"scheme": "mup", "tiedHead": True},
    {"scheme": "mup", "sequenceLayer": "recurrent", "attentionMultiplier": 2},
    {"scheme": "unit-mup", "activationMultiplier": 0.7, "attentionMultiplier": 1.5, "residualAttentionRatio": 0.6},
    {
        "scheme": "unit-mup",
        "activation": "swiglu",
        "norm": "rms",
        "activationMultiplier": 1.4,
        "residualMultiplier": 0.8,
        "lossMultiplier": 1.3,
    },
    {"scheme": "unit-mup", "sequenceLayer": "convolution", "activation": "silu", "activationMultiplier": 1.3},
    # Kinds of attention.
    {"positions": "rotary", "queryKeyNorm": True},
    {"positions": "rotary", "queryKeyNorm": True, "norm": "rms", "attentionLogits": "inverse", "heads": 2},
    {"positions": "relative", "softmax": "square-root", "width": 15},
    {"scheme": "unit", "positions": "relative", "attentionLogits": "inverse"},
    {"scheme": "unit", "positions": "rotary", "queryKeyNorm": True, "softmax": "square-root"},
    {"scheme": "munit", "positions": "relative", "softmax": "square-root", "attentionLogits": "inverse-root"},
    {"scheme": "unit-mup", "positions": "rotary", "queryKeyNorm": True, "norm": "rms"},
]


class Generator:
    """The linear congruential generator that the test repeats."""

    def __init__(self, seed: int) -> None:
        self.state = seed

    def uniform(self, count: int) -> np.ndarray:
        values = np.empty(count)
        for i in range(count):
            self.state = (1664525 * self.state + 1013904223) % 2**32
            values[i] = np.float32(self.state / 2**31 - 1)
        return values


def main() -> None:
    cases, blob = [], bytearray(MAGIC)
    for index, settings in enumerate(CASES):
        case, gradients = reference_case(settings, index + 1)
        cases.append(case)
        for gradient in gradients.values():
            blob += gradient.float().numpy().astype("<f4").tobytes()
    FOLDER.mkdir(parents=True, exist_ok=True)
    head = {
        "remake": "python tools/reference/make_parts_reference.py (PyTorch 2.13)",
        "torch": torch.__version__,
        "defaults": DEFAULTS,
        "optimizer": OPTIMIZER,
    }
    lines = ",\n".join("  " + json.dumps(case) for case in cases)
    text = json.dumps(head, indent=1)[:-2] + ',\n "cases": [\n' + lines + "\n ]\n}\n"
    (FOLDER / "parts.json").write_text(text)
    with open(FOLDER / "parts.bin.gz", "wb") as file, gzip.GzipFile("", "wb", fileobj=file, mtime=0) as zipped:
        zipped.write(bytes(blob))


def reference_case(settings: dict, seed: int) -> tuple[dict, dict[str, Tensor]]:
    generator = Generator(seed)
    model = LanguageModel(settings)
    s = model.s

    def tokens() -> Tensor:
        u = generator.uniform(s["batch"] * s["context"])
        return torch.tensor(np.floor((u + 1) / 2 * s["vocabulary"]), dtype=torch.int64).view(s["batch"], -1)

    inputs, targets = tokens(), tokens()
    model.make = lambda name, shape: initial(generator, s["scheme"], name, shape)
    loss = model.loss(inputs, targets)
    loss.backward()
    gradients = {name: parameter.grad.clone() for name, parameter in model.parameters.items()}
    losses = train(model, inputs, targets)
    case = {
        "settings": settings,
        "parameters": [[name, list(shape), model.rates[name]] for name, shape in model.shapes.items()],
        "loss": loss.item(),
        "trainingLoss": losses,
    }
    print(f"{settings} loss {losses[0]:.6f} -> {losses[-1]:.6f}")
    return case, gradients


def initial(generator: Generator, scheme: str, name: str, shape: tuple[int, ...]) -> Tensor:
    u = generator.uniform(math.prod(shape))
    if name.endswith("gain"):
        values = 1 + 0.3 * u
    elif len(shape) == 1:
        values = 0.3 * u
    elif scheme in ("standard", "mup"):
        values = (0.1 if name.endswith("distances") else 0.5) * u
    else:
        values = math.sqrt(3) * u
    # Rounded to float32, as the engine has them.
    return torch.tensor(values.astype(np.float32).astype(np.float64)).view(shape).requires_grad_()


def train(model: LanguageModel, inputs: Tensor, targets: Tensor) -> list[float]:
    """The multipliers of learning rates leave weight decay, of matrices alone, at the rate without them."""
    rate, decay = OPTIMIZER["learningRate"], OPTIMIZER["weightDecay"]
    groups = [
        {
            "params": [parameter],
            "lr": rate * model.rates[name],
            "weight_decay": decay / model.rates[name] if parameter.dim() > 1 else 0,
        }
        for name, parameter in model.parameters.items()
    ]
    betas = OPTIMIZER["beta1"], OPTIMIZER["beta2"]
    optimizer = torch.optim.AdamW(groups, lr=rate, betas=betas, eps=OPTIMIZER["epsilon"])
    losses = []
    for _ in range(OPTIMIZER["steps"]):
        optimizer.zero_grad()
        loss = model.loss(inputs, targets)
        losses.append(loss.item())
        loss.backward()
        optimizer.step()
    return [*losses, model.loss(inputs, targets).item()]


if __name__ == "__main__":
    argparse.ArgumentParser(description="Makes the engine's fixtures of model parts.").parse_args()
    main()
