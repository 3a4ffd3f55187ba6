#!/usr/bin/env node
// Plain JavaScript that any Node can read, so that an old one gets a sentence instead of a syntax error.
import { existsSync } from 'node:fs';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(`logferry needs Node 22.18 or newer, found ${process.versions.node}.`);
  process.exit(2);
}
// In the checkout Node runs the sources; the published package has only the bundle, for Node strips no types in node_modules.
const source = new URL('../workloads/cli.ts', import.meta.url);
await import(existsSync(source) ? source.href : new URL('../dist/cli.js', import.meta.url).href);
