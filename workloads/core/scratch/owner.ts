import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { systemCode } from '../errors.ts';

/** Nothing that a living process works on is left untouched for so long. */
const QUIET_MS = 24 * 60 * 60 * 1000;

/** Without dashes: they part the fields. */
const HOST = hostname().replaceAll(/[^\w.]/g, '_') || '_';

/**
 * Within which a pid means one process. A host's name is not enough: containers may share one (and a volume), each with a pid 1,
 * and after a restart of the machine its pids are given out anew.
 */
const SPACE = createHash('sha256')
  .update([hostname(), ...[pidNamespace, bootId].map(ifReadable)].join('\n'))
  .digest('hex')
  .slice(0, 8);

/** Tells this process from a former one of the same pid: in a container it is the same pid at every start. */
const START = randomBytes(4).toString('hex');

/** Goes into the names of what this process must remove at its end, so that a later one can where this one was killed. */
export const OWNER = `${HOST}-${SPACE}-${process.pid}-${START}`;

/** Matches one owner in a name. */
export const OWNER_PATTERN = String.raw`([\w.]+-[0-9a-f]{8}-[1-9]\d{0,9}-[0-9a-f]{8})`;

/**
 * Whether nobody works any more on what has this owner in its name.
 *
 * Where the owner's pids are ours, the pid alone decides. A pid that was given out anew makes a dead owner look alive: its things
 * stay until that process ends too. The other way round it cannot fail, so no age is asked for: a crash loop that begins again
 * each second would otherwise outrun the sweeping. Where the pids cannot be compared, only a day of quiet counts.
 * @param changed When it was last changed. @param anyHost Whether that day counts for what other hosts made, too.
 */
export function isAbandoned(owner: string, changed: Date, { anyHost }: { anyHost: boolean }): boolean {
  const [host, space, pid, start] = owner.split('-');
  if (host === HOST && space === SPACE) {
    return Number(pid) === process.pid ? start !== START : !isAlive(Number(pid));
  }
  return (anyHost || host === HOST) && Date.now() - changed.getTime() > QUIET_MS;
}

/** Only "no such process" is proof: a process of another user answers EPERM. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return systemCode(error) !== 'ESRCH';
  }
}

function pidNamespace(): string {
  return readlinkSync('/proc/self/ns/pid');
}

function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}

/** Linux alone has these, and containers. */
function ifReadable(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
