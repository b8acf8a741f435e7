"""Inputs on which libraries and our casts are compared; test/formats/library-inputs.ts makes the same ones."""

import hashlib

import numpy as np

STEPS_AROUND_POWERS = [-16, -2, -1, 0, 1, 2, 16]


def inputs():
    """Float32 values: all fractions of 7 bits near 1, every power of two, random patterns, and the special ones."""
    bits = []
    for exponent in range(127 - 12, 127 + 13):
        for fraction in range(128):
            for step in (-1, 0, 1):
                bits.append((exponent << 23) + (fraction << 16) + step)
    for exponent in range(0, 255):
        for step in STEPS_AROUND_POWERS:
            bits.append(max(0, (exponent << 23) + step))
        for quarter in (1, 2, 3):
            for step in (-1, 0, 1):
                bits.append((exponent << 23) + (quarter << 21) + step)
    bits += [1, 2, 3, 5, 0x3FFFFF, 0x400000, 0x400001, 0x7FFFFF, 0x7F7FFFFF, 0x7F800000, 0x7F800001, 0x7FC00000, 0x7FFFFFFF]
    word = 1
    for _ in range(2048):
        word = (word * 1664525 + 1013904223) % 2**32
        bits.append(word & 0x7FFFFFFF)
    positive = np.array(bits, dtype=np.uint32)
    return np.concatenate([positive, positive | np.uint32(0x80000000)]).view(np.float32)


def random_words(count):
    """One 32-bit word for each input."""
    index = np.arange(count, dtype=np.uint64)
    return ((index * np.uint64(0x9E3779B9) + np.uint64(0x7F4A7C15)) % np.uint64(2**32)).astype(np.uint64)


def digest(values):
    """Of doubles, with one NaN for all."""
    values = np.array(values, dtype=np.float64)
    values[np.isnan(values)] = np.nan
    bits = values.view(np.uint64).copy()
    bits[np.isnan(values)] = 0x7FF8000000000000
    return hashlib.sha256(bits.astype("<u8").tobytes()).hexdigest()[:10]
