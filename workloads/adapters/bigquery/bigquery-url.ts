import { UsageError } from '../../core/errors.ts';
import { assertEndpoint, urlParameters } from '../../core/url-parameters.ts';

/** Where in BigQuery a warehouse is. */
export interface BigQueryLocation {
  /** The URL without its endpoint, for messages. */
  readonly url: string;
  /** Where the datasets are and jobs are billed. */
  readonly project: string;
  /** Dataset of the typed tables. */
  readonly raw: string;
  /** Dataset of the TEMP tables. */
  readonly temp: string;
  /** Dataset of ledgers, control tables and views. */
  readonly ops: string;
  /** `US`, `EU`, `asia-northeast3`: of all three datasets, and where jobs run. */
  readonly location: string;
  /** Address of a service that speaks BigQuery's API and asks for no credentials; undefined for BigQuery itself. */
  readonly endpoint?: string;
  /** No query may bill more bytes than this. */
  readonly maximumBytesBilled?: number;
}

const FORM = 'bigquery://<project>?raw=<dataset>&temp=<dataset>&ops=<dataset>&location=<location>';
const REQUIRED = ['raw', 'temp', 'ops', 'location'] as const;
const PARAMETERS: readonly string[] = [...REQUIRED, 'endpoint', 'maximumBytesBilled'];

/** "6 to 30 lowercase letters, digits, or hyphens ... must start with a letter" (Resource Manager), behind a domain in old ones. */
const PROJECT = /^(?:[a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$/;
/** "Letters (uppercase or lowercase), numbers, and underscores", at most 1,024 characters (BigQuery, naming datasets). */
const DATASET = /^[A-Za-z0-9_]{1,1024}$/;
const LOCATION = /^[A-Za-z][A-Za-z0-9-]*$/;
/** BigQuery bills at least 10 MB a query: under a lower limit none would run. */
const LEAST_BYTES_BILLED = 10_485_760;

/**
 * Reads `bigquery://project?raw=...&temp=...&ops=...&location=...`.
 * @param what The setting that the URL comes from, for the message: `--warehouse`.
 * @throws UsageError
 */
export function parseBigQueryUrl(what: string, url: string): BigQueryLocation {
  const refuse = (expected: string, found: string): never => {
    throw new UsageError(`${what}: expected ${expected}, found "${found}"`);
  };
  const [, project = '', query] = /^bigquery:\/\/([^/?#]*)\/?(?:\?([^#]*))?$/s.exec(url) ?? refuse(FORM, url);
  if (!PROJECT.test(project)) refuse('a project id (bigquery://<project>)', project);
  const given = urlParameters(query, { what, kind: 'a bigquery URL', known: PARAMETERS });
  const missing = REQUIRED.filter((name) => !given.has(name));
  if (missing.length > 0) {
    // What a shell leaves of a URL without quotes.
    const cut = given.size > 0 && !url.includes('&') ? '; quote it, a shell ends it at the first &' : '';
    refuse(`${FORM} with ${missing.map((name) => `${name}=`).join(', ')}${cut}`, url);
  }
  const [raw, temp, ops, location] = REQUIRED.map((name) => given.get(name)!) as [
    string,
    string,
    string,
    string,
  ];
  const datasets = { raw, temp, ops };
  for (const [name, id] of Object.entries(datasets))
    if (!DATASET.test(id)) refuse(`${name}= with a dataset of letters, digits and underscores`, id);
  if (new Set(Object.values(datasets)).size < 3)
    refuse('three different datasets', `${raw}, ${temp}, ${ops}`);
  if (!LOCATION.test(location)) refuse('location= such as US, EU or asia-northeast3', location);
  const endpoint = given.get('endpoint');
  if (endpoint !== undefined) assertEndpoint(what, endpoint);
  const limit = given.get('maximumBytesBilled');
  if (limit !== undefined && !(/^\d{1,15}$/.test(limit) && Number(limit) >= LEAST_BYTES_BILLED))
    refuse(`maximumBytesBilled= with a number of bytes, at least ${LEAST_BYTES_BILLED}`, limit);
  return {
    url: `bigquery://${project}?raw=${raw}&temp=${temp}&ops=${ops}&location=${location}`,
    project,
    ...datasets,
    location,
    ...(endpoint === undefined ? {} : { endpoint: endpoint.replace(/\/+$/, '') }),
    ...(limit === undefined ? {} : { maximumBytesBilled: Number(limit) }),
  };
}
