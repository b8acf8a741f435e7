/** Hash of the WASM module and of the TypeScript that drives it; part of the identity of every run. */
export const engineId: string;
/** The compiled kernels of `assembly/`. */
export const wasmBase64: string;
