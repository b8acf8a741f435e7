"""Makes test/fixtures/torch/model.json and model.bin: one small model of awkward shape in PyTorch, under
every scheme and recipe, for comparison with the engine.

Remake (PyTorch 2.13, CPU; nothing else in the project needs Python):

    python3 -m venv venv && venv/bin/pip install torch numpy
    venv/bin/python tools/reference/make_model_reference.py

model.json describes the shape, the optimizer, `parameters` (name, shape, and offset in elements within a
vector of all parameters) and `runs`, one for each scheme and recipe. model.bin starts with 16 bytes
"bitscape-torch\\0\\1"; then come little-endian arrays of four bytes an element. `tokens`, `targets` (int32,
batch x context), `weights` (float32, one vector for each scheme, shared by its runs), and each run's
`gradients` and `finalWeights` (float32, the latter for fp32 only) give the offset of an array in bytes and
its length in elements.

A run holds `loss` (mean cross-entropy at `weights`), the gradients there as the optimizer gets them (under
unit scaling they carry the scheme's factors), and `trainingLoss`: the losses before each of `optimizer.steps`
AdamW steps on the one batch, and after the last. fp32 runs are computed in float64, so that they are the
truth to which float32 is held; `float32` in them holds what PyTorch gets in float32, which shows how far
rounding alone goes. Quantized runs are computed in float32: their casts make jumps, and a value that rounds
the other way moves a gradient by far more than 1e-7. `float64Difference` shows it: the largest relative
difference between a gradient tensor and the same in float64. The seed was chosen so that at the first step no
cast jumps, except in fp16, whose narrow steps are jumped somewhere in every model; and in fp8 and fp8-scaled
in none of the steps, so that those runs can be compared closely too.
"""

import argparse
import json
import math
from pathlib import Path

import torch
from torch import Tensor

from model import Model, Shape, adamw, parameter_shapes, recipes, standard, unit

FOLDER = Path(__file__).parents[2] / "test/fixtures/torch"
REMAKE = "python tools/reference/make_model_reference.py (PyTorch 2.13)"
MAGIC = b"bitscape-torch\0\1"

# A width, head size, context and vocabulary that no tile or vector length divides.
SHAPE = Shape(layers=2, width=18, heads=3, context=11, vocabulary=17, batch=3)
RESIDUAL_WEIGHT = 0.3
STEPS = 10
OPTIMIZER = {"learningRate": 2**-7, "beta1": 0.9, "beta2": 0.95, "epsilon": 1e-8, "weightDecay": 0.1}
SCHEMES = {"standard": standard(SHAPE), "unit": unit(SHAPE, RESIDUAL_WEIGHT)}


def main(seed: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    tokens, targets = (
        torch.randint(SHAPE.vocabulary, (SHAPE.batch, SHAPE.context), generator=generator) for _ in range(2)
    )
    blob = Blob()
    reference = {
        "magic": MAGIC.decode(),
        "version": 1,
        "remake": REMAKE,
        "torch": torch.__version__,
        "seed": seed,
        "shape": vars(SHAPE),
        "residualWeight": RESIDUAL_WEIGHT,
        "optimizer": OPTIMIZER | {"steps": STEPS},
        "parameters": layout(),
        "tokens": blob.append(tokens.int()),
        "targets": blob.append(targets.int()),
        "weights": {},
        "runs": [],
    }
    for scheme in SCHEMES:
        weights = random_weights(scheme, generator)
        reference["weights"][scheme] = blob.append(flatten(weights))
        for recipe in recipes:
            reference["runs"].append(reference_run(scheme, recipe, weights, tokens, targets, blob))
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "model.bin").write_bytes(bytes(blob.content))
    (FOLDER / "model.json").write_text(json.dumps(reference, indent=1) + "\n")


