"""Records what libraries make of the inputs of cast_inputs.py, as digests, in test/fixtures/libraries.

    python make_library_casts.py ml_dtypes gfloat          # needs numpy, ml_dtypes, gfloat
    python make_library_casts.py onnx                       # needs ml_dtypes and the source of onnx
    python make_library_casts.py torch bitsandbytes microxcaling unit_scaling transformer_engine chop

The last need torch and the sources; microxcaling and pychop are imported (PYTHONPATH), functions of the others are taken
out of files below the folder in the environment variable SOURCES.

With --dump FOLDER it writes the values themselves there too, to find differences.
"""

import ast
import gzip
import json
import os
import sys
from dataclasses import dataclass
from typing import cast

import numpy as np

sys.path.insert(0, os.path.dirname(__file__))
from cast_inputs import digest, inputs, random_words  # noqa: E402

X = inputs()
WORDS = random_words(len(X))
FIXTURES = os.path.join(os.path.dirname(__file__), "../../test/fixtures/libraries")


def functions_of(path, **names):
    """The functions and classes of a module that cannot be imported whole, below the folder SOURCES."""
    tree = ast.parse(open(os.path.join(os.environ["SOURCES"], path)).read())
    kept = [node for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))]
    defined = {**names}
    for node in kept:
        try:
            code = "from __future__ import annotations\n" + ast.unparse(node)
            exec(compile(code, path, "exec"), defined)
        except NameError:
            pass  # decorated or derived from what is not here
    return defined


def ml_dtypes_casts():
    import ml_dtypes

    floats = [name for name in dir(ml_dtypes) if name.startswith(("float", "bfloat"))]
    integers = ["int2", "int4", "uint2", "uint4"]
    for name in floats + integers + ["float16", "int8", "uint8"]:
        dtype = getattr(ml_dtypes, name, None) or np.dtype(name).type
        with np.errstate(all="ignore"):
            yield name, {}, X.astype(dtype).astype(np.float64)


