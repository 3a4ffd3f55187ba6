import { fileType } from '../equality/read-output.ts';
import { script } from './duckdb.ts';
import { versionOf, type Classifier, type Missing } from './tool.ts';

/** The page of Node that everybody would write: readline, JSON.parse, JSON.stringify, a stream a type. */
export function plainNode(file: string): Classifier {
  return {
    name: 'readline + JSON.parse',
    version: `Node ${process.versions.node}`,
    typeOf: fileType,
    spelling: 'canonical',
    command: (output) => ({ argv: [process.execPath, script('readline.js'), file, output] }),
  };
}

/** The page of Python that everybody would write. */
export function plainPython(file: string): Classifier | Missing {
  const version = versionOf('python3', '--version');
  if (version === undefined)
    return { name: 'Python', install: 'apt-get install python3, or brew install python' };
  return {
    name: 'a page of Python',
    version,
    typeOf: fileType,
    // It writes the line that it read.
    spelling: 'raw',
    command: (output) => ({ argv: ['python3', script('split.py'), file, output] }),
  };
}
