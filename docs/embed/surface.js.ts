import {madeFiles} from "../../loaders/made-files.js";
import {bundleForBrowser} from "../../tools/site/bundle.js";

process.stdout.write(await bundleForBrowser(madeFiles["embed/surface.js"].module, {minify: true}));
