#!/usr/bin/env node
import {prepare} from "../../tools/prepare.js";

await prepare();
// @ts-expect-error: made by prepare()
await import("../../build/cli.js");
