"""The language models that Bitscape trains, every part and every scheme, in PyTorch: written from the papers for
comparison with the engine.

Weights are stored (fan in, fan out), so that y = x W; `settings` are those of a run, with the same names. A scheme's
constants enter through `scaled`, which multiplies by one factor going forward and by another going back.

Unit scaling: Blake, Orr and Luschi 2023, arXiv 2303.11257, and its authors' code. u-muP: Blake and others 2024,
arXiv 2407.17465, and the library unit-scaling. munit scaling: Narayan and others 2025, arXiv 2502.05967. muP: Yang and
others 2022, arXiv 2203.03466.
"""

import math
from functools import lru_cache
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

DEFAULTS = {
    "scheme": "standard",
    "layers": 2,
    "width": 12,
    "heads": 3,
    "context": 7,
    "batch": 3,
    "vocabulary": 11,
    "sequenceLayer": "attention",
    "kernelSize": 7,
    "groups": 4,
    "activation": "gelu",
    "norm": "layer",
    "normPlacement": "default",
    "residual": "default",
    "residualWeight": 0.3,
    "tiedHead": False,
    "attentionLogits": "default",
    "softmax": "plain",
    "queryKeyNorm": False,
    "positions": "learned",
    "baseWidth": 8,
    "constraint": "default",
    "activationMultiplier": 1.0,
    "attentionMultiplier": 1.0,
    "residualMultiplier": 1.0,
    "residualAttentionRatio": 1.0,
    "lossMultiplier": 1.0,
}

SINUSOIDS, LONGEST_PERIOD = 128, 1024
CARRY_BIAS = 1.0


class scaled(torch.autograd.Function):
    """x times `forward` on the way forward, gradients times `backward` on the way back."""

    @staticmethod
    def forward(ctx, x: Tensor, forward: float, backward: float) -> Tensor:
        ctx.backward_factor = backward
        return x * forward

    @staticmethod
    def backward(ctx, gradient: Tensor):
        return gradient * ctx.backward_factor, None, None


def backward_only(x: Tensor, factor: float) -> Tensor:
    return scaled.apply(x, 1.0, factor)


class Product(NamedTuple):
    """Factors of y = x W, of the gradients of x and W, and the multiplier of W's learning rate."""

    output: float = 1.0
    input_gradient: float = 1.0
    weight_gradient: float = 1.0
    rate: float = 1.0


def apply_product(x: Tensor, weight: Tensor, p: Product) -> Tensor:
    y = backward_only(x, p.input_gradient) @ backward_only(weight, p.weight_gradient)
    return scaled.apply(y, p.output, 1.0)


def mean_over_normal(f) -> float:
    """The mean of f(z), z ~ N(0, 1)."""
    z = torch.linspace(-14, 14, 28_001, dtype=torch.float64)
    density = torch.exp(-z * z / 2) / math.sqrt(2 * math.pi)
    return ((f(z) * density).sum() * (z[1] - z[0])).item()


def slope(f, z: Tensor) -> Tensor:
    z = z.clone().requires_grad_()
    return torch.autograd.grad(f(z).sum(), z)[0]


FUNCTIONS = {"relu": F.relu, "gelu": F.gelu, "silu": F.silu}


@lru_cache
def activation_variances(name: str) -> tuple[float, float]:
    """Variance of the output for unit normal inputs, and mean square of the gradient for unit normal gradients."""
    if name == "swiglu":  # of a * silu(b); the gradient is that of a and b side by side
        square = mean_over_normal(lambda z: F.silu(z) ** 2)
        return square, (square + mean_over_normal(lambda z: slope(F.silu, z) ** 2)) / 2
    if name == "relu":  # by hand, since quadrature does not like its kink
        return 1 / 2 - 1 / (2 * math.pi), 1 / 2
    f = FUNCTIONS[name]
    mean = mean_over_normal(f)
    return mean_over_normal(lambda z: (f(z) - mean) ** 2), mean_over_normal(lambda z: slope(f, z) ** 2)


