"""Losses and gradients of the authors' unit-scaling library, for test/fixtures/unit-scaling/model.json.

Run with a checkout of graphcore-research/unit-scaling, and a Python that has torch and einops:

    PYTHONPATH=unit-scaling python make_unit_scaling_reference.py OUT

The model is ours, put together from the library's functions; test/schemes/unit-scaling-library.test.ts makes the same
weights and tokens from the same integers. Of each gradient the root mean square and twelve values are recorded.
"""

import json
import sys

import torch
import torch.nn.functional as F
import unit_scaling.functional as U
from unit_scaling.constraints import apply_constraint
from unit_scaling.core.functional import scale_elementwise, transformer_residual_scaling_rule
from unit_scaling.optim import lr_scale_func_adam
from unit_scaling.parameter import Parameter
from unit_scaling.scale import scale_bwd, scale_fwd

LAYERS, WIDTH, HEADS, CONTEXT, BATCH, VOCABULARY = 2, 24, 3, 10, 3, 17
FIXED = 0.2  # τ of `fixed` under unit
SAMPLES = 12


def words(count, seed):
    """A linear congruential generator, as integers below 2^32."""
    out, state = [], seed
    for _ in range(count):
        state = (state * 1664525 + 1013904223) % 2**32
        out.append(state)
    return torch.tensor(out, dtype=torch.float64)


def uniform(shape, seed):
    """Of spread 1, rounded to float32."""
    count = torch.Size(shape).numel()
    values = (words(count, seed) / 2**31 - 1) * 3**0.5
    return values.to(torch.float32).reshape(shape)


def shapes():
    """Names, shapes and the mean of the initial values, in the order of our model."""
    yield "embedding", [VOCABULARY, WIDTH], 0
    yield "positions", [CONTEXT, WIDTH], 0
    for i in range(1, LAYERS + 1):
        block = f"block {i}"
        yield f"{block} norm 1 gain", [WIDTH], 1
        yield f"{block} norm 1 bias", [WIDTH], 0
        yield f"{block} qkv", [WIDTH, 3 * WIDTH], 0
        yield f"{block} attention output", [WIDTH, WIDTH], 0
        yield f"{block} norm 2 gain", [WIDTH], 1
        yield f"{block} norm 2 bias", [WIDTH], 0
        yield f"{block} mlp up", [WIDTH, 4 * WIDTH], 0
        yield f"{block} mlp down", [4 * WIDTH, WIDTH], 0
    yield "final norm gain", [WIDTH], 1
    yield "final norm bias", [WIDTH], 0
    yield "head", [WIDTH, VOCABULARY], 0


def parameters():
    values = {}
    for index, (name, shape, mean) in enumerate(shapes()):
        spread = 1 if len(shape) == 2 else 0.25
        values[name] = (mean + spread * uniform(shape, 100 + index)).requires_grad_()
    return values


