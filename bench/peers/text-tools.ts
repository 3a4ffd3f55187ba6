import { fileType } from '../equality/read-output.ts';
import { shellWord, versionOf, type Classifier, type Missing, type Tool } from './tool.ts';

/** Fails as a whole where any part of it does. */
const pipeline = (text: string): readonly [string, ...string[]] => ['bash', '-o', 'pipefail', '-c', text];

/** Awk takes a type and a row in turns, and keeps a file open for each type. */
const AWK = 'NR % 2 { file = folder "/" $0 ".ndjson"; next } { print > file }';

/** What people write first: jq names the type and prints the row, awk puts rows into files. jq parses rows and spells them anew. */
export function jqAndAwk(file: string, awk: 'mawk' | 'gawk'): Classifier | Missing {
  const jq = versionOf('jq', '--version');
  const awkVersion = awk === 'mawk' ? versionOf('mawk', '-W', 'version') : versionOf('gawk', '--version');
  const name = `jq + ${awk}`;
  if (jq === undefined || awkVersion === undefined)
    return { name, install: `apt-get install jq ${awk}, or brew install jq ${awk}` };
  return {
    name,
    version: `${jq}, ${awkVersion}`,
    typeOf: fileType,
    spelling: 'canonical',
    command: (output) => ({
      argv: pipeline(
        `mkdir ${shellWord(output)} && jq -rc '.log_type, .' ${shellWord(file)} | ${awk} -v folder=${shellWord(output)} '${AWK}'`,
      ),
    }),
  };
}

/** Reading and writing the same gzip bytes, and nothing else: what a codec in C takes for it. */
export function gzipAlone(files: readonly string[], level: number): Tool | Missing {
  const version = versionOf('gzip', '--version');
  if (version === undefined) return { name: 'gzip', install: 'apt-get install gzip' };
  return {
    name: `gzip -dc | gzip -${level}`,
    version,
    command: (output) => ({
      argv: pipeline(
        `mkdir ${shellWord(output)} && gzip -dc ${files.map(shellWord).join(' ')} | gzip -${level} > ${shellWord(`${output}/all.ndjson.gz`)}`,
      ),
    }),
  };
}
