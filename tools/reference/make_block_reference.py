"""Block formats as other libraries compute them, for test/fixtures/blocks.

Run with the paths of checkouts of the libraries, and a Python that has torch:

    PYTHONPATH=ao:microxcaling:gfloat/src python make_block_reference.py TransformerEngine OUT

The input is made here and, by the same integers, in test/precision/block-inputs.ts. Everything that is recorded is in
one JSON file: arrays of bytes and of float32 as base64.
"""

import base64
import gzip
import importlib.util
import json
import sys
import types
from pathlib import Path

import numpy as np
import torch

ROWS, COLUMNS, TENSOR_ROWS = 512, 64, 16
ELEMENT_ROWS = 128  # for these rows the elements are recorded too

LARGEST = [448.0, 57344.0, 28.0, 7.5, 6.0, 1.984375]
EXPONENTS = [-149, -148, -140, -130, -127, -126, -125, -120, -100, -10, -1, 0, 1, 8, 15, 100, 119, 120, 121, 126, 127]


def integers(count: int, seed: int) -> np.ndarray:
    """A linear congruential generator, as unsigned words."""
    out, state = np.zeros(count, np.uint32), seed
    for i in range(count):
        state = (state * 1664525 + 1013904223) % 2**32
        out[i] = state
    return out


def special_magnitudes() -> list[float]:
    centers = [f * 2.0**k for f in LARGEST for k in (0, -3, 5)] + [2.0**k for k in EXPONENTS]
    centers = np.array(centers, np.float32)
    around = [np.nextafter(centers, np.float32(0)), centers, np.nextafter(centers, np.float32(np.inf))]
    middles = np.array([464, 480, 496, 7, 5, 61440, 30, 7.75, 29], np.float32)
    return [*np.concatenate([*around, middles]), np.float32(3.4028234663852886e38), 0.0, np.inf, np.nan, -np.inf]


def inputs() -> np.ndarray:
    words = integers(ROWS * COLUMNS, 1)
    x = (words / 2**31 - 1).astype(np.float32).reshape(-1, 16)
    sizes = integers(len(x), 2) >> 24
    exponents = np.where(sizes < 200, sizes % 41 - 20.0, sizes * 37 % 240 - 120.0)
    x = (x * 2.0 ** exponents[:, None]).astype(np.float32).reshape(-1, 32)
    # Special blocks stand at every third block of 32: an element of that magnitude, the others below half of it.
    for i, magnitude in enumerate(special_magnitudes()):
        block = x[3 * i]
        small = (words.reshape(-1, 32)[3 * i] / 2**31 - 1) / 2
        block[:] = np.float32(0) if not np.isfinite(magnitude) else (small * magnitude).astype(np.float32)
        block[(5 * i) % 32] = magnitude if i % 2 else -magnitude
    x = x.reshape(ROWS, COLUMNS)
    x[400:404] = 0
    x[400, 40] = 2.0**-149
    x[404, :16] = -0.0
    x[416:432] = 0  # a whole tensor
    x[432:448] = (x[432:448] / 2.0**60).astype(np.float32)
    x[448:464] = np.clip(x[448:464], -2.0, 2.0)
    x[464:480] = np.clip(x[464:480], -(2.0**-130), 2.0**-130)
    return x


def text(array: np.ndarray) -> str:
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


def torchao_mx(x: np.ndarray) -> dict:
    from torchao.prototype.mx_formats.config import ScaleCalculationMode
    from torchao.prototype.mx_formats.kernels import unpack_uint4
    from torchao.prototype.mx_formats.mx_tensor import to_mx

    elements = {
        "e4m3fn": torch.float8_e4m3fn,
        "e5m2": torch.float8_e5m2,
        "e3m2": "fp6_e3m2",
        "e2m3": "fp6_e2m3",
        "e2m1": torch.float4_e2m1fn_x2,
    }
    records = {}
    for name, dtype in elements.items():
        for mode in ("floor", "ceil", "even", "rceil"):
            scale, data = to_mx(torch.from_numpy(x), dtype, 32, ScaleCalculationMode[mode.upper()])
            data = data.view(torch.uint8)
            if name == "e2m1":
                data = unpack_uint4(data)
            record = {"scales": text(scale.view(torch.uint8).numpy())}
            if mode in ("floor", "rceil"):
                record["elements"] = text(data.numpy()[:ELEMENT_ROWS])
            records[f"{name} {mode}"] = record
    return records


