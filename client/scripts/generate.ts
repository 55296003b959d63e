import { writeFileSync } from "node:fs";
import { currentDocument, wireFile, wireOf } from "./wire.ts";

writeFileSync(wireFile, await wireOf(await currentDocument()));
