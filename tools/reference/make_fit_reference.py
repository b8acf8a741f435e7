"""Optima of fits by SciPy, for test/laws/fit-reference.test.ts: the replication's runs, and synthetic ones of the precision law.

    python tools/reference/make_fit_reference.py > test/fixtures/laws/fits.json

Each is minimized by L-BFGS-B and then by Nelder-Mead, again and again from where the last one ended, until nothing
changes: another way than that of src/laws, on the same objective. Needs numpy and scipy.
"""

import csv
import json
import sys
from pathlib import Path

import numpy as np
import scipy
from scipy.optimize import minimize
from scipy.special import logsumexp

DELTA = 1e-3
root = Path(__file__).resolve().parents[2]


def huber(residuals):
    size = np.abs(residuals)
    return np.where(size <= DELTA, residuals**2 / 2, DELTA * (size - DELTA / 2)).sum()


def best(objective, start, scale):
    """Restarted until a whole round gains less than a part in 1e12."""
    point, value = np.array(start), objective(np.array(start))
    while True:
        before = value
        for method, options in (
            ("L-BFGS-B", {"maxiter": 5000, "maxfun": 100000, "ftol": 1e-15, "gtol": 1e-14}),
            (
                "Nelder-Mead",
                {"maxiter": 40000, "maxfev": 40000, "xatol": 1e-10, "fatol": 1e-17, "adaptive": True},
            ),
        ):
            if method == "Nelder-Mead":
                options["initial_simplex"] = np.vstack([point, point + np.diag(scale)])
            found = minimize(objective, point, method=method, options=options)
            if found.fun < value:
                point, value = found.x, found.fun
        if before - value <= 1e-12 * value:
            return point, value


def replication():
    with open(root / "data/tables/chinchilla-replication.csv") as file:
        rows = [[float(row[key]) for key in ("Model Size", "Training FLOP", "loss")] for row in csv.DictReader(file)]
    rows = sorted(rows, key=lambda row: row[2])[:-5]
    size, compute, loss = np.array(rows).T
    log_n, log_d, log_loss = np.log(size), np.log(compute / (6 * size)), np.log(loss)

    def objective(point):
        a, b, e, alpha, beta = point
        terms = [a - alpha * log_n, b - beta * log_d, np.full_like(log_n, e)]
        return huber(logsumexp(terms, axis=0) - log_loss)

    published = [np.log(482.00572), np.log(2085.4342), np.log(1.81686), 0.34781, 0.36585]
    point, value = best(objective, published, [0.1, 0.1, 0.01, 0.01, 0.01])
    a, b, e, alpha, beta = point
    return {
        "law": "chinchilla",
        "objective": value,
        "publishedObjective": objective(np.array(published)),
        "constants": {"A": np.exp(a), "B": np.exp(b), "E": np.exp(e), "alpha": alpha, "beta": beta},
    }


def precision():
    """Weights alone rounded; alpha = beta as in the paper."""
    random = np.random.default_rng(7)
    truth = {"A": 4299, "B": 18060, "E": 2.7648, "alpha": 0.4965, "gamma_w": 2.6745, "n_w": 0.3037}
    runs = [
        (n, d, bits)
        for n in (30e6, 60e6, 110e6, 220e6)
        for d in (1.5e9, 3e9, 6e9, 13e9, 26e9)
        for bits in (3, 4, 5, 6, 8, 12, np.inf)
    ]
    n, d, bits = np.array(runs).T

    def losses(a_, b_, e_, alpha, gamma, offset):
        with np.errstate(all="ignore"):
            effective = n * (1 - np.exp(offset - bits / gamma))
            return a_ * effective**-alpha + b_ * d**-alpha + e_

    noise = 0.004 * random.standard_normal(len(runs))
    noise += np.where(random.random(len(runs)) < 0.06, 0.2 * random.random(len(runs)), 0)
    measured = np.array([float(f"{loss:.6f}") for loss in losses(*truth.values()) * np.exp(noise)])

    def objective(point):
        a, b, e, alpha, gamma, offset = point
        predicted = losses(np.exp(a), np.exp(b), np.exp(e), alpha, np.exp(gamma), offset)
        if not np.all(predicted > 0):
            return np.inf
        return huber(np.log(predicted) - np.log(measured))

    start = [np.log(4299), np.log(18060), np.log(2.7648), 0.4965, np.log(2.6745), 0.3037]
    point, value = best(objective, start, [0.1, 0.1, 0.01, 0.01, 0.05, 0.05])
    a, b, e, alpha, gamma, offset = point
    return {
        "law": "precision",
        "runs": [[n, d, None if np.isinf(bits) else bits] for n, d, bits in runs],
        "losses": measured.tolist(),
        "objective": value,
        "constants": {
            **{"A": np.exp(a), "B": np.exp(b), "E": np.exp(e), "alpha": alpha, "beta": alpha},
            **{"gamma_w": np.exp(gamma), "n_w": offset},
        },
    }


made = f"SciPy {scipy.__version__}, NumPy {np.__version__}: L-BFGS-B and Nelder-Mead in turn"
json.dump({"made": made, "chinchilla": replication(), "precision": precision()}, sys.stdout)
print()
