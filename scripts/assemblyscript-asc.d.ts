/**
 * What `kernels.ts` calls of `assemblyscript/asc`. tsconfig.json takes this in place of the package's own types, which
 * declare AssemblyScript's `Array`, `String` and the like for the whole program: with them `[].at(-1)` is never undefined
 * in any file of logferry, and neither the compiler nor the linter would ask for the check.
 */
interface OutputStream {
  write(chunk: Uint8Array | string): void;
}

interface Asc {
  /**
   * Compiles as the command line does.
   * @returns The error that ended it, if one did; what was said of it went to `stderr`.
   */
  main(
    argv: readonly string[],
    options: {
      readonly writeFile: (file: string, contents: Uint8Array | string) => void;
      readonly stderr: OutputStream;
    },
  ): Promise<{ readonly error: Error | null }>;
}

declare const asc: Asc;
export default asc;
