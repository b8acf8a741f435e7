// Loaded before Framework's build. Framework writes the modification times of files into pages and hashes; one fixed
// date for all of them makes two builds of the same sources equal byte for byte, on any machine.
// @ts-expect-error: Framework ships no types
import {setCurrentDate} from "../../node_modules/@observablehq/framework/dist/config.js";

setCurrentDate(new Date(0));