@lru_cache
def state_variance() -> float:
    """Stationary variance of a highway cell's state for unit inputs, taking its parts as independent."""
    v = 0.1
    for _ in range(60):
        s = math.sqrt((1 + v) / 2)  # spread of the gates' inputs
        u2 = mean_over_normal(lambda z: torch.sigmoid(s * z - CARRY_BIAS) ** 2)
        keep2 = mean_over_normal(lambda z: torch.sigmoid(CARRY_BIAS - s * z) ** 2)
        v = u2 * mean_over_normal(lambda z: torch.tanh(s * z) ** 2) / (1 - keep2)
    return v


def loginterp(share: float, low: float, high: float) -> float:
    return math.exp(share * math.log(high) + (1 - share) * math.log(low))


CONSTRAINTS = {
    "geometric-mean": lambda a, b: math.sqrt(a * b),
    "harmonic-mean": lambda a, b: 2 / (1 / a + 1 / b),
    "arithmetic-mean": lambda a, b: (a + b) / 2,
    "to-output": lambda a, b: a,
    "to-input-gradient": lambda a, b: b,
}


class Scheme:
    """Standard parametrization: no factors at all."""

    norm_placement = "pre"
    residual_rule = "sum"
    delayed = False

    def __init__(self, s: dict):
        self.s = s
        self.tokens = s["batch"] * s["context"]
        self.head_size = s["width"] // s["heads"]

    # Weights of the sum of token and position, factors of the tables' gradients, and the tables' rate.
    def embedding(self):
        return 1.0, 1.0, 1.0, 1.0, 1.0

    def product(self, role: str, fan_in: int, fan_out: int) -> Product:
        return Product()

    def logits(self) -> float:
        return self.head_size**-0.5

    def attention_output(self) -> float:
        return 1.0

    def activation(self, name: str) -> tuple[float, float, float]:
        """Factors of output and input gradient, and the multiplier of the input."""
        return 1.0, 1.0, 1.0

    def norm_gradient(self, rows_per_token: int) -> float:
        return 1.0

    def recurrent(self) -> tuple[float, float, float]:
        """Factors of the output, of the bias's gradient and of the initial state's."""
        return 1.0, 1.0, 1.0

    def residual(self, branch: int) -> tuple[float, float]:
        """Weights of skip and branch number `branch`, from 1."""
        rule = self.s["residual"]
        rule = self.residual_rule if rule == "default" else rule
        if rule == "sum":
            return 1.0, 1.0
        tau = self.s["residualWeight"] if rule == "fixed" else 1 / (branch + 1)
        return math.sqrt(1 - tau), math.sqrt(tau)

    def loss_gradient(self) -> float:
        """On the gradient of the mean loss."""
        return 1.0

    def vector_rate(self, in_block: bool) -> float:
        return 1.0


class Mup(Scheme):
    """Table 8 with Adam: hidden rates 1/n; head multiplier 1/n; 1/d attention."""

    def product(self, role, fan_in, fan_out):
        n = self.s["width"] / self.s["baseWidth"]
        if role == "distances":  # from equally many inputs at every width, as an embedding
            return Product()
        return Product(1 / n, 1 / n, 1 / n) if role == "head" else Product(rate=1 / n)

    def logits(self):
        return self.s["attentionMultiplier"] / self.head_size


