import {bundleForBrowser} from "../../tools/site/bundle.js";

// The worker of fits in the page.
process.stdout.write(await bundleForBrowser("src/laws/fit-worker.ts", {minify: true}));
