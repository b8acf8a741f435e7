"""Records what libraries make of the inputs of cast_inputs.py, as digests, in test/fixtures/libraries.

    python make_library_casts.py ml_dtypes gfloat          # needs numpy, ml_dtypes, gfloat
    python make_library_casts.py torch microxcaling ...     # needs torch and the libraries' sources in PYTHONPATH

With --dump FOLDER it writes the values themselves there too, to find differences.
"""

import gzip
import json
import os
import sys

import numpy as np

sys.path.insert(0, os.path.dirname(__file__))
from cast_inputs import digest, inputs, random_words  # noqa: E402

X = inputs()
WORDS = random_words(len(X))
FIXTURES = os.path.join(os.path.dirname(__file__), "../../test/fixtures/libraries")


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
