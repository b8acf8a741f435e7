"""Records what the tensor cores of a Hopper GPU return, for comparison with the matrix units of src/precision/units.

Needs an H100 or H200, nvcc, and PyTorch with CUDA (recorded with PyTorch 2.11):

    nvcc -gencode arch=compute_90a,code=sm_90a -Xcompiler -fPIC -shared -o libinstructions.so \\
        tools/reference/tensor_core_instructions.cu
    python tools/reference/record_tensor_core.py ./libinstructions.so recordings.tar.gz --seed 77

The archive holds index.json, a list of cases, and the files that it names. A case has `m`, `k`, `n`, the row-major
codes `a` (m x k) and `b` (k x n) with their types and bytes per code (tf32 as float32 patterns), and `outputs`:
m x n little-endian float32 with the `instruction` (mma is mma.sync, cublaslt goes through torch._scaled_mm), the
`output` type (16-bit ones are widened) and the file `c` of the accumulator to start from, or null for zeros.

Operands are drawn in several kinds: normal; wide, every finite code alike; narrow, few exponents and all mantissas;
tiny, subnormal and smallest normal; middle, half of the exponents; positive; special, with infinities and NaN.
Accumulators: zero; normal; wide, exponents within 2^40 of 1; any, all exponents.
"""

import argparse
import ctypes
import io
import json
import tarfile

import numpy as np
import torch

# Exponent bits, mantissa bits, bytes of a code.
LAYOUTS = {"e4m3": (4, 3, 1), "e5m2": (5, 2, 1), "fp16": (5, 10, 2), "bf16": (8, 7, 2), "tf32": (8, 10, 4)}
TORCH_TYPES = {
    "e4m3": torch.float8_e4m3fn,
    "e5m2": torch.float8_e5m2,
    "fp16": torch.float16,
    "bf16": torch.bfloat16,
}
# The numbers by which tensor_core_instructions.cu knows its operations.
PAIRS = ["e4m3xe4m3", "e5m2xe4m3", "e4m3xe5m2", "e5m2xe5m2", "fp16xfp16", "bf16xbf16", "tf32xtf32"]
FIRST_OPERATION = {("mma", "fp32"): 0, ("mma", "fp16"): 10, ("wgmma", "fp32"): 20, ("wgmma", "fp16"): 30}
HALF_PAIRS = ["e4m3xe4m3", "e5m2xe4m3", "e5m2xe5m2", "fp16xfp16"]
KINDS = ["normal", "wide", "narrow", "tiny", "middle", "positive", "special"]
ACCUMULATORS = ["zero", "normal", "wide", "any"]
M, N = 64, 32