class Unit(Scheme):
    residual_rule = "fixed"
    delayed = True
    default_constraint = "geometric-mean"

    def constrain(self, output: float, input_gradient: float) -> tuple[float, float]:
        name = self.s["constraint"]
        name = self.default_constraint if name == "default" else name
        if name == "none":
            return output, input_gradient
        return (CONSTRAINTS[name](output, input_gradient),) * 2

    def embedding(self):
        learned = self.s["positions"] == "learned"
        token = math.sqrt(1 / 2) if learned else 1.0
        token_gradient = math.sqrt(self.s["vocabulary"] / self.tokens)
        if self.s["tiedHead"]:
            token_gradient = self.tied_head_gradient() * token * math.sqrt(self.s["vocabulary"])
        return token, math.sqrt(1 / 2), token_gradient, self.s["batch"] ** -0.5, 1.0

    def tied_head_gradient(self) -> float:
        """Both gradients of a tied table are true ones times one constant, and their variances add up to 1."""
        token = math.sqrt(1 / 2) if self.s["positions"] == "learned" else 1.0
        return (self.tokens * (1 + token**2)) ** -0.5

    def product(self, role, fan_in, fan_out):
        if role == "distances":
            return Product(fan_in**-0.5, fan_out**-0.5, self.s["context"] ** -0.5)
        if role == "head":
            tied = self.s["tiedHead"]
            return Product(
                fan_in**-0.5, fan_out**-0.5, self.tied_head_gradient() if tied else self.tokens**-0.5
            )
        return Product(*self.constrain(fan_in**-0.5, fan_out**-0.5), self.tokens**-0.5)

    def attention_output(self):
        if self.s["softmax"] == "square-root":
            return 1.0
        context = self.s["context"]
        return math.sqrt(context / sum(1 / k for k in range(1, context + 1)))

    def activation(self, name):
        output, gradient = activation_variances(name)
        return *self.constrain(output**-0.5, gradient**-0.5), 1.0

    def norm_gradient(self, rows_per_token):
        return (self.tokens * rows_per_token) ** -0.5

    def recurrent(self):
        return state_variance() ** -0.5, self.tokens**-0.5, self.s["batch"] ** -0.5

    def loss_gradient(self):
        vocabulary = self.s["vocabulary"]
        return self.tokens * vocabulary / math.sqrt(vocabulary - 1)  # of the sum over tokens

    def vector_rate(self, in_block):
        return self.s["width"] ** -0.5


class UnitMup(Unit):
    default_constraint = "to-output"

    def embedding(self):
        return *super().embedding()[:4], self.s["width"] ** -0.5

    def product(self, role, fan_in, fan_out):
        p = super().product(role, fan_in, fan_out)
        depth = self.s["layers"] ** -0.5
        if role == "head":
            return Product(self.s["lossMultiplier"] / fan_in, fan_out**-0.5, p.weight_gradient, 1.0)
        return p._replace(rate=fan_in**-0.5 * depth)

    def logits(self):
        return self.s["attentionMultiplier"] / self.head_size

    def attention_output(self):
        if self.s["softmax"] == "square-root":
            return 1.0
        context, mult = self.s["context"], self.s["attentionMultiplier"]
        if context == 1:  # nothing is averaged; the formula has no value
            return 1.0
        share = 1 / (1 + 4 * self.head_size / mult**2)
        return 1 / loginterp(share, math.sqrt(math.log(context) / context), 1)

    def activation(self, name):
        mult = self.s["activationMultiplier"]
        narrow, wide = 1 / (1 + 0.25 / mult**2), 1 / (1 + 1 / mult**2)
        relu, root = math.sqrt(2 / (1 - 1 / math.pi)), math.sqrt(2)
        factors = {
            "gelu": (loginterp(narrow, 2, relu), loginterp(narrow, 2, root)),
            "silu": (loginterp(narrow, 2, relu), loginterp(wide, 2, root)),
            "swiglu": (loginterp(wide, 2, root),) * 2,
            "relu": (relu, root),
        }
        return *self.constrain(*factors[name]), mult

    def residual(self, branch):
        if self.s["residual"] != "default":
            return super().residual(branch)
        i, count, ratio = branch - 1, 2 * self.s["layers"], self.s["residualAttentionRatio"]
        feed_forward = self.s["residualMultiplier"] * math.sqrt(2 / (1 + ratio**2))
        attention = ratio * feed_forward
        n_attention, n_feed_forward = (i + 1) // 2, i // 2
        own = attention if i % 2 == 0 else feed_forward
        tau = own / math.sqrt(count / 2 + n_attention * attention**2 + n_feed_forward * feed_forward**2)
        return (1 + tau**2) ** -0.5, tau * (1 + tau**2) ** -0.5

    def vector_rate(self, in_block):
        return self.s["layers"] ** -0.5 if in_block else 1.0


