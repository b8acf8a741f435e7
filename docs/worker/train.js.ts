import {bundleForBrowser} from "../../tools/site/bundle.js";

// One file for the worker of "Run it in this tab", with the WASM kernels inside.
process.stdout.write(await bundleForBrowser("src/training/browser-worker.ts", {minify: true}));
