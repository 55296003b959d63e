// What the server runs with so that its memory stays small. Also for old Node.js: nothing newer than 18 in here.

/**
 * A small young generation, but one that holds what a request makes until its commit is through: in a smaller one much of it would grow
 * old. Some does all the same, and V8 would let the heap grow fourfold before it looks, with the native memory that hangs on it;
 * with half as much again, looking costs next to nothing (with a quarter it showed in the slowest answers). One helper thread instead of
 * four: each keeps memory of its own, and the writer thread wants a processor, too. What starting took is given back once
 * (`expose-gc`, `giveMemoryBack`).
 */
export const serverFlags = [
  "--max-semi-space-size=8",
  "--heap-growing-percent=50",
  "--v8-pool-size=1",
  "--expose-gc",
];

/**
 * For the C library (glibc reads this when the process starts). One heap instead of one per thread: each keeps what it once had. And the
 * segments of 32 KiB in which V8 compiles, 20 MB together for a moment, lie outside that heap, so that they are given back.
 */
export const serverEnvironment = { MALLOC_ARENA_MAX: "1", MALLOC_MMAP_THRESHOLD_: "32768" };

/** Options of `serve` that take a value, which stands behind them or after a `=`. */
export const valuedOptions = ["--port", "--data", "--config"];

/** What is answered instead of running a command. */
const questions = ["--help", "-h", "--version", "-V"];

/**
 * Whether these arguments run the server: `serve`, or no command at all. Other commands are short-lived.
 * @param {readonly string[]} commandLine
 */
export function runsServer(commandLine) {
  if (commandLine.some((one) => questions.includes(one))) return false;
  const command = commandLine.find((one, index) => {
    return !one.startsWith("-") && !valuedOptions.includes(commandLine[index - 1] ?? "");
  });
  return command === undefined || command === "serve";
}