def gfloat_casts():
    import gfloat
    from gfloat import formats
    from gfloat.types import Domain, Signedness

    modes = {
        "TiesToEven": "nearest-even",
        "TiesToAway": "nearest-away",
        "TowardZero": "zero",
        "TowardPositive": "up",
        "TowardNegative": "down",
        "ToOdd": "odd",
        "StochasticFastest": "stochastic-a",
        "StochasticFast": "stochastic-b",
        "Stochastic": "stochastic-c",
        "StochasticOdd": "stochastic-odd",
    }
    ocp = [f for f in formats.sample_formats if f.name.startswith(("ocp", "binary", "bfloat"))]
    p3109 = []
    for width in (3, 4, 6, 8, 16):
        for precision in range(1, width + 1):
            for sign in Signedness:
                if sign == Signedness.Signed and precision == width:
                    continue
                for domain in Domain:
                    exponent_bits = width - precision + (0 if sign == Signedness.Signed else 1)
                    if exponent_bits > 11 or (width >= 11 and precision % 4 != 1):
                        continue
                    p3109.append(formats.format_info_p3109(width, precision, sign, domain))
    for info in ocp + p3109:
        if info.name in ("ocp_e8m0", "binary64"):
            continue
        x = X.astype(np.float64)
        if not info.is_signed:
            x = x[: len(x) // 2]  # gfloat gives negative values for negative inputs here
        for gfloat_mode, mode in modes.items():
            for saturate in (False, True):
                if saturate and mode not in ("nearest-even", "zero", "up"):
                    continue
                bits = 5
                random = (WORDS[: len(x)] >> np.uint64(32 - bits)).astype(np.int64)
                try:
                    with np.errstate(all="ignore"):
                        y = gfloat.round_ndarray(info, x, gfloat.RoundMode[gfloat_mode], saturate, random, bits)
                except (ValueError, AssertionError):
                    continue
                yield info.name, {"rounding": mode, "saturate": "saturate" if saturate else "overflow"}, y


def bitsandbytes_casts():
    """Not casts, but the values of its dynamic maps: the middles of equal intervals of [0.1, 1] in each decade."""
    import torch

    for name, density in (("dynamic8", 1), ("udynamic8", 2)):
        values = [0.0, 1.0]
        for i in range(7):
            bounds = torch.linspace(0.1, 1, density * 2**i + 1)
            middles = (10 ** (i - 6) * ((bounds[:-1] + bounds[1:]) / 2)).tolist()
            values += middles + ([-x for x in middles] if name == "dynamic8" else [])
        yield name, {}, np.array(sorted(values))


def torch_casts():
    import torch

    x = torch.from_numpy(X)
    for name in ("bfloat16", "float16", "float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz", "float8_e5m2fnuz"):
        yield name, {}, x.to(getattr(torch, name)).double().numpy()
    yield "float8_e8m0fnu", {}, x.to(torch.float8_e8m0fnu).float().double().numpy()
    for name in ("int8", "uint8"):
        yield name, {}, x.to(getattr(torch, name)).double().numpy()


def microxcaling_casts():
    import torch
    from mx.elemwise_ops import _quantize_elemwise

    modes = {"nearest": "nearest-away", "even": "nearest-even", "floor": "zero"}
    names = ("fp8_e5m2", "fp8_e4m3", "fp6_e3m2", "fp6_e2m3", "fp4_e2m1", "float16", "bfloat16", "int8", "int4", "int2")
    for name in names:
        for their_mode, mode in modes.items():
            for subnormals in (True, False):
                y = _quantize_elemwise(torch.from_numpy(X.copy()), name, round=their_mode, allow_denorm=subnormals)
                y = y.double().numpy() + (0.0 if name.startswith("int") else -0.0)
                yield name, {"rounding": mode, "subnormals": "keep" if subnormals else "flush"}, y


def unit_scaling_casts():
    import torch

    path = "unit-scaling/unit_scaling/formats.py"
    FPFormat = functions_of(path, torch=torch, Tensor=torch.Tensor, dataclass=dataclass, cast=cast, Tuple=tuple)["FPFormat"]

    x = torch.from_numpy(X.copy())
    x[x.isnan()] = torch.nan  # some payloads overflow into the sign bit there
    for exponent_bits, mantissa_bits in ((4, 3), (5, 2), (3, 4), (2, 1), (3, 2), (2, 3), (5, 10)):
        name = f"e{exponent_bits}m{mantissa_bits}"
        nearest = FPFormat(exponent_bits, mantissa_bits, rounding="nearest")
        yield name, {"rounding": "nearest-zero"}, nearest.quantise(x.clone()).double().numpy()
        bits = 23 - mantissa_bits
        words = torch.from_numpy((WORDS >> np.uint64(32 - bits)).astype(np.int32))
        torch.randint, randint = (lambda *_, **__: words), torch.randint
        y = FPFormat(exponent_bits, mantissa_bits, rounding="stochastic").quantise(x.clone())
        torch.randint = randint
        yield name, {"rounding": "stochastic-a"}, y.double().numpy()


def transformer_engine_casts():
    import torch

    path = "TransformerEngine/transformer_engine/pytorch/custom_recipes/reference_nvfp4.py"
    reference = functions_of(path, torch=torch)
    packed = reference["cast_to_fp4x2"](torch.from_numpy(X).reshape(-1, 2))
    y = reference["cast_from_fp4x2"](packed, torch.float32)
    yield "fp4_e2m1", {}, y.reshape(-1).double().numpy()


def chop_casts():
    from pychop.np.float_point import Chop_

    for name in ("q43", "q52", "half", "bfloat16"):
        for their_mode, mode in {1: "nearest-even", 2: "up", 3: "down", 4: "zero"}.items():
            with np.errstate(all="ignore"):
                yield name, {"rounding": mode}, Chop_(name, rmode=their_mode)(X.astype(np.float64))


def onnx_casts():
    import ml_dtypes

    helper = functions_of("onnx/onnx/numpy_helper.py", np=np, ml_dtypes=ml_dtypes)
    for name in ("e4m3fn", "e4m3fnuz", "e5m2", "e5m2fnuz"):
        dtype = np.dtype(getattr(ml_dtypes, f"float8_{name}"))
        with np.errstate(all="ignore"):
            yield f"float8{name}", {"saturate": "onnx"}, helper["saturate_cast"](X, dtype).astype(np.float64)
            yield f"float8{name}", {"saturate": "onnx-nonsaturating"}, X.astype(dtype).astype(np.float64)
    # For infinity and for subnormals of float32 the table differs from the code.
    finite = np.where(np.isinf(X) | ((X != 0) & (abs(X) < 2.0**-126)), np.float32(np.nan), X)
    y = helper["to_float8e8m0"](finite, saturate=True, round_mode="up")
    yield "float8e8m0", {"saturate": "onnx"}, y.astype(np.float64)
    for name in ("int4", "uint4"):
        with np.errstate(all="ignore"):
            yield name, {"saturate": "onnx"}, X.astype(getattr(ml_dtypes, name)).astype(np.float64)


LIBRARIES = {name[: -len("_casts")]: make for name, make in list(globals().items()) if name.endswith("_casts")}


def record(library, dump):
    digests = {}
    for name, options, y in LIBRARIES[library]():
        key = " ".join(str(value) for value in [name, *options.values()])
        digests[key] = digest(y)
        if dump:
            np.asarray(y, np.float64).tofile(os.path.join(dump, f"{library} {key}.f64"))
    path = os.path.join(FIXTURES, f"{library}.json.gz")
    with open(path, "wb") as file:
        file.write(gzip.compress(json.dumps(digests).encode(), 9, mtime=0))
    print(path, len(digests))


if __name__ == "__main__":
    arguments = sys.argv[1:]
    dump_folder = arguments.pop(arguments.index("--dump") + 1) if "--dump" in arguments else None
    for library_name in [argument for argument in arguments if argument != "--dump"]:
        record(library_name, dump_folder)