class Munit(Scheme):
    """One factor on all passes; the gradient of the logits has spread 1, and so has that of the head's input."""

    norm_placement = "res-post"
    residual_rule = "fixed"
    delayed = True

    def embedding(self):
        token = math.sqrt(1 / 2) if self.s["positions"] == "learned" else 1.0
        return token, math.sqrt(1 / 2), token if self.s["tiedHead"] else 1.0, 1.0, 1.0

    def product(self, role, fan_in, fan_out):
        hidden = math.sqrt(self.s["baseWidth"] / self.s["width"])
        if role == "head":
            return Product(1 / fan_in, fan_out**-0.5, fan_out**-0.5 if self.s["tiedHead"] else 1 / fan_in, 1.0)
        return Product(*[fan_in**-0.5] * 3, 1.0 if role == "distances" else hidden)

    def loss_gradient(self):
        vocabulary = self.s["vocabulary"]
        return self.tokens * vocabulary / math.sqrt(vocabulary - 1)


SCHEMES = {"standard": Scheme, "mup": Mup, "unit": Unit, "unit-mup": UnitMup, "munit": Munit}


class LanguageModel:
    """Parameters are asked for by name, in the order of the forward pass; `shapes` and `rates` collect them."""

    def __init__(self, settings: dict):
        self.s = s = DEFAULTS | settings
        self.scheme = SCHEMES[s["scheme"]](s)
        placement = s["normPlacement"]
        self.placement = self.scheme.norm_placement if placement == "default" else placement
        self.hidden = 8 * math.ceil(s["width"] / 3) if s["activation"] == "swiglu" else 4 * s["width"]
        self.shapes: dict[str, tuple[int, ...]] = {}
        self.rates: dict[str, float] = {}
        self.make = None  # makes a parameter from name and shape, the first time it is asked for
        self.parameters: dict[str, Tensor] = {}

    def parameter(self, name: str, shape: tuple[int, ...], rate: float) -> Tensor:
        if name not in self.parameters:
            self.shapes[name], self.rates[name] = shape, rate
            self.parameters[name] = self.make(name, shape)
        return self.parameters[name]

    def loss(self, tokens: Tensor, targets: Tensor) -> Tensor:
        """Mean cross-entropy in nats; both are (batch, context)."""
        logits = backward_only(self.logits(tokens), self.scheme.loss_gradient())
        return F.cross_entropy(logits.flatten(0, 1), targets.flatten())

    def logits(self, tokens: Tensor) -> Tensor:
        s, width = self.s, self.s["width"]
        token, position, token_gradient, position_gradient, rate = self.scheme.embedding()
        table = self.parameter("embedding", (s["vocabulary"], width), rate)
        x = scaled.apply(backward_only(table, token_gradient)[tokens], token, 1.0)
        if s["positions"] == "learned":
            positions = self.parameter("positions", (s["context"], width), rate)
            x = x + scaled.apply(backward_only(positions, position_gradient), position, 1.0)
        for i in range(1, s["layers"] + 1):
            block = f"block {i}"
            x = self.add(x, 2 * i - 1, f"{block} norm 1", lambda x: self.mix(block, x))
            x = self.add(x, 2 * i, f"{block} norm 2", lambda x: self.feed_forward(block, x))
        if self.placement != "none" and self.placement != "post":
            x = self.norm("final norm", x, in_block=False)
        if s["tiedHead"]:
            return apply_product(x, table.t(), self.scheme.product("head", width, s["vocabulary"]))
        return self.linear("head", "head", x, s["vocabulary"])

    def add(self, x: Tensor, branch: int, norm: str, f) -> Tensor:
        skip, weight = self.scheme.residual(branch)
        begin = backward_only(x, weight) if self.scheme.delayed else x
        if self.placement == "pre":
            begin = self.norm(norm, begin)
        out = f(begin)
        if self.placement == "res-post":
            out = self.norm(norm, out)
        out = scaled.apply(out, weight, 1.0) if self.scheme.delayed else weight * out
        total = skip * x + out
        return self.norm(norm, total) if self.placement == "post" else total

    def norm(self, name: str, x: Tensor, in_block: bool = True) -> Tensor:
        size, rate = x.shape[-1], self.scheme.vector_rate(in_block)
        factor = self.scheme.norm_gradient(1)
        gain = backward_only(self.parameter(f"{name} gain", (size,), rate), factor)
        if self.s["norm"] == "rms":
            return F.rms_norm(x, (size,), gain, 1e-5)
        bias = backward_only(self.parameter(f"{name} bias", (size,), rate), factor)
        return F.layer_norm(x, (size,), gain, bias, 1e-5)

    def head_norm(self, name: str, x: Tensor) -> Tensor:
        """An RMS norm over each head's vector, with one gain for all heads."""
        size = x.shape[-1]
        gain = self.parameter(f"{name} gain", (size,), self.scheme.vector_rate(True))
        return F.rms_norm(x, (size,), backward_only(gain, self.scheme.norm_gradient(self.s["heads"])), 1e-5)

    def weight(self, role: str, name: str, shape: tuple[int, int], fans: tuple[int, int]):
        product = self.scheme.product(role, *fans)
        return self.parameter(name, shape, product.rate), product

    def linear(self, role: str, name: str, x: Tensor, fan_out: int) -> Tensor:
        shape = (x.shape[-1], fan_out)
        return apply_product(x, *self.weight(role, name, shape, shape))

    def feed_forward(self, block: str, x: Tensor) -> Tensor:
        gated = self.s["activation"] == "swiglu"
        up = self.linear("mlp up", f"{block} mlp up", x, 2 * self.hidden if gated else self.hidden)
        return self.linear("mlp down", f"{block} mlp down", self.activate(up), self.s["width"])

    def activate(self, x: Tensor, name: str | None = None) -> Tensor:
        name = name or self.s["activation"]
        output, input_gradient, mult = self.scheme.activation(name)
        x = backward_only(x, input_gradient)
        if name == "swiglu":
            linear, gate = x.chunk(2, -1)
            y = linear * gate * torch.sigmoid(mult * gate)
        else:
            y = FUNCTIONS[name](mult * x) / mult
        return scaled.apply(y, output, 1.0)

    def mix(self, block: str, x: Tensor) -> Tensor:
        return {"attention": self.attention, "convolution": self.convolution, "recurrent": self.recurrent}[
            self.s["sequenceLayer"]
        ](block, x)

    def convolution(self, block: str, x: Tensor) -> Tensor:
        """torch's own convolution; its weight is (outputs, channels of a group, kernel), ours ((kernel, channel), outputs)."""
        s, width = self.s, self.s["width"]
        k, groups = s["kernelSize"], s["groups"]
        seen = k * width // groups
        weight, p = self.weight("convolution", f"{block} convolution", (seen, width), (seen, seen))
        kernel = backward_only(weight, p.weight_gradient).view(k, width // groups, width).permute(2, 1, 0)
        inputs = F.pad(backward_only(x, p.input_gradient).transpose(1, 2), (k - 1, 0))
        y = scaled.apply(F.conv1d(inputs, kernel, groups=groups).transpose(1, 2), p.output, 1.0)
        return self.activate(y, "silu" if s["activation"] == "swiglu" else s["activation"])

    def recurrent(self, block: str, x: Tensor) -> Tensor:
        """One product of input and state side by side, with both gates' weights."""
        width = self.s["width"]
        shape, fans = (width, 2 * width), (2 * width, 2 * width)
        of_input, p = self.weight("recurrent input", f"{block} recurrent input", shape, fans)
        of_state, _ = self.weight("recurrent state", f"{block} recurrent state", shape, fans)
        output, bias_gradient, state_gradient = self.scheme.recurrent()
        rate = self.scheme.vector_rate(True)
        bias = backward_only(self.parameter(f"{block} recurrent bias", (2 * width,), rate), bias_gradient)
        start = backward_only(self.parameter(f"{block} initial state", (width,), rate), state_gradient)
        weight = torch.cat([of_input, of_state])
        state, states = start.expand(x.shape[0], width), []
        for t in range(x.shape[1]):
            transform, update = (apply_product(torch.cat([x[:, t], state], -1), weight, p) + bias).chunk(2, -1)
            u = torch.sigmoid(update - CARRY_BIAS)
            state = (1 - u) * state + u * torch.tanh(transform)
            states.append(state)
        return output * torch.stack(states, 1)

    def attention(self, block: str, x: Tensor) -> Tensor:
        s = self.s
        batch, context, width = x.shape
        heads, head_size = s["heads"], width // s["heads"]
        qkv = self.linear("qkv", f"{block} qkv", x, 3 * width)
        q, k, v = qkv.view(batch, context, 3, heads, head_size).permute(2, 0, 3, 1, 4)  # (B, H, T, D)
        if s["positions"] == "relative":
            waves = sinusoids(context).to(x.dtype).flip(0)  # distances from context - 1 down to 0
            of_distance = self.linear("distances", f"{block} distances", waves, width).flip(0)
            vectors = of_distance.view(context, heads, head_size)
        if s["queryKeyNorm"]:
            q, k = self.head_norm(f"{block} query norm", q), self.head_norm(f"{block} key norm", k)
        if s["positions"] == "rotary":
            q, k = rotary(q), rotary(k)
        logits = q @ k.transpose(-1, -2)
        if s["positions"] == "relative":
            distance = (torch.arange(context)[:, None] - torch.arange(context)).clamp(min=0)
            logits = logits + torch.einsum("bhid,ijhd->bhij", q, vectors[distance])
        factor = {"default": self.scheme.logits(), "inverse-root": head_size**-0.5, "inverse": 1 / head_size}
        future = torch.ones(context, context, dtype=torch.bool).triu(1)
        p = (logits * factor[s["attentionLogits"]]).masked_fill(future, -math.inf).softmax(-1)
        if s["softmax"] == "square-root":
            p = torch.where(future, 0.0, torch.where(future, 1.0, p).sqrt())
        mixed = (p @ v).transpose(1, 2).reshape(batch, context, width)
        return self.linear(
            "attention output", f"{block} attention output", self.scheme.attention_output() * mixed, width
        )


def rotary(x: Tensor) -> Tensor:
    """Equation 34 of arXiv 2104.09864, by complex numbers."""
    context, size = x.shape[-2:]
    frequencies = 10000 ** (-torch.arange(0, size, 2, dtype=torch.float64) / size)
    angles = torch.outer(torch.arange(context, dtype=torch.float64), frequencies)
    turns = torch.polar(torch.ones_like(angles), angles)
    pairs = torch.view_as_complex(x.to(torch.float64).unflatten(-1, (-1, 2)).contiguous())
    return torch.view_as_real(pairs * turns).flatten(-2).to(x.dtype)


def sinusoids(context: int) -> Tensor:
    """sqrt(2) sin and cos of distances 0, 1, ..., as in the authors' models."""
    i = torch.arange(SINUSOIDS, dtype=torch.float64)
    frequency = math.pi * (2 / LONGEST_PERIOD) ** ((i // 2) / (SINUSOIDS // 2 - 1))
    time = torch.arange(context, dtype=torch.float64)
    return math.sqrt(2) * torch.sin(frequency * time[:, None] + math.pi / 2 * (i % 2))
