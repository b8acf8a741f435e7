#!/usr/bin/env node
import {prepare} from "../../tools/prepare.js";

await prepare();
// A computed address keeps the type checker out of the bundle.
await import(new URL("../../build/cli.js", import.meta.url).href);
