#!/usr/bin/env node
import {prepare} from "../../tools/prepare.js";

await prepare();
// @ts-ignore: made by prepare()
await import("../../build/cli.js");
