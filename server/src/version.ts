import { readFileSync } from "node:fs";
import { packageFile } from "./files.ts";

/** Version of this build, from package.json. */
export const version: string = JSON.parse(readFileSync(packageFile, "utf8")).version;
