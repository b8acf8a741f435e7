import {writeChart} from "../../loaders/write-chart.js";
import {lightPalette} from "../components/palette.js";

await writeChart("charts/variance.svg", "varianceChart", lightPalette);
