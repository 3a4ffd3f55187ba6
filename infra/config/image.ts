/**
 * The grammar of image references (github.com/distribution/reference): a registry with a dot, a port or "localhost", a path of
 * lower-case parts, then a tag, a digest or both. A registry is asked for, because each node may take another one for granted.
 */
const REGISTRY = /(?:localhost|[a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)+)(?::\d{1,5})?|[a-zA-Z0-9-]+:\d{1,5}/.source;
const PATH = /[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*/.source;
const REFERENCE = new RegExp(
  `^(?:${REGISTRY})(?:/${PATH})+(?::(?<tag>[\\w][\\w.-]{0,127}))?(?:@(?<digest>sha256:[0-9a-f]{64}))?$`,
);

/** For `check`: an image with a registry, and a tag or a digest. */
export function imageReference(text: string): string | undefined {
  const { tag, digest } = REFERENCE.exec(text)?.groups ?? {};
  return tag === undefined && digest === undefined
    ? '<registry>/<name>@sha256:<64 hexadecimal digits>'
    : undefined;
}

/** Whether the reference names one image for good. */
export function hasDigest(image: string): boolean {
  return REFERENCE.exec(image)?.groups?.digest !== undefined;
}