class Recorder:
    def __init__(self, library: str, archive: str, seed: int):
        self.library = ctypes.CDLL(library)
        self.random = np.random.default_rng(seed)
        self.archive = tarfile.open(archive, "w:gz")
        self.index: list[dict] = []

    def put(self, name: str, data) -> str:
        content = data if isinstance(data, bytes) else np.ascontiguousarray(data).tobytes()
        member = tarfile.TarInfo(name)
        member.size = len(content)
        self.archive.addfile(member, io.BytesIO(content))
        return name

    def finish(self) -> None:
        self.put("index.json", json.dumps(self.index).encode())
        self.archive.close()
        outputs = sum(len(case["outputs"]) for case in self.index)
        print(f"{torch.cuda.get_device_name(0)}: {len(self.index)} cases, {outputs} outputs")

    def case(self, name: str, pair: str, kind: str, m: int, k: int, n: int) -> dict:
        """A case with operands and no outputs yet; `codes` holds the operands on the way."""
        a_type, b_type = pair.split("x")
        a, b = self.operand(a_type, (m, k), kind), self.operand(b_type, (k, n), kind)
        case = {
            "name": name,
            "gpu": torch.cuda.get_device_name(0),
            **{"m": m, "k": k, "n": n, "aType": a_type, "bType": b_type, "codeBytes": LAYOUTS[a_type][2]},
            **{"a": self.put(f"{name}.a.bin", a), "b": self.put(f"{name}.b.bin", b), "outputs": []},
        }
        self.index.append(case)
        self.codes = (a, b)
        return case

    def operand(self, name: str, shape: tuple[int, int], kind: str) -> np.ndarray:
        exponent_bits, mantissa_bits, size = LAYOUTS[name]
        count = shape[0] * shape[1]
        bias = 2 ** (exponent_bits - 1) - 1

        def exponents(low: int, high: int) -> np.ndarray:
            fields = self.random.integers(low, high, count) << mantissa_bits
            signs = self.random.integers(0, 2, count) << (exponent_bits + mantissa_bits)
            return signs | fields | self.random.integers(0, 1 << mantissa_bits, count)

        if kind in ("normal", "positive", "special"):
            values = self.random.standard_normal(count).astype(np.float32)
            codes = encode(name, np.abs(values) if kind == "positive" else values)
            if kind == "special":
                codes = np.where(self.random.random(count) < 1 / (3 * shape[1]), self.specials(name, count), codes)
        elif kind == "wide":
            codes = self.random.integers(0, 1 << (1 + exponent_bits + mantissa_bits), 4 * count)
            codes = codes[is_finite(name, codes)][:count]
        elif kind == "narrow":
            codes = exponents(bias - 3, bias + 3)
        elif kind == "tiny":
            codes = exponents(0, 3)
        else:
            codes = exponents(bias // 2, bias + bias // 2)
        if name == "tf32":
            codes = codes << 13
        return codes.astype({1: np.uint8, 2: np.uint16, 4: np.uint32}[size]).reshape(shape)

    def specials(self, name: str, count: int) -> np.ndarray:
        exponent_bits, mantissa_bits, _ = LAYOUTS[name]
        top = ((1 << exponent_bits) - 1) << mantissa_bits
        nan = top | ((1 << mantissa_bits) - 1)
        infinity = nan if name == "e4m3" else top
        signs = self.random.integers(0, 2, count) << (exponent_bits + mantissa_bits)
        return signs | self.random.choice([nan, infinity, infinity], count)

    def accumulator(self, kind: str, is_half: bool) -> np.ndarray:
        count = M * N
        if kind == "zero":
            return np.zeros((M, N), np.float32)
        if kind == "normal":
            values = (self.random.standard_normal(count) * self.random.choice([0.01, 1, 30], count)).astype(np.float32)
        else:
            low, high = {"wide": (107, 141) if is_half else (87, 167), "any": (0, 255)}[kind]
            fields = self.random.integers(low, high, count) << 23
            bits = (self.random.integers(0, 2, count) << 31) | fields | self.random.integers(0, 1 << 23, count)
            values = bits.astype(np.uint32).view(np.float32)
        if is_half:
            with np.errstate(over="ignore"):
                values = values.astype(np.float16).astype(np.float32)
            values[~np.isfinite(values)] = 1.5
        return values.reshape(M, N)

    def record_instructions(self, pair: str, kind: str, k: int) -> None:
        case = self.case(f"{pair}-{kind}-k{k}", pair, kind, M, k, N)
        a, b = (on_device(codes) for codes in self.codes)
        for start in ACCUMULATORS if k == 32 else ["zero"]:
            for output in ("fp32", "fp16"):
                if output == "fp16" and pair not in HALF_PAIRS:
                    continue
                values = self.accumulator(start, output == "fp16")
                c = None if start == "zero" else self.put(f"{case['name']}.c-{start}-{output}.f32", values)
                for instruction in ("mma", "wgmma"):
                    operation = FIRST_OPERATION[instruction, output] + PAIRS.index(pair)
                    result = self.run(operation, a, b, torch.from_numpy(values).cuda(), k)
                    file = self.put(f"{case['name']}.{start}.{instruction}-{output}.f32", result)
                    case["outputs"].append({"file": file, "instruction": instruction, "output": output, "c": c})

    def run(self, operation: int, a, b, c, k: int) -> np.ndarray:
        d = torch.empty(M, N, device="cuda")
        pointers = [ctypes.c_void_p(tensor.data_ptr()) for tensor in (a, b, c, d)]
        status = self.library.run(operation, *pointers, M, N, k)
        if status:
            raise RuntimeError(f"operation {operation} returned {status}")
        return d.cpu().numpy()

    def record_cublaslt(self, pair: str, kind: str, m: int, k: int, n: int) -> None:
        case = self.case(f"cublaslt-{pair}-{kind}-{m}x{k}x{n}", pair, kind, m, k, n)
        a = torch.from_numpy(self.codes[0]).cuda().view(TORCH_TYPES[case["aType"]])
        b = torch.from_numpy(np.ascontiguousarray(self.codes[1].T)).cuda().view(TORCH_TYPES[case["bType"]]).t()
        one = torch.ones((), device="cuda")
        for is_fast in (False, True):
            for output, dtype in (("fp32", torch.float32), ("bf16", torch.bfloat16), ("fp16", torch.float16)):
                result = torch._scaled_mm(
                    a, b, scale_a=one, scale_b=one, out_dtype=dtype, use_fast_accum=is_fast
                )
                instruction = "cublaslt-fast" if is_fast else "cublaslt"
                file = self.put(f"{case['name']}.{instruction}-{output}.f32", result.float().cpu().numpy())
                case["outputs"].append({"file": file, "instruction": instruction, "output": output, "c": None})


def encode(name: str, values: np.ndarray) -> np.ndarray:
    if name == "tf32":
        bits = values.view(np.uint32).astype(np.int64)
        return ((bits + 0xFFF + ((bits >> 13) & 1)) >> 13) & 0x7FFFF
    exponent_bits, mantissa_bits, size = LAYOUTS[name]
    codes = torch.from_numpy(values).to(TORCH_TYPES[name]).view(torch.uint8 if size == 1 else torch.int16)
    return codes.numpy().astype(np.int64) & ((1 << (1 + exponent_bits + mantissa_bits)) - 1)


def is_finite(name: str, codes: np.ndarray) -> np.ndarray:
    exponent_bits, mantissa_bits, _ = LAYOUTS[name]
    magnitudes = codes & ((1 << (exponent_bits + mantissa_bits)) - 1)
    if name == "e4m3":
        return magnitudes != 0x7F
    return magnitudes >> mantissa_bits != (1 << exponent_bits) - 1


def on_device(codes: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(np.ascontiguousarray(codes).view(np.uint8).copy()).cuda()


def main() -> None:
    arguments = argparse.ArgumentParser(description="Records what the tensor cores of this GPU return.")
    arguments.add_argument("library")
    arguments.add_argument("archive")
    arguments.add_argument("--seed", type=int, default=77)
    given = arguments.parse_args()
    recorder = Recorder(given.library, given.archive, given.seed)
    for pair in PAIRS:
        for kind in KINDS:
            for k in [1024] if kind == "positive" else [32, 96]:
                recorder.record_instructions(pair, kind, k)
    for pair in ("e4m3xe4m3", "e5m2xe4m3", "e4m3xe5m2"):
        for kind in ("normal", "wide", "middle", "positive"):
            for m, k, n in ((64, 48, 32), (64, 160, 32), (32, 1040, 16), (16, 4096, 16)):
                recorder.record_cublaslt(pair, kind, m, k, n)
    for pair, kind, m, k, n in (("e4m3xe4m3", "normal", 256, 4096, 512), ("e5m2xe4m3", "wide", 256, 1024, 256)):
        recorder.record_cublaslt(pair, kind, m, k, n)
    recorder.finish()


if __name__ == "__main__":
    main()
