"""PyTorch's side of the benchmark: eager mode or torch.compile, one thread.

Reads requests as lines of JSON and answers each with {"seconds": median time of one call}. A request names a
task and for how long to repeat it; `cast` is "bits" or "float8" with the recipes fp8 and fp8-scaled, or
"compiled", which is the first with the model and its gradient compiled (and needs a C++ compiler):

    {"task": "matmul", "m": 512, "n": 512, "k": 512, "seconds": 0.2}
    {"task": "cast", "count": 32768, "seconds": 0.2}
    {"task": "attention", "batch": 16, "heads": 4, "context": 128, "headSize": 32, "seconds": 0.2}
    {"task": "train", "shape": {...}, "recipe": "fp32", "seconds": 1}
    {"task": "train", "shape": {...}, "recipe": "fp8-scaled", "cast": "bits", "seconds": 1}
    {"task": "train", "shape": {...}, "recipe": "fp32", "cast": "compiled", "seconds": 1}

The model is that of tools/reference/model.py with PyTorch's fused attention and fused AdamW. Its casts are
written here in the two fastest ways that eager mode allows, and in one that a compiler sees through; they are
checked against the reference at the start.
"""

import json
import math
import statistics
import sys
import time
from functools import cache
from pathlib import Path
from typing import Callable, NamedTuple

import torch
from torch import Tensor

sys.path.insert(0, str(Path(__file__).parents[1] / "tools/reference"))
from model import Cast, Model, Recipe, Shape, adamw, recipes, standard, standard_weights  # noqa: E402

torch.set_num_threads(1)


class Format(NamedTuple):
    dtype: torch.dtype
    mantissa_bits: int
    minimum_exponent: int
    largest: float


E4M3 = Format(torch.float8_e4m3fn, 3, -6, 448)
E5M2 = Format(torch.float8_e5m2, 2, -14, 57344)


def bits_cast(target: Format) -> Cast:
    """A float32 addition does the rounding: the exponent of c makes the sum's spacing the target's."""
    smallest_normal = (target.minimum_exponent + 127) << 23
    lift = ((23 - target.mantissa_bits) << 23) + 0x400000

    def cast(x: Tensor) -> Tensor:
        x = x.clamp(-target.largest, target.largest)
        exponent = x.view(torch.int32).bitwise_and(0x7F800000).clamp_min_(smallest_normal)
        c = exponent.add_(lift).view(torch.float32)
        return x.add_(c).sub_(c)

    return cast


def bits_scaled_cast(target: Format) -> Cast:
    """The same with a power-of-two scale: it moves the smallest normal number and nothing else."""
    lift = ((23 - target.mantissa_bits) << 23) + 0x400000

    def cast(x: Tensor) -> Tensor:
        smallest_normal = (target.minimum_exponent + 127 - scale_exponent(x, target)) << 23
        exponent = x.view(torch.int32).bitwise_and(0x7F800000).clamp_min_(smallest_normal)
        c = exponent.add_(lift).view(torch.float32)
        return (x + c).sub_(c)

    return cast


def compiled_scaled_cast(target: Format) -> Cast:
    """The same without leaving the tensors, where the compiler could not follow."""
    lift = ((23 - target.mantissa_bits) << 23) + 0x400000

    def cast(x: Tensor) -> Tensor:
        amax = x.abs().amax()
        exponent = ((target.largest / amax).view(torch.int32) >> 23) - 127  # of the scale; floor(log2(…))
        exponent = torch.where(amax > 0, exponent, 0)
        smallest_normal = (target.minimum_exponent + 127 - exponent) << 23
        c = (torch.maximum(x.view(torch.int32) & 0x7F800000, smallest_normal) + lift).view(torch.float32)
        return (x + c) - c

    return cast


def compiled_cast(target: Format) -> Cast:
    smallest_normal = (target.minimum_exponent + 127) << 23
    lift = ((23 - target.mantissa_bits) << 23) + 0x400000

    def cast(x: Tensor) -> Tensor:
        x = x.clamp(-target.largest, target.largest)
        c = ((x.view(torch.int32) & 0x7F800000).clamp_min(smallest_normal) + lift).view(torch.float32)
        return (x + c) - c

    return cast


