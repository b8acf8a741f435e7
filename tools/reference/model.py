"""The transformer that Bitscape trains, written in PyTorch: the reference its engine is compared with.

Decoder-only, pre-norm, learned positions, untied head, no biases in linear layers, layer norm with gain and
bias, exact GELU, causal softmax attention. Weights are stored (fan in, fan out), so that y = x W. A scheme
says how values are scaled, a recipe how the operands of linear layers are rounded; any scheme runs with any
recipe.

Unit scaling: Blake, Orr and Luschi 2023, arXiv 2303.11257.
"""

import math
from dataclasses import dataclass
from typing import Callable, NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor


@dataclass(frozen=True)
class Shape:
    layers: int
    width: int
    heads: int
    context: int
    vocabulary: int
    batch: int

    @property
    def head_size(self) -> int:
        return self.width // self.heads

    @property
    def tokens(self) -> int:
        return self.batch * self.context


def parameter_shapes(shape: Shape) -> dict[str, tuple[int, ...]]:
    """Every parameter in the order in which Bitscape stores them."""
    d = shape.width
    shapes: dict[str, tuple[int, ...]] = {
        "embedding": (shape.vocabulary, d),
        "positions": (shape.context, d),
    }
    for block in range(1, shape.layers + 1):
        shapes |= {
            f"block {block} norm 1 gain": (d,),
            f"block {block} norm 1 bias": (d,),
            f"block {block} qkv": (d, 3 * d),  # columns: every head's q, then every k, then every v
            f"block {block} attention output": (d, d),
            f"block {block} norm 2 gain": (d,),
            f"block {block} norm 2 bias": (d,),
            f"block {block} mlp up": (d, 4 * d),
            f"block {block} mlp down": (4 * d, d),
        }
    return shapes | {"final norm gain": (d,), "final norm bias": (d,), "head": (d, shape.vocabulary)}


# Scaling


class Factors(NamedTuple):
    """Constants of one scaled linear layer: its output, its input's gradient, its weight's gradient."""

    output: float
    input_gradient: float
    weight_gradient: float


@dataclass(frozen=True)
class Scheme:
    """The constants that set a scheme apart. With every factor 1 this is an ordinary transformer."""

    embedding: float  # on the sum of token and position embedding, forward only
    token_gradient: float
    position_gradient: float
    linear: Callable[[int, int], Factors]  # a layer of a residual branch, from its fan in and fan out
    head: Factors
    gelu: float  # on both passes
    attention: float  # on the output of attention, on both passes
    skip: float  # on the skip path, on both passes
    branch: float  # at the branch's output forward, at its input backward (delayed scaling)
    norm_gradient: float  # on the gradients of gain and bias
    logits_gradient: float  # on the gradient of the mean loss
    vector_learning_rate: float  # on the learning rate of gains and biases


def standard(shape: Shape) -> Scheme:
    """No scale factors; the scale of values follows from initialization (`standard_weights`)."""
    plain = Factors(1, 1, 1)
    return Scheme(1, 1, 1, lambda fan_in, fan_out: plain, plain, 1, 1, 1, 1, 1, 1, 1)


def unit(shape: Shape, residual_weight: float) -> Scheme:
    """Unit scaling: every weight, activation and gradient has a spread near 1 at initialization."""
    d, vocabulary, tokens = shape.width, shape.vocabulary, shape.tokens
    # A flat causal softmax at position k averages k values, whose variance is 1/k; its mean over the context
    # is H_s/s.
    harmonic = sum(1 / k for k in range(1, shape.context + 1))
    return Scheme(
        embedding=math.sqrt(1 / 2),
        token_gradient=math.sqrt(vocabulary / tokens),
        position_gradient=math.sqrt(1 / shape.batch),
        # The input is no cut edge: the geometric mean of fan_in^(-1/2) and fan_out^(-1/2) on both passes.
        linear=lambda fan_in, fan_out: Factors(*[(fan_in * fan_out) ** -0.25] * 2, tokens**-0.5),
        head=Factors(d**-0.5, vocabulary**-0.5, tokens**-0.5),
        gelu=gelu_factor(),
        attention=math.sqrt(shape.context / harmonic),
        skip=math.sqrt(1 - residual_weight),
        branch=math.sqrt(residual_weight),
        norm_gradient=tokens**-0.5,
        # From the mean over tokens to the sum, whose gradient has the spread sqrt(V-1)/V at a flat softmax.
        logits_gradient=tokens * vocabulary / math.sqrt(vocabulary - 1),
        vector_learning_rate=d**-0.5,
    )