def torchao_nvfp4(x: np.ndarray) -> dict:
    from torchao.prototype.mx_formats.kernels import unpack_uint4
    from torchao.prototype.mx_formats.nvfp4_tensor import nvfp4_quantize, per_tensor_amax_to_scale

    def record(run) -> dict:
        scales, elements, outer = [], [], []
        for tensor in torch.from_numpy(x).split(TENSOR_ROWS):
            scale, data, t = run(tensor.contiguous())
            scales.append(scale.view(torch.uint8).numpy())
            elements.append(unpack_uint4(data.view(torch.uint8)).numpy())
            outer.append(t)
        return {
            "scales": text(np.concatenate(scales)),
            "elements": text(np.concatenate(elements)[:ELEMENT_ROWS]),
            "outer": text(np.array(outer, np.float32)),
        }

    def two_level(tensor):
        t = per_tensor_amax_to_scale(tensor.abs().max())
        return *nvfp4_quantize(tensor, 16, t), float(t)

    return {
        "single": record(lambda tensor: (*nvfp4_quantize(tensor, 16), 1.0)),
        "two-level": record(two_level),
    }


def transformer_engine_nvfp4(x: np.ndarray, quantizer) -> dict:
    records = {}
    variants = {
        "1x16": {},
        "2d": {"tile_len_y": 16},
        "row": {"row_scaled_nvfp4": True},
        "four-over-six": {"nvfp4_use_4over6": True, "nvfp4_e4m3_max": 256},
        "four-over-six-mse": {
            "nvfp4_use_4over6": True,
            "nvfp4_e4m3_max": 256,
            "nvfp4_4over6_err_mode": "MSE",
        },
        "four-over-six,bound=448": {"nvfp4_use_4over6": True, "nvfp4_e4m3_max": 448},
        "four-over-six,2d": {"nvfp4_use_4over6": True, "nvfp4_e4m3_max": 256, "tile_len_y": 16},
        "four-over-six-mse,2d": {
            "nvfp4_use_4over6": True,
            "nvfp4_e4m3_max": 256,
            "nvfp4_4over6_err_mode": "MSE",
            "tile_len_y": 16,
        },
        "four-over-six,row": {"nvfp4_use_4over6": True, "nvfp4_e4m3_max": 256, "row_scaled_nvfp4": True},
    }
    for name, options in variants.items():
        scales, elements = [], []
        for tensor in torch.from_numpy(x).split(TENSOR_ROWS):
            tensor = tensor.contiguous()
            magnitudes = tensor.abs()
            amax = magnitudes.max(dim=1).values if "row" in name else magnitudes.max().view(1)
            data, scale = quantizer._quantize_blockwise_reference(
                tensor,
                amax,
                16,
                options.get("tile_len_y", 1),
                pow_2_scales=False,
                eps=0.0,
                **{key: value for key, value in options.items() if key != "tile_len_y"},
            )
            scales.append(scale.view(torch.uint8).numpy())
            packed = data.numpy()
            elements.append(np.stack([packed & 15, packed >> 4], -1).reshape(TENSOR_ROWS, COLUMNS))
        records[name] = {
            "scales": text(np.concatenate(scales)),
            "elements": text(np.concatenate(elements)[:ELEMENT_ROWS]),
        }
    return records


