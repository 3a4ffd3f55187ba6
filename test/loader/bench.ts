import { withWorkspace, type Workspace } from '../../workloads/cli/workspace.ts';
import { parseHour } from '../../workloads/core/hour.ts';
import type { WarehouseSession } from '../../workloads/core/ports/warehouse.ts';
import type { LoaderContext } from '../../workloads/loader/context.ts';
import { Road, type SchemaFiles } from '../support/road.ts';

export const HOUR = parseHour('2026-11-20T14');
export const HOUR_SQL = "folder_hour = TIMESTAMPTZ '2026-11-20 14:00:00+00'";

export const FIELDS = [
  { name: 'log_type', type: 'STRING', mode: 'REQUIRED' },
  { name: 'n', type: 'INTEGER' },
] as const;

/** A line of a type with one field. */
export function line(type: string, n: unknown): string {
  return `${JSON.stringify({ log_type: type, n })}\n`;
}

let roads = 0;
/** A road of its own below a folder. */
export function newRoad(root: string, schemas: SchemaFiles): Road {
  return new Road(`${root}/${roads++}`, schemas);
}

/** Opens a road's stores and warehouse, as a command does. */
export function withRoad<T>(road: Road, work: (workspace: Workspace) => Promise<T>): Promise<T> {
  const quiet = {
    env: {},
    stdout: () => undefined,
    stderr: () => undefined,
    interactive: false,
    terminal: undefined,
  };
  const [source, staging, warehouse, schemas] = [1, 3, 5, 7].map((index) => road.options[index]);
  const needs = { settings: ['source', 'staging', 'warehouse'], schemas: true } as const;
  return withWorkspace(
    { ...quiet, signal: new AbortController().signal },
    { source, staging, warehouse, schemas },
    needs,
    work,
  );
}

/** The loader with a warehouse that takes no rows: it loads objects, as BigQuery does. */
export function loadingObjects(loader: LoaderContext): LoaderContext {
  return withSessions(loader, () => ({}));
}

/** The loader with its warehouse sessions changed: the seam at which an engine's failures are brought about. */
export function withSessions(
  loader: LoaderContext,
  change: (session: WarehouseSession) => Partial<WarehouseSession>,
): LoaderContext {
  const { warehouse } = loader;
  const changed = (session: WarehouseSession): WarehouseSession => {
    const other: object = change(session);
    return new Proxy(session, {
      get: (target, name): unknown => {
        const value: unknown = Reflect.get(name in other ? other : target, name);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
  };
  return {
    ...loader,
    warehouse: {
      url: warehouse.url,
      session: (work, options) => warehouse.session((session) => work(changed(session)), options),
    },
  };
}