def gelu_factor() -> float:
    """Geometric mean of 1/std gelu(z) = 1.70093 and 1/rms gelu'(z) = 1.48111 for z ~ N(0, 1)."""
    z = torch.linspace(-12, 12, 24_001, dtype=torch.float64)
    cumulative = torch.special.ndtr(z)
    density = torch.exp(-z * z / 2) / math.sqrt(2 * math.pi)

    def mean(values: Tensor) -> Tensor:
        return (values * density).sum() * (z[1] - z[0])

    value, slope = z * cumulative, cumulative + z * density
    variance = mean(value**2) - mean(value) ** 2
    return ((variance * mean(slope**2)) ** -0.25).item()


class ScaleGradient(torch.autograd.Function):
    """The identity, whose gradient is multiplied by a constant."""

    @staticmethod
    def forward(ctx, x: Tensor, factor: float) -> Tensor:
        ctx.factor = factor
        return x.view_as(x)

    @staticmethod
    def backward(ctx, gradient: Tensor):
        return gradient * ctx.factor, None


class ScaleValue(torch.autograd.Function):
    """Multiplies by a constant and passes the gradient on as it is."""

    @staticmethod
    def forward(ctx, x: Tensor, factor: float) -> Tensor:
        return x * factor

    @staticmethod
    def backward(ctx, gradient: Tensor):
        return gradient, None


def scale(x: Tensor, factor: float) -> Tensor:
    return x if factor == 1 else x * factor


def scale_gradient(x: Tensor, factor: float) -> Tensor:
    return x if factor == 1 else ScaleGradient.apply(x, factor)


def scale_value(x: Tensor, factor: float) -> Tensor:
    return x if factor == 1 else ScaleValue.apply(x, factor)


# Rounding


Cast = Callable[[Tensor], Tensor]


def cast_to(dtype: torch.dtype, saturate: bool = False) -> Cast:
    """Rounds to nearest even onto the values of `dtype`, and back to the type it came in."""
    largest = torch.finfo(dtype).max

    def cast(x: Tensor) -> Tensor:
        return (x.clamp(-largest, largest) if saturate else x).to(dtype).to(x.dtype)

    return cast


def scaled(cast: Cast, largest: float) -> Cast:
    """The cast around one power of two per tensor: the greatest that keeps the largest magnitude in range."""

    def scaled_cast(x: Tensor) -> Tensor:
        amax = x.abs().max()
        exponent = torch.frexp(largest / amax).exponent - 1  # floor(log2(…)), exactly
        factor = torch.where(amax > 0, torch.ldexp(torch.ones_like(amax), exponent), 1)
        return cast(x * factor) / factor

    return scaled_cast


class Recipe(NamedTuple):
    """Casts of a linear layer's operands: input and weight going forward, the output's gradient back."""

    forward: Cast
    backward: Cast


e4m3 = cast_to(torch.float8_e4m3fn, saturate=True)
e5m2 = cast_to(torch.float8_e5m2, saturate=True)

recipes: dict[str, Recipe | None] = {
    "fp32": None,
    "bf16": Recipe(cast_to(torch.bfloat16), cast_to(torch.bfloat16)),
    "fp16": Recipe(cast_to(torch.float16), cast_to(torch.float16)),
    "fp8": Recipe(e4m3, e5m2),
    "fp8-scaled": Recipe(scaled(e4m3, 448), scaled(e5m2, 57344)),
}


class CastMatmul(torch.autograd.Function):
    """x W where all three products use operands that were cast: x W, g Wᵀ and xᵀ g."""

    @staticmethod
    def forward(ctx, x: Tensor, weight: Tensor, recipe: Recipe) -> Tensor:
        x, weight = recipe.forward(x), recipe.forward(weight)
        ctx.save_for_backward(x, weight)
        ctx.recipe = recipe
        return x @ weight

    @staticmethod
    def backward(ctx, gradient: Tensor):
        x, weight = ctx.saved_tensors
        gradient = ctx.recipe.backward(gradient)
        return gradient @ weight.t(), x.flatten(0, -2).t() @ gradient.flatten(0, -2), None


# Model


