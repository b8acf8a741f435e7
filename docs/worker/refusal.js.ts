import {bundleForBrowser} from "../../tools/site/bundle.js";

// Apart from the worker that trains: what decides the bits of a run is that one alone.
process.stdout.write(await bundleForBrowser("src/training/refusal-worker.ts", {minify: true}));
