"""Makes test/fixtures/torch/gptq.json: weights that GPTQ has quantized.

    python tools/reference/make_gptq_reference.py (NumPy 2)

Written from the paper (Frantar and others 2022, arXiv 2210.17323), but from its section 3.1 and equation 2, not from its
algorithm: the inverse Hessian of the inputs that are left is computed anew for every input, and there is no Cholesky
factor. Scales are those of the original weights. Inputs follow from integers, so that only results are recorded.
"""

import json
from pathlib import Path

import numpy as np

FILE = Path(__file__).parents[2] / "test/fixtures/torch/gptq.json"
INPUTS, OUTPUTS, SAMPLES = 24, 10, 64
DAMPING = 0.01
E2M1 = np.array([0, 0.5, 1, 1.5, 2, 3, 4, 6])


def integers(seed: int, shape: tuple[int, int]) -> np.ndarray:
    """Whole numbers from -128 to 127."""
    index = np.arange(shape[0] * shape[1], dtype=np.uint64)
    mixed = ((index + 1) * np.uint64(2654435761 + 2 * seed)) % 2**32
    mixed = ((mixed ^ (mixed >> np.uint64(15))) * np.uint64(2246822519)) % 2**32
    return ((mixed >> np.uint64(24)).astype(np.float64) - 128).reshape(shape)


def correlated_inputs() -> np.ndarray:
    """Each input has something of those before it; one is always zero, and one the double of another."""
    x = integers(1, (SAMPLES, INPUTS))
    for i in range(1, INPUTS):
        x[:, i] += 2 * x[:, i - 1] if i % 4 else 0
    x[:, 5] = 0
    x[:, 17] = 2 * x[:, 3]
    return x


def nearest_e2m1(x: np.ndarray) -> np.ndarray:
    magnitude = np.minimum(np.abs(x), 6)
    distance = np.abs(magnitude[..., None] - E2M1)
    # np.argmin takes the first of two, and ties do not occur in these data.
    return np.sign(x) * E2M1[np.argmin(distance, axis=-1)]


def elements_of(name: str, x: np.ndarray) -> np.ndarray:
    if name == "e2m1":
        return nearest_e2m1(x)
    bits = int(name[3:])
    return np.clip(np.rint(x), -(2 ** (bits - 1)), 2 ** (bits - 1) - 1)


def largest_of(name: str) -> float:
    return 6.0 if name == "e2m1" else 2.0 ** (int(name[3:]) - 1) - 1


def multipliers(name: str, weights: np.ndarray, group: int) -> np.ndarray:
    """float32, one for each weight: what it is multiplied by before it is rounded."""
    amax = np.abs(weights.reshape(-1, group, OUTPUTS)).max(axis=1)
    return np.repeat(np.float32(largest_of(name)) / amax.astype(np.float32), group, axis=0)


def gptq(name: str, weights: np.ndarray, hessian: np.ndarray, group: int) -> np.ndarray:
    encode = multipliers(name, weights, group)
    decode = (np.float32(1) / encode).astype(np.float64)
    hessian = hessian + DAMPING * np.mean(np.diag(hessian)) * np.eye(INPUTS)
    left = weights.astype(np.float64)
    elements = np.zeros_like(left)
    for q in range(INPUTS):
        inverse = np.linalg.inv(hessian[q:, q:])
        elements[q] = elements_of(name, left[q] * encode[q])
        error = left[q] - elements[q] * decode[q]
        left[q:] -= np.outer(inverse[:, 0] / inverse[0, 0], error)
    return elements


def main() -> None:
    weights = integers(2, (INPUTS, OUTPUTS)) / 512 + integers(3, (INPUTS, OUTPUTS)) / 2**16
    weights[:, 4] *= 2.0**-10
    x = correlated_inputs()
    hessian = 2 * x.T @ x
    cases = [
        ("int2", INPUTS, "int2 row"),
        ("int3", INPUTS, "int3 row"),
        ("int4", INPUTS, "int4 row"),
        ("int8", INPUTS, "int8 row"),
        ("int4", 8, "int4 block:1x8"),
        ("e2m1", INPUTS, "e2m1 row"),
    ]
    results = []
    for name, group, cast in cases:
        elements = gptq(name, weights, hessian, group)
        nearest = elements_of(name, weights * multipliers(name, weights, group))
        print(f"{cast}: {np.mean(elements != nearest):.0%} of the elements are not the nearest")
        results.append({"cast": cast, "elements": elements.ravel().tolist()})
    shape = {"inputs": INPUTS, "outputs": OUTPUTS, "samples": SAMPLES}
    source = "tools/reference/make_gptq_reference.py"
    FILE.write_text(json.dumps({"source": source, **shape, "cases": results}) + "\n")


main()
