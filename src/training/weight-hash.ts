import {sha256} from "@noble/hashes/sha2.js";
import {bytesToHex} from "@noble/hashes/utils.js";

/** SHA-256 of the weights as little-endian float32; every NaN counts as the same one, since WASM leaves its bits open. */
export function weightHash(weights: Float32Array): string {
  const bytes = new Uint8Array(weights.length * 4);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < weights.length; i++) {
    if (Number.isNaN(weights[i])) view.setUint32(i * 4, 0x7fc00000, true);
    else view.setFloat32(i * 4, weights[i], true);
  }
  return bytesToHex(sha256(bytes));
}
