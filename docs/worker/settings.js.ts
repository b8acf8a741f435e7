import {bundleForBrowser} from "../../tools/site/bundle.js";

// The settings' schema for the form of the lab, apart from its page, since zod is large where it is not shaken.
process.stdout.write(await bundleForBrowser("src/training/settings-form.ts", {minify: true}));
