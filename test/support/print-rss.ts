/** Preloaded into a child process: tells, at its end, the most memory that it ever held. */
process.on('exit', () => {
  process.stderr.write(`maxRSS ${process.resourceUsage().maxRSS}\n`);
});
