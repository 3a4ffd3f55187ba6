/**
 * JSON text that goes into a line as it is. Lines are put together from texts, never from values: JSON.stringify would write
 * 1.10 as 1.1, and the point of these rows is that nobody on their way may do that.
 */
export type Json = string & { readonly __brand: 'Json' };

/** A number, true, false or null in a spelling of our choice: `1.10`, `-0.0`, `1.2e-4`. */
export function literal(spelling: string | number | boolean | null): Json {
  return String(spelling) as Json;
}

export function text(value: string): Json {
  return JSON.stringify(value) as Json;
}

/** As PHP's json_encode writes text by default: nothing but ASCII, and `/` escaped. The shop is written in PHP. */
export function phpText(value: string): Json {
  const escaped = JSON.stringify(value).replaceAll('/', '\\/');
  return escaped.replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  ) as Json;
}

export function list(items: readonly Json[]): Json {
  return `[${items.join(',')}]` as Json;
}

/** An `undefined` leaves its key out: to a loader, a missing key and a null are two things. */
export type Members = Readonly<Record<string, Json | undefined>>;

export function object(members: Members): Json {
  return `{${memberTexts(members, ':').join(',')}}` as Json;
}

/** As Python's json.dumps writes objects by default: a space after each colon and comma. */
export function spacedObject(members: Members): Json {
  return `{${memberTexts(members, ': ').join(', ')}}` as Json;
}

function memberTexts(members: Members, colon: string): string[] {
  return Object.entries(members).flatMap(([key, value]) =>
    value === undefined ? [] : `${JSON.stringify(key)}${colon}${value}`,
  );
}

/** An id as the shop's and the stream service's snowflake generators make it: beyond 2^53, therefore quoted. */
export function snowflake(at: number, sequence: number): Json {
  // Discord's and our layout alike: milliseconds since an own epoch (2015-01-01 UTC), 22 bits of worker and sequence.
  return text(String((BigInt(at - Date.UTC(2015, 0, 1)) << 22n) | BigInt(sequence)));
}

/** `2026-11-20T14:03:07.120Z` in one of the spellings that our services use for one and the same instant. */
export const isoTime = {
  utc: (at: number): Json => text(new Date(at).toISOString()),
  /** Python's `isoformat(sep=' ')` with microseconds. */
  utcSpaced: (at: number, micros: number): Json =>
    text(
      `${new Date(at).toISOString().slice(0, 23).replace('T', ' ')}${String(micros).padStart(3, '0')}+00:00`,
    ),
  /** Ruby's `Time#to_s`. */
  utcNamed: (at: number): Json => text(`${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`),
  korean: (at: number): Json => text(`${koreanClock(at).slice(0, 19)}+09:00`),
};

/** `2026-11-20T23:03:07.120`: what a Korean wall clock shows. Korea has had no summer time since 1988. */
export function koreanClock(at: number): string {
  return new Date(at + 9 * 3_600_000).toISOString().slice(0, 23);
}