def load_quantizer(root: Path):
    """The reference quantizer of TransformerEngine without the package, which needs a GPU to import."""
    names = ["transformer_engine", "transformer_engine.pytorch", "transformer_engine.pytorch.custom_recipes"]
    leaves = ["custom_recipes.gemm", "custom_recipes.reference_utils", "quantized_tensor"]
    for name in [*names, *(f"transformer_engine.pytorch.{leaf}" for leaf in leaves)]:
        sys.modules[name] = types.ModuleType(name)
    recipes = sys.modules["transformer_engine.pytorch.custom_recipes"]
    recipes.gemm = sys.modules["transformer_engine.pytorch.custom_recipes.gemm"]
    recipes.gemm.MMParams = recipes.gemm.GEMMType = type("Stub", (), {"FPROP": 0})
    recipes.reference_utils = sys.modules["transformer_engine.pytorch.custom_recipes.reference_utils"]
    recipes.reference_utils.Fp4Formats = type("Fp4Formats", (), {"E2M1": 0})
    tensors = sys.modules["transformer_engine.pytorch.quantized_tensor"]
    tensors.QuantizedTensorStorage = tensors.Quantizer = type("Stub", (), {})
    return load(root / "transformer_engine/pytorch/custom_recipes/reference_nvfp4.py").NVFP4QuantizerRef


def load(path: Path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def transformer_engine_scales(root: Path) -> dict:
    """Encode and decode scales of a list of magnitudes, for current scaling and blocks of 128."""
    calculation = load(root / "tests/pytorch/references/quantize_scale_calc.py")
    # An infinite amax fails an assertion of the reference when powers of two are asked for.
    amaxes = torch.tensor([abs(m) for m in special_magnitudes() if np.isfinite(m)], dtype=torch.float32)
    records = {}
    for name, dtype in {"e4m3fn": torch.float8_e4m3fn, "e5m2": torch.float8_e5m2}.items():
        for power in (False, True):
            for epsilon in (0.0, 1e-4):
                scale, inverse, _ = calculation.scale_from_amax_tensor(
                    torch.float32, amaxes.clone(), dtype, eps=epsilon, pow_2_scales=power
                )
                key = f"{name} {'pow2' if power else 'fp32'} epsilon={epsilon:g}"
                records[key] = {"encode": text(scale.numpy()), "decode": text(inverse.numpy())}
    return {"amaxes": text(amaxes.numpy()), **records}


def microxcaling(x: np.ndarray) -> dict:
    from mx.mx_ops import _quantize_mx

    elements = {
        "e4m3fn": "fp8_e4m3",
        "e5m2": "fp8_e5m2",
        "e3m2": "fp6_e3m2",
        "e2m3": "fp6_e2m3",
        "e2m1": "fp4_e2m1",
        "mxint8": "int8",
    }
    # float64 input: its log2 is exact enough, and the defect of the float32 one does not show.
    return {
        f"{name} {rounding}": text(
            _quantize_mx(
                torch.from_numpy(x[:ELEMENT_ROWS]).double(), 8, label, axes=[1], block_size=32, round=rounding
            )
            .float()
            .numpy()
        )
        for name, label in elements.items()
        for rounding in ("even", "nearest", "floor")
    }


def gfloat_blocks(x: np.ndarray) -> dict:
    from gfloat.block import compute_scale_amax, quantize_block
    from gfloat.formats import format_info_mxfp4_e2m1, format_info_mxfp6_e2m3, format_info_mxfp8_e4m3

    records = {}
    blocks = [b for b in x[:ELEMENT_ROWS].reshape(-1, 32) if np.isfinite(b).all()]
    for name, info in {
        "e4m3fn": format_info_mxfp8_e4m3,
        "e2m3": format_info_mxfp6_e2m3,
        "e2m1": format_info_mxfp4_e2m1,
    }.items():
        values = [quantize_block(info, block.astype(np.float64), compute_scale_amax) for block in blocks]
        records[name] = text(np.array(values, np.float32))
    return records


def main() -> None:
    root, out = Path(sys.argv[1]), Path(sys.argv[2])
    x = inputs()
    records = {
        "torchao mx": torchao_mx(x),
        "torchao nvfp4": torchao_nvfp4(x),
        "TransformerEngine nvfp4": transformer_engine_nvfp4(x, load_quantizer(root)),
        "TransformerEngine scales": transformer_engine_scales(root),
        "microxcaling": microxcaling(x),
        "gfloat": gfloat_blocks(x),
        "input": text(np.bitwise_xor.reduce(x.view(np.uint32).reshape(-1, COLUMNS), 0)),
    }
    out.write_bytes(gzip.compress(json.dumps(records).encode(), 9, mtime=0))
    print(f"{out}: {out.stat().st_size} bytes")


main()
