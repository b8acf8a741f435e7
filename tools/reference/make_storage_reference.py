"""Makes test/fixtures/torch/optimizer-storage.json: steps of optimizers whose state or weights are stored in few bits.

    PYTHONPATH=.../ao python tools/reference/make_storage_reference.py (PyTorch 2.13, a checkout of torchao)

AdamW with 8-bit state, FP8 state and bfloat16 weights are torchao's own. The others are written out: FP8-LM's Adam
(arXiv 2310.18313), SGD and Lion with one stored vector. Inputs follow from integers, so that only results are recorded.
"""

import json
import os
from pathlib import Path

os.environ["TORCHDYNAMO_DISABLE"] = "1"

import torch
from torch import Tensor
from torchao.optim import AdamW8bit, AdamWFp8, _AdamW
from torchao.optim.quant_utils import create_dynamic_map, dequant_with_qmap, quantize_8bit_with_qmap, scale_tensor

FILE = Path(__file__).parents[2] / "test/fixtures/torch/optimizer-storage.json"
SHAPE = (64, 64)
STEPS = 5
EVERY = 37
SETTINGS = {"learningRate": 0.02, "momentum": 0.8, "beta1": 0.85, "beta2": 0.97, "epsilon": 1e-6, "weightDecay": 0.1}
RATE, MOMENTUM, BETA1, BETA2, EPSILON, DECAY = SETTINGS.values()


def values(seed: int) -> Tensor:
    """Multiples of 2^-7 in [-1, 1), times a power of two that differs from value to value: exact in bfloat16."""
    index = torch.arange(SHAPE[0] * SHAPE[1], dtype=torch.int64)
    mixed = ((index + 1) * (2654435761 + 2 * seed)) % 2**32
    mixed = ((mixed ^ (mixed >> 15)) * 2246822519) % 2**32
    return ((mixed >> 24).double() / 128 - 1).mul(2.0 ** -((mixed >> 8) % 12).double()).float().view(SHAPE)


INITIAL = values(0)
GRADIENTS = [values(step) for step in range(1, STEPS + 1)]


def run_torchao(kind: type, dtype: torch.dtype = torch.float32, **options: bool) -> dict[str, Tensor]:
    weight = INITIAL.clone().to(dtype).detach().requires_grad_()
    optimizer = kind([weight], lr=RATE, betas=(BETA1, BETA2), eps=EPSILON, weight_decay=DECAY, **options)
    for gradient in GRADIENTS:
        weight.grad = gradient.to(dtype)
        optimizer.step()
    state = optimizer.state[weight]
    plain = lambda x: (x.dequantize() if hasattr(x, "dequantize") and type(x) is not Tensor else x).float()
    return {
        "weights": weight.detach().float(),
        "firstMoment": plain(state["exp_avg"]),
        "secondMoment": plain(state["exp_avg_sq"]),
    }


def scaled(x: Tensor, dtype: torch.dtype, largest: float, power_of_two: bool = False) -> Tensor:
    """Through a narrow format with one scale for the tensor, in float32 or a power of two below it."""
    scale = torch.tensor(largest) / x.abs().max()
    if power_of_two:
        scale = 2.0 ** scale.log2().floor()
    return (x * scale).to(dtype).float() / scale


def dynamic8(x: Tensor, block: int) -> Tensor:
    table = torch.tensor(create_dynamic_map(signed=True))
    blocks, scale = scale_tensor(x, block)
    return dequant_with_qmap(quantize_8bit_with_qmap(blocks, table), table, scale)


def run_fp8_lm() -> dict[str, Tensor]:
    """Weights in FP16 with a scale, the first moment in E4M3 with a scale, the second in FP16 with a scale."""
    weights = scaled(INITIAL, torch.float16, 65504.0)
    first, second = torch.zeros(SHAPE), torch.zeros(SHAPE)
    for t, g in enumerate(GRADIENTS, 1):
        first = BETA1 * first + (1 - BETA1) * g
        second = BETA2 * second + (1 - BETA2) * g * g
        direction = (first / (1 - BETA1**t)) / ((second / (1 - BETA2**t)).sqrt() + EPSILON)
        weights = scaled(weights * (1 - RATE * DECAY) - RATE * direction, torch.float16, 65504.0)
        first, second = scaled(first, torch.float8_e4m3fn, 448.0), scaled(second, torch.float16, 65504.0)
    return {"weights": weights, "firstMoment": first, "secondMoment": second}


def run_sgd() -> dict[str, Tensor]:
    weights, moments = INITIAL, torch.zeros(SHAPE)
    for g in GRADIENTS:
        moments = MOMENTUM * moments + (g + DECAY * weights)
        weights = weights - RATE * moments
        moments = scaled(moments, torch.float8_e5m2, 57344.0, power_of_two=True)
    return {"weights": weights, "momentumState": moments}


def run_lion() -> dict[str, Tensor]:
    weights, moments = INITIAL, torch.zeros(SHAPE)
    for g in GRADIENTS:
        weights = weights * (1 - RATE * DECAY) - RATE * torch.sign(BETA1 * moments + (1 - BETA1) * g)
        moments = dynamic8(BETA2 * moments + (1 - BETA2) * g, 2048)
    return {"weights": weights, "momentumState": moments}


def main() -> None:
    cases = [
        ("adamw", {"firstMoment": "dynamic8 block:1x256", "secondMoment": "udynamic8 block:1x256"}, run_torchao(AdamW8bit)),
        (
            "adamw",
            {"firstMoment": "e4m3fn block:1x256,divide", "secondMoment": "e4m3fn block:1x256,divide"},
            run_torchao(AdamWFp8),
        ),
        (
            "adamw",
            {"masterWeights": "bf16", "firstMoment": "bf16", "secondMoment": "bf16"},
            run_torchao(_AdamW, torch.bfloat16),
        ),
        (
            "adamw",
            {"masterWeights": "fp16 tensor,fp32", "firstMoment": "e4m3fn tensor,fp32", "secondMoment": "fp16 tensor,fp32"},
            run_fp8_lm(),
        ),
        ("sgd", {"momentumState": "e5m2 tensor"}, run_sgd()),
        ("lion", {"momentumState": "dynamic8"}, run_lion()),
    ]
    content = {
        "source": "tools/reference/make_storage_reference.py",
        "settings": SETTINGS,
        "shape": SHAPE,
        "steps": STEPS,
        "every": EVERY,
        "cases": [
            {
                "optimizer": optimizer,
                "formats": formats,
                "results": {name: x.flatten()[::EVERY].tolist() for name, x in results.items()},
            }
            for optimizer, formats, results in cases
        ],
    }
    FILE.write_text(json.dumps(content) + "\n")


if __name__ == "__main__":
    main()
