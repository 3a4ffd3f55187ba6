/** One instruction of a Dockerfile, its lines joined. */
export interface Instruction {
  /** In capitals: `FROM`, `COPY`. */
  readonly name: string;
  readonly value: string;
}

/** The instructions of a Dockerfile without heredocs, in their order. */
export function readDockerfile(text: string): Instruction[] {
  return text
    .split('\n')
    .filter((line) => !/^\s*#/.test(line))
    .join('\n')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, name, value] = /^(\w+)\s+(.*)$/.exec(line) ?? [];
      if (name === undefined || value === undefined) throw new Error(`no instruction: ${line}`);
      return { name: name.toUpperCase(), value };
    });
}

/** The variables that an image sets, of its last stage. */
export function imageEnvironment(instructions: readonly Instruction[]): Record<string, string> {
  const final = instructions.slice(instructions.findLastIndex(({ name }) => name === 'FROM'));
  const pairs = final
    .filter(({ name }) => name === 'ENV')
    .flatMap(({ value }) => value.split(/\s+/).map((pair) => pair.split('=') as [string, string]));
  return Object.fromEntries(pairs);
}