def float8_cast(target: Format) -> Cast:
    def cast(x: Tensor) -> Tensor:
        return x.clamp(-target.largest, target.largest).to(target.dtype).to(torch.float32)

    return cast


def float8_scaled_cast(target: Format) -> Cast:
    def cast(x: Tensor) -> Tensor:
        scale = 2.0 ** scale_exponent(x, target)
        return (x * scale).to(target.dtype).to(torch.float32).mul_(1 / scale)

    return cast


def scale_exponent(x: Tensor, target: Format) -> int:
    """The power of two that brings the largest magnitude just within range; 0 for a tensor of zeros."""
    amax = torch.linalg.vector_norm(x, math.inf).item()
    return math.frexp(target.largest / amax)[1] - 1 if amax > 0 else 0


def fast_recipe(name: str, cast: str) -> Recipe | None:
    casts = {
        ("fp8", "bits"): bits_cast,
        ("fp8", "float8"): float8_cast,
        ("fp8-scaled", "bits"): bits_scaled_cast,
        ("fp8-scaled", "float8"): float8_scaled_cast,
        ("fp8", "compiled"): compiled_cast,
        ("fp8-scaled", "compiled"): compiled_scaled_cast,
    }
    make = casts.get((name, cast))
    return make and Recipe(make(E4M3), make(E5M2))


def check_casts() -> None:
    """Every fast cast gives what the reference gives."""
    x = torch.randn(10_000) * torch.logspace(-6, 2, 10_000)
    for name in ("fp8", "fp8-scaled"):
        for cast in ("bits", "float8", "compiled"):
            for fast, reference in zip(fast_recipe(name, cast), recipes[name], strict=True):
                if not torch.equal(fast(x), reference(x)):
                    raise SystemExit(f"the {cast} cast of {name} differs from the reference")


@cache
def matmul(m: int, n: int, k: int) -> Callable[[], object]:
    a, b = torch.rand(m, k) * 2 - 1, torch.rand(k, n) * 2 - 1
    return lambda: a @ b


@cache
def cast(count: int) -> Callable[[], object]:
    x = torch.rand(count) * 2 - 1
    return lambda: x.to(torch.float8_e4m3fn).to(torch.float32)


@cache
def attention(batch: int, heads: int, context: int, head_size: int) -> Callable[[], object]:
    """PyTorch's causal attention and its gradients."""
    q, k, v = (torch.randn(batch, heads, context, head_size).requires_grad_() for _ in range(3))
    gradient = torch.randn(batch, heads, context, head_size)

    def call() -> None:
        out = torch.nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        torch.autograd.grad(out, (q, k, v), gradient)

    return call


@cache
def train(shape: Shape, recipe: str, cast: str | None) -> Callable[[], object]:
    """One optimizer step on a fresh random batch."""
    model = Model(shape, standard(shape), fast_recipe(recipe, cast), fused_attention=True)
    generator = torch.Generator().manual_seed(1)
    parameters = {name: w.requires_grad_() for name, w in standard_weights(shape, generator).items()}
    optimizer = adamw(parameters, model.scheme, 1e-3, (0.9, 0.95), 0.1)
    loss = torch.compile(model.loss) if cast == "compiled" else model.loss

    def step() -> None:
        text = torch.randint(shape.vocabulary, (shape.batch, shape.context + 1), generator=generator)
        optimizer.zero_grad()
        loss(parameters, text[:, :-1], text[:, 1:]).backward()
        optimizer.step()

    if cast == "compiled":
        step()  # the compiler works when it is first called, and PyTorch wants a second step to settle
        step()
    return step


def median_seconds(call: Callable[[], object], duration: float) -> float:
    times = []
    end = time.perf_counter() + duration
    while not times or time.perf_counter() < end:
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def answer(request: dict) -> dict:
    if request["task"] == "matmul":
        call = matmul(request["m"], request["n"], request["k"])
    elif request["task"] == "cast":
        call = cast(request["count"])
    elif request["task"] == "attention":
        call = attention(*(request[name] for name in ("batch", "heads", "context", "headSize")))
    else:
        call = train(Shape(**request["shape"]), request["recipe"], request.get("cast"))
    return {"seconds": median_seconds(call, request["seconds"])}


if __name__ == "__main__":
    check_casts()
    print(json.dumps({"torch": torch.__version__}), flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)
