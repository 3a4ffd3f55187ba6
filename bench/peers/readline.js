import { createReadStream, createWriteStream, mkdirSync } from 'node:fs';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { createGunzip, createGzip } from 'node:zlib';

// The classification as it is written first: node readline.js <file> <folder>. A file that ends in .gz gives files that do.

const [, , file, folder] = process.argv;
const packed = file.endsWith('.gz');
mkdirSync(folder);
const outputs = new Map();

function outputOf(type) {
  const stream = createWriteStream(`${folder}/${type}.ndjson${packed ? '.gz' : ''}`);
  if (!packed) return stream;
  const gzip = createGzip();
  gzip.pipe(stream);
  return gzip;
}

const input = createReadStream(file);
const lines = createInterface({ input: packed ? input.pipe(createGunzip()) : input, crlfDelay: Infinity });
lines.on('line', (line) => {
  const row = JSON.parse(line);
  let output = outputs.get(row.log_type);
  if (output === undefined) outputs.set(row.log_type, (output = outputOf(row.log_type)));
  output.write(`${JSON.stringify(row)}\n`);
});
lines.on('close', () => {
  for (const output of outputs.values()) output.end();
});