def random_weights(scheme: str, generator: torch.Generator) -> dict[str, Tensor]:
    """Uneven gains, biases that are not zero, and weights large enough that no gradient is tiny."""

    def weight(name: str, dimensions: tuple[int, ...]) -> Tensor:
        noise = torch.randn(dimensions, generator=generator)
        if name.endswith("gain"):
            return 1 + 0.2 * noise
        if name.endswith("bias"):
            return 0.2 * noise
        return noise if scheme == "unit" or name in ("embedding", "positions") else 0.3 * noise

    return {name: weight(name, dimensions) for name, dimensions in parameter_shapes(SHAPE).items()}


def reference_run(
    scheme: str, recipe: str, weights: dict, tokens: Tensor, targets: Tensor, blob: "Blob"
) -> dict:
    exact = recipe == "fp32"
    single, double = (
        train(Model(SHAPE, SCHEMES[scheme], recipes[recipe]), weights, tokens, targets, precision)
        for precision in (torch.float32, torch.float64)
    )
    chosen = double if exact else single
    difference = max(relative_difference(single.gradients[name], double.gradients[name]) for name in weights)
    print(
        f"{scheme:9} {recipe:11} loss {chosen.losses[0]:.6f} -> {chosen.losses[-1]:.6f}; float32 differs: "
        f"loss {abs(single.losses[0] - double.losses[0]):.1e}, gradients {difference:.1e}, "
        f"after {STEPS} steps {abs(single.losses[-1] - double.losses[-1]):.1e}"
    )
    return {
        "scheme": scheme,
        "recipe": recipe,
        "loss": chosen.losses[0],
        "trainingLoss": chosen.losses,
        "gradients": blob.append(flatten(chosen.gradients)),
        **({"finalWeights": blob.append(flatten(chosen.weights))} if exact else {}),
        **({"float32": {"loss": single.losses[0], "trainingLoss": single.losses}} if exact else {}),
        "float64Difference": difference,
    }


class Training:
    """Gradients at the given weights, and losses and weights along AdamW steps on the one batch."""

    losses: list[float]
    gradients: dict[str, Tensor]
    weights: dict[str, Tensor]


def train(model: Model, weights: dict, tokens: Tensor, targets: Tensor, precision: torch.dtype) -> Training:
    parameters = {name: weight.to(precision, copy=True).requires_grad_() for name, weight in weights.items()}
    betas = OPTIMIZER["beta1"], OPTIMIZER["beta2"]
    optimizer = adamw(parameters, model.scheme, OPTIMIZER["learningRate"], betas, OPTIMIZER["weightDecay"])
    result = Training()
    result.losses = []
    for step in range(STEPS + 1):
        optimizer.zero_grad()
        loss = model.loss(parameters, tokens, targets)
        result.losses.append(loss.item())
        if step == STEPS:
            break
        loss.backward()
        if step == 0:
            result.gradients = {name: parameter.grad.clone() for name, parameter in parameters.items()}
        optimizer.step()
    result.weights = {name: parameter.detach() for name, parameter in parameters.items()}
    return result


def relative_difference(a: Tensor, b: Tensor) -> float:
    return ((a.double() - b.double()).norm() / b.double().norm()).item()


def flatten(tensors: dict[str, Tensor]) -> Tensor:
    return torch.cat([tensor.flatten() for tensor in tensors.values()]).float()


def layout() -> list[dict]:
    entries, offset = [], 0
    for name, dimensions in parameter_shapes(SHAPE).items():
        entries.append({"name": name, "shape": dimensions, "offset": offset})
        offset += math.prod(dimensions)
    return entries


class Blob:
    """A binary file under construction."""

    def __init__(self) -> None:
        self.content = bytearray(MAGIC)

    def append(self, values: Tensor) -> dict:
        offset = len(self.content)
        self.content += values.contiguous().numpy().tobytes()
        return {"offset": offset, "length": values.numel()}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Makes the engine's PyTorch fixtures.")
    parser.add_argument("--seed", type=int, default=24)
    main(parser.parse_args().seed)
