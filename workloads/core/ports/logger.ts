/** Cloud Logging's severities that logferry uses. */
export type Severity = 'DEBUG' | 'INFO' | 'NOTICE' | 'WARNING' | 'ERROR';

/** Where events go: JSON lines for machines, sentences for people (the command line decides). */
export interface Logger {
  log(severity: Severity, message: string, fields?: Readonly<Record<string, unknown>>): void;
}
