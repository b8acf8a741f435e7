import {bundleForBrowser} from "../../tools/site/bundle.js";

// One file for the worker of the page on laws, which fits and reads tables.
process.stdout.write(await bundleForBrowser("docs/components/law-worker.ts", {minify: true}));
