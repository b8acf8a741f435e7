"""Makes test/fixtures/torch/attention.json.gz: each kind of attention in PyTorch, for comparison with the engine.

Remake (PyTorch 2.13, CPU; nothing else in the project needs Python):

    python3 -m venv venv && venv/bin/pip install torch numpy
    venv/bin/python tools/reference/make_attention_reference.py

`qkv` (batch, context, 3 x heads x head size), `outGradient` (batch, context, heads x head size) and `parameters`
are shared by all cases. A case names the settings that differ from plain attention, and holds the output and the
gradients of qkv and of the parameters that it uses, computed in float64 and rounded to float32.
"""

import gzip
import json
import math
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

FILE = Path(__file__).parents[2] / "test/fixtures/torch/attention.json.gz"
BATCH, CONTEXT, HEADS, HEAD_SIZE = 2, 7, 3, 6
WIDTH = HEADS * HEAD_SIZE
OUTPUT_SCALE = 1.25
FREQUENCIES, LONGEST_PERIOD = 128, 1024

CASES = [
    {},
    {"attentionLogits": "inverse"},
    {"softmax": "square-root"},
    {"queryKeyNorm": True},
    {"positions": "rotary"},
    {"positions": "relative"},
    {"positions": "rotary", "queryKeyNorm": True, "attentionLogits": "inverse"},
    {"positions": "relative", "softmax": "square-root", "queryKeyNorm": True},
]


def main() -> None:
    generator = torch.Generator().manual_seed(7)

    def normal(*shape: int) -> Tensor:
        return torch.randn(shape, generator=generator)  # float32 values, so that both sides start alike

    qkv, out_gradient = normal(BATCH, CONTEXT, 3 * WIDTH), normal(BATCH, CONTEXT, WIDTH)
    parameters = {
        "distances": normal(FREQUENCIES, WIDTH) / 8,
        **{f"{x} norm gain": 1 + normal(HEAD_SIZE) / 4 for x in ("query", "key")},
    }
    cases = [reference(settings, qkv, out_gradient, parameters) for settings in CASES]
    content = {
        "remake": "python tools/reference/make_attention_reference.py (PyTorch 2.13)",
        "torch": torch.__version__,
        "shape": {"batch": BATCH, "context": CONTEXT, "heads": HEADS, "width": WIDTH},
        "outputScale": OUTPUT_SCALE,
        "qkv": numbers(qkv),
        "outGradient": numbers(out_gradient),
        "parameters": {name: numbers(value) for name, value in parameters.items()},
        "cases": cases,
    }
    FILE.write_bytes(gzip.compress(json.dumps(content).encode(), mtime=0))


def reference(settings: dict, qkv: Tensor, out_gradient: Tensor, parameters: dict[str, Tensor]) -> dict:
    x = qkv.double().requires_grad_()
    p = {name: value.double().requires_grad_() for name, value in parameters.items()}
    out = attention(x, p, **settings)
    out.backward(out_gradient.double())
    return {
        "settings": settings,
        "out": numbers(out),
        "qkvGradient": numbers(x.grad),
        "gradients": {name: numbers(value.grad) for name, value in p.items() if value.grad is not None},
    }


def attention(
    qkv: Tensor,
    p: dict[str, Tensor],
    attentionLogits: str = "inverse-root",
    softmax: str = "plain",
    queryKeyNorm: bool = False,
    positions: str = "learned",
) -> Tensor:
    q, k, v = qkv.view(BATCH, CONTEXT, 3, HEADS, HEAD_SIZE).permute(2, 0, 3, 1, 4)  # (B, H, T, D)
    if queryKeyNorm:
        q, k = (F.rms_norm(x, (HEAD_SIZE,), p[f"{n} norm gain"], 1e-5) for x, n in ((q, "query"), (k, "key")))
    if positions == "rotary":
        q, k = rotated(q), rotated(k)
    products = q @ k.transpose(-1, -2)
    if positions == "relative":
        products = products + relative_products(q, p["distances"])
    logits = products * {"inverse-root": HEAD_SIZE**-0.5, "inverse": 1 / HEAD_SIZE}[attentionLogits]
    future = torch.ones(CONTEXT, CONTEXT, dtype=torch.bool).triu(1)
    if softmax == "square-root":
        # The root of zero has no derivative, so future keys are left out row by row.
        rows = [logits[..., i : i + 1, : i + 1].softmax(-1).sqrt() @ v[..., : i + 1, :] for i in range(CONTEXT)]
        out = torch.cat(rows, dim=-2)
    else:
        out = logits.masked_fill(future, -math.inf).softmax(-1) @ v
    return OUTPUT_SCALE * out.transpose(1, 2).reshape(BATCH, CONTEXT, WIDTH)


def rotated(x: Tensor) -> Tensor:
    """Pairs of neighbours as complex numbers, turned by position x 10000^(-2i/D) (RoFormer, equation 34)."""
    frequency = 10000.0 ** (-torch.arange(0, HEAD_SIZE, 2).double() / HEAD_SIZE)
    angle = torch.outer(torch.arange(CONTEXT).double(), frequency)
    pairs = torch.view_as_complex(x.reshape(*x.shape[:-1], HEAD_SIZE // 2, 2))
    return torch.view_as_real(pairs * torch.polar(torch.ones_like(angle), angle)).flatten(-2)


def relative_products(q: Tensor, weight: Tensor) -> Tensor:
    """q . r(i - j), with r a projection of sinusoids, as in the models of the unit-scaling paper."""
    index = torch.arange(FREQUENCIES)
    frequency = math.pi * (2 / LONGEST_PERIOD) ** ((index // 2).double() / (FREQUENCIES // 2 - 1))
    phase = math.pi / 2 * (index % 2)
    sinusoids = math.sqrt(2) * torch.sin(frequency * torch.arange(CONTEXT)[:, None] + phase)
    r = (sinusoids.float().double() @ weight).view(CONTEXT, HEADS, HEAD_SIZE)  # (distance, H, D)
    distance = (torch.arange(CONTEXT)[:, None] - torch.arange(CONTEXT)).clamp_min(0)  # (T, T)
    return torch.einsum("bhid,ijhd->bhij", q, r[distance])


def numbers(x: Tensor) -> list[float]:
    """The shortest decimals that are these float32 values."""
    return [float(str(value)) for value in x.detach().flatten().float().numpy()]


if __name__ == "__main__":
    main()
