import { fileURLToPath } from "node:url";

/** Files that lie beside the code. They are found alike from the sources and from the bundle: this file stands at the top of both. */

/** The package's own description. */
export const packageFile = new URL("../package.json", import.meta.url);

/** The pages of console and portal, once they are built. */
export const consoleFolder = fileURLToPath(new URL("../../console/dist", import.meta.url));

/** The stand-alone verifier, which goes out with every evidence bundle. */
export const verifierFile = new URL("./engine/audit/verifier.mjs", import.meta.url);
