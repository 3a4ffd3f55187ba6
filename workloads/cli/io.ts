/** What a command may touch of its process; tests hand in their own. */
export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>;
  stdout(text: string): void;
  stderr(text: string): void;
  /** Whether a person reads it: colour, progress and tables instead of JSON lines. */
  readonly interactive: boolean;
  /** Aborted by SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
  /** The stream that a progress bar may draw on. */
  readonly terminal: NodeJS.WriteStream | undefined;
}