@dataclass(frozen=True)
class Model:
    shape: Shape
    scheme: Scheme
    recipe: Recipe | None
    fused_attention: bool = False  # PyTorch's own attention kernel, the faster one

    def loss(self, parameters: dict[str, Tensor], tokens: Tensor, targets: Tensor) -> Tensor:
        """Mean cross-entropy in nats; `tokens` and `targets` are (batch, context)."""
        logits = scale_gradient(self.logits(parameters, tokens), self.scheme.logits_gradient)
        return F.cross_entropy(logits.flatten(0, 1), targets.flatten())

    def logits(self, parameters: dict[str, Tensor], tokens: Tensor) -> Tensor:
        p, scheme = parameters, self.scheme
        table = scale_gradient(p["embedding"], scheme.token_gradient)
        positions = scale_gradient(p["positions"], scheme.position_gradient)
        x = scale_value(table[tokens] + positions[: tokens.shape[1]], scheme.embedding)  # (B, T, d)
        for block in range(1, self.shape.layers + 1):
            name = f"block {block}"
            x = self.residual(x, lambda x: self.attention(p, name, self.norm(p, f"{name} norm 1", x)))
            x = self.residual(x, lambda x: self.mlp(p, name, self.norm(p, f"{name} norm 2", x)))
        return self.linear(self.norm(p, "final norm", x), p["head"], scheme.head)  # (B, T, V)

    def residual(self, x: Tensor, branch: Callable[[Tensor], Tensor]) -> Tensor:
        out = scale_value(branch(scale_gradient(x, self.scheme.branch)), self.scheme.branch)
        return scale(x, self.scheme.skip) + out

    def norm(self, p: dict[str, Tensor], name: str, x: Tensor) -> Tensor:
        gain = scale_gradient(p[f"{name} gain"], self.scheme.norm_gradient)
        bias = scale_gradient(p[f"{name} bias"], self.scheme.norm_gradient)
        return F.layer_norm(x, (self.shape.width,), gain, bias, 1e-5)

    def linear(self, x: Tensor, weight: Tensor, factors: Factors) -> Tensor:
        x = scale_gradient(x, factors.input_gradient)
        weight = scale_gradient(weight, factors.weight_gradient)
        product = x @ weight if self.recipe is None else CastMatmul.apply(x, weight, self.recipe)
        return scale_value(product, factors.output)

    def hidden(self, x: Tensor, weight: Tensor) -> Tensor:
        return self.linear(x, weight, self.scheme.linear(*weight.shape))

    def attention(self, p: dict[str, Tensor], name: str, x: Tensor) -> Tensor:
        batch, context, width = x.shape
        qkv = self.hidden(x, p[f"{name} qkv"])
        q, k, v = qkv.view(batch, context, 3, self.shape.heads, self.shape.head_size).permute(2, 0, 3, 1, 4)
        attend = fused_attention if self.fused_attention else causal_attention
        out = attend(q, k, v).transpose(1, 2).reshape(batch, context, width)
        return self.hidden(scale(out, self.scheme.attention), p[f"{name} attention output"])

    def mlp(self, p: dict[str, Tensor], name: str, x: Tensor) -> Tensor:
        hidden = F.gelu(self.hidden(x, p[f"{name} mlp up"]))
        return self.hidden(scale(hidden, self.scheme.gelu), p[f"{name} mlp down"])


def fused_attention(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    return F.scaled_dot_product_attention(q, k, v, is_causal=True)


def causal_attention(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """Causal softmax attention; everything is (B, H, T, head size)."""
    logits = q @ k.transpose(-1, -2) * q.shape[-1] ** -0.5  # (B, H, T, T)
    future = torch.ones(logits.shape[-2:], dtype=torch.bool).triu(1)
    return logits.masked_fill(future, -math.inf).softmax(-1) @ v


# Training


def standard_weights(shape: Shape, generator: torch.Generator) -> dict[str, Tensor]:
    """N(0, 0.02), less by sqrt(2 layers) where a layer writes to the residual stream; gains 1, biases 0."""
    writes_to_residual = ("attention output", "mlp down")

    def spread(name: str) -> float:
        return 0.02 / math.sqrt(2 * shape.layers) if name.endswith(writes_to_residual) else 0.02

    return _weights(shape, generator, spread)


def unit_weights(shape: Shape, generator: torch.Generator) -> dict[str, Tensor]:
    """N(0, 1) throughout; gains 1, biases 0."""
    return _weights(shape, generator, lambda name: 1)


def _weights(shape: Shape, generator: torch.Generator, spread: Callable[[str], float]) -> dict[str, Tensor]:
    def weight(name: str, dimensions: tuple[int, ...]) -> Tensor:
        if len(dimensions) == 1:
            return torch.ones(dimensions) if name.endswith("gain") else torch.zeros(dimensions)
        return torch.randn(dimensions, generator=generator) * spread(name)

    return {name: weight(name, dimensions) for name, dimensions in parameter_shapes(shape).items()}


def adamw(
    parameters: dict[str, Tensor],
    scheme: Scheme,
    learning_rate: float,
    betas: tuple[float, float],
    decay: float,
) -> torch.optim.Optimizer:
    """AdamW that decays matrices (embeddings too) and leaves gains and biases alone."""
    matrices = [p for p in parameters.values() if p.dim() >= 2]
    vectors = [p for p in parameters.values() if p.dim() < 2]
    groups = [
        {"params": matrices, "weight_decay": decay},
        {"params": vectors, "weight_decay": 0, "lr": learning_rate * scheme.vector_learning_rate},
    ]
    return torch.optim.AdamW(groups, lr=learning_rate, betas=betas, eps=1e-8, fused=True)
