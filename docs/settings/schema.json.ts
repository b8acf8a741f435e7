import schema from "../../data/settings/schema.json" with {type: "json"};
import {writeJson} from "../../loaders/write-output.js";

writeJson(schema);