def tokens(seed):
    return ((words(BATCH * CONTEXT, seed) // 256) % VOCABULARY).long().reshape(BATCH, CONTEXT)


def unit_attention(q, k, v):
    """The library knows causal attention of u-µP only; this one is the flat limit that our scheme `unit` uses."""
    variance = sum(1 / n for n in range(1, CONTEXT + 1)) / CONTEXT
    q, k, v = (scale_bwd(t, variance**-0.5) for t in (q, k, v))
    return scale_fwd(F.scaled_dot_product_attention(q, k, v, is_causal=True), variance**-0.5)


def unit_relu(constraint):
    import math

    return scale_elementwise(F.relu, (2 / (1 - 1 / math.pi)) ** 0.5, 2**0.5, constraint)


def model(p, parts):
    def linear(x, name):
        return U.linear(x, p[name].T, None, constraint=parts["constraint"])

    def norm(x, name):
        return U.layer_norm(x, [WIDTH], p[f"{name} gain"], p[f"{name} bias"])

    def heads(x):
        return x.reshape(BATCH, CONTEXT, HEADS, WIDTH // HEADS).transpose(1, 2)

    def attention(x, block):
        q, k, v = linear(x, f"{block} qkv").chunk(3, dim=-1)
        mixed = parts["attention"](heads(q), heads(k), heads(v)).transpose(1, 2)
        return linear(mixed.reshape(BATCH, CONTEXT, WIDTH), f"{block} attention output")

    def feed_forward(x, block):
        return linear(parts["activation"](linear(x, f"{block} mlp up")), f"{block} mlp down")

    inputs, targets = tokens(1), tokens(2)
    x = U.add(U.embedding(inputs, p["embedding"]), p["positions"], constraint=None)
    for i in range(1, LAYERS + 1):
        block = f"block {i}"
        for branch, f in enumerate((attention, feed_forward)):
            tau = parts["tau"](2 * (i - 1) + branch)
            inner, skip = U.residual_split(x, tau)
            x = U.residual_add(f(norm(inner, f"{block} norm {branch + 1}"), block), skip, tau)
    logits = parts["head"](norm(x, "final norm"), p["head"].T)
    return parts["loss"](logits.reshape(-1, VOCABULARY), targets.reshape(-1))


def unit(constraint):
    return {
        "constraint": constraint,
        "attention": unit_attention,
        "activation": unit_relu(constraint),
        "tau": lambda _: (FIXED / (1 - FIXED)) ** 0.5,
        "head": lambda x, weight: U.linear(x, weight, None, constraint=None),
        "loss": U.cross_entropy,
    }


def unit_mup(activation, settings):
    get = lambda name: settings.get(name, 1)
    rule = transformer_residual_scaling_rule(get("residualMultiplier"), get("residualAttentionRatio"))
    return {
        "constraint": "to_output_scale",
        "attention": lambda q, k, v: U.scaled_dot_product_attention(
            q, k, v, is_causal=True, mult=get("attentionMultiplier")
        ),
        "activation": lambda x: getattr(U, activation)(x, mult=get("activationMultiplier")),
        "tau": lambda index: rule(index, 2 * LAYERS),
        "head": lambda x, weight: U.linear_readout(x, weight, None),
        "loss": lambda logits, targets: U.cross_entropy(logits, targets, mult=get("lossMultiplier")),
    }


CONSTRAINTS = {
    "geometric-mean": "gmean",
    "harmonic-mean": "hmean",
    "arithmetic-mean": "amean",
    "to-output": "to_output_scale",
    "to-input-gradient": "to_grad_input_scale",
    "none": None,
}
MULTIPLIERS = {
    "activationMultiplier": 0.5,
    "attentionMultiplier": 2,
    "residualMultiplier": 0.7,
    "residualAttentionRatio": 1.5,
    "lossMultiplier": 1.5,
}


def cases():
    for ours, theirs in CONSTRAINTS.items():
        settings = {"scheme": "unit", "constraint": ours, "activation": "relu", "residualWeight": FIXED}
        yield settings, unit(theirs)
    for activation in ("gelu", "silu"):
        for extra in ({}, MULTIPLIERS):
            yield {"scheme": "unit-mup", "activation": activation, **extra}, unit_mup(activation, extra)


def record(settings, parts):
    p = parameters()
    loss = model(p, parts)
    loss.backward()
    gradients = {}
    for name, value in p.items():
        flat = value.grad.reshape(-1).double()
        stride = len(flat) // SAMPLES
        gradients[name] = {
            "spread": float(flat.square().mean().sqrt()),
            "values": [float(f"{v:.9g}") for v in flat[::stride][:SAMPLES]],
        }
    return {"settings": settings, "loss": loss.item(), "gradients": gradients}


def learning_rates():
    """Of u-µP under Adam; a stack of blocks tells its parameters its depth."""
    rates = {}
    for name, shape, _ in shapes():
        in_block = name.startswith("block")
        kind = "output" if name == "head" else "weight" if len(shape) == 2 else "norm"
        # The library's linear layers hold (fan-out, fan-in); its tables (rows, width), as ours.
        stored = shape if name in ("embedding", "positions") else shape[::-1]
        rates[name] = lr_scale_func_adam(Parameter(torch.zeros(stored), kind, LAYERS if in_block else None))
    return rates


def main():
    shape = {
        **{"layers": LAYERS, "width": WIDTH, "heads": HEADS},
        **{"context": CONTEXT, "batch": BATCH, "vocabulary": VOCABULARY},
    }
    content = {
        "shape": shape,
        "learningRates": learning_rates(),
        "runs": [record(*case) for case in cases()],
    }
    with open(sys.argv[1], "w") as file:
        json.dump(content, file)


main()
