"""Packs recordings of matrix units into test/fixtures/tensor-core/*.bin.gz (see load.ts beside them).

    python tensor_core_fixtures.py h200 INDEX.json OUT [ROWS COLUMNS]   recordings of whole matrices, cropped
    python tensor_core_fixtures.py published MODEL_VALIDATION OUT ROWS  the MATLAB-tensor-core project's data

A bundle is a gzipped file: the length of a JSON header (4 bytes, little-endian), the header, then the arrays it points
to by offset and length, each with the first bytes of all its elements before the second bytes and so on.
"""
import gzip, json, pathlib, struct, sys
import numpy as np

BYTES = {"e4m3": 1, "e5m2": 1, "fp16": 2, "bf16": 2, "tf32": 4}
blobs, places = bytearray(), {}


def put(array):
    """Stores an array once; returns where."""
    array = np.ascontiguousarray(array)
    data = array.reshape(-1).view(np.uint8).reshape(-1, array.itemsize).T.tobytes()
    key = (data, array.itemsize)
    if key not in places:
        places[key] = {"offset": len(blobs), "length": array.size, "bytes": array.itemsize}
        blobs.extend(data)
    return places[key]


def write(path, cases):
    header = json.dumps(cases, separators=(",", ":")).encode()
    pathlib.Path(path).write_bytes(gzip.compress(struct.pack("<I", len(header)) + header + bytes(blobs), 9, mtime=0))


def unit_of(output):
    """Unit, output format and promotion interval (None for the unit's own) of a recorded output."""
    if "instruction" in output:
        unit = {"mma": "h100-mma", "wgmma": "h100-wgmma"}.get(output["instruction"], "h100-" + output["instruction"])
        form = {"float32": "fp32", "float16": "fp16", "bfloat16": "bf16"}.get(output["output"], output["output"])
        return unit, form, None
    text = output["unit"]
    if text.startswith("cublasLt"):
        form = "bf16" if "bfloat16 output" in text else "fp16" if "float16 output" in text else "fp32"
        return "h100-cublaslt" + ("-fast" if ", fast" in text else ""), form, None
    return "h100-wgmma", "fp32", 32 if "every 32" in text or "outside the unit" in text else None


def crop(path, dtype, rows, columns, keep_rows, keep_columns):
    return np.fromfile(path, dtype).reshape(rows, columns)[:keep_rows, :keep_columns]


def h200(index, out, keep_m=10**9, keep_n=10**9):
    folder, cases = pathlib.Path(index).parent, []
    for case in json.loads(pathlib.Path(index).read_text()):
        m, k, n, width = case["m"], case["k"], case["n"], f"u{case['codeBytes']}"
        keep = (min(m, keep_m), min(n, keep_n))
        results = []
        for output in case["outputs"]:
            unit, form, promotion = unit_of(output)
            c = output.get("c")
            c = None if c in (None, "c0") else case["c1"] if c == "c1" else c
            results.append({
                "unit": unit, "output": form, **({"promotion": promotion} if promotion else {}),
                **({"c": put(crop(folder / c, "u4", m, n, *keep))} if c else {}),
                "result": put(crop(folder / output["file"], "u4", m, n, *keep)),
            })
        cases.append({
            "name": case["name"], "gpu": case.get("gpu", "NVIDIA H200"), "m": keep[0], "k": k, "n": keep[1],
            "aType": case["aType"], "a": put(crop(folder / case["a"], width, m, k, keep[0], k)),
            "bType": case["bType"], "b": put(crop(folder / case["b"], width, k, n, k, keep[1])), "results": results,
        })
    write(out, cases)


def words(path, base, rows):
    lines = pathlib.Path(path).read_text().strip().split("\n")[:rows]
    return np.array([[int(word, base) for word in line.split()] for line in lines], np.uint32)


def codes(values, form):
    """The codes of float32 bit patterns that lie on the format's grid."""
    if form == "tf32":
        return values
    if form == "bf16":
        return (values >> 16).astype(np.uint16)
    if form == "fp16":
        return values.view(np.float32).astype(np.float16).view(np.uint16)
    import ml_dtypes
    target = ml_dtypes.float8_e4m3fn if form == "e4m3" else ml_dtypes.float8_e5m2
    return values.view(np.float32).astype(target).view(np.uint8)


def published(folder, out, rows):
    units = {"V100": "v100-mma", "A100": "a100-mma", "A2": "a100-mma", "Ada": "ada-mma", "L40S": "ada-mma", "B200": "b200-mma"}
    cases = []
    for gpu in ["V100", "A100", "A2", "Ada", "L40S", "H100", "H200", "B200"]:
        for place in sorted((pathlib.Path(folder) / gpu).iterdir()):
            form = place.name.lower()
            a, b = (words(place / f"{x}_{gpu}_{place.name}.txt", 16, rows) for x in "ab")
            c = words(place / f"c_{gpu}_fp32.txt", 2, rows)
            results = []
            for output in ["fp32", "fp16"]:
                file = place / f"d_{gpu}_{output}.txt"
                if not file.exists():
                    continue
                hopper = "h100-wgmma" if BYTES[form] == 1 and output == "fp32" else "h100-mma"
                # FP8 with fp32 results was recorded through wgmma, from zero.
                is_from_zero = gpu in ("H100", "H200") and hopper == "h100-wgmma"
                results.append({
                    "unit": units.get(gpu, hopper), "output": output, **({} if is_from_zero else {"c": put(c)}),
                    "result": put(words(file, 2, rows)),
                })
            cases.append({
                "name": f"{gpu} {form}", "gpu": gpu, "rows": len(a), "k": a.shape[1],
                "aType": form, "a": put(codes(a, form)), "bType": form, "b": put(codes(b, form)), "results": results,
            })
    write(out, cases)


if __name__ == "__main__":
    kind, source, out, *sizes = sys.argv[1:]
    {"h200": h200, "published": published}[kind](source, out, *map(int, sizes))
