import {writeChart} from "../../loaders/write-chart.js";
import {darkPalette} from "../components/palette.js";

await writeChart("charts/variance-dark.svg", "varianceChart", darkPalette);
