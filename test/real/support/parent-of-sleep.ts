import { startChild } from './child.ts';

// Run by a test, which kills this process and looks whether the program that it started dies too.
const folder = process.argv[2];
if (folder === undefined) throw new Error('usage: node parent-of-sleep.ts FOLDER');
startChild(folder, '/bin/sh', ['-c', 'echo $$; exec sleep 600']);
