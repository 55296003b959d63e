// Loaded into a server before it starts: it tells the bench what the process has used so far, and ends with the bench. In plain JavaScript,
// so that the translator of TypeScript is not in the memory that is measured.

if (process.send !== undefined) {
  process.on("disconnect", () => process.exit(0));
  process.on("message", () => {
    const { user, system } = process.cpuUsage();
    process.send?.({ rssBytes: process.memoryUsage.rss(), cpuMicroseconds: user + system });
  });
}
