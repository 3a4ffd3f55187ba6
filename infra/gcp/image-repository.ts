/** A repository of Artifact Registry. */
export interface ImageRepository {
  readonly project: string;
  /** A region, or `us`, `europe`, `asia`. */
  readonly location: string;
  readonly repository: string;
}

/** `<location>-docker.pkg.dev/<project>/<repository>/...`; a project of a domain is `example.com/project` and not taken apart here. */
const ARTIFACT_REGISTRY = /^([a-z0-9-]+)-docker\.pkg\.dev\/([a-z][a-z0-9-]*)\/([a-z0-9-]+)\//;

/** The repository that an image is pulled from, or undefined where it is none of Artifact Registry's. */
export function imageRepository(image: string): ImageRepository | undefined {
  const [, location, project, repository] = ARTIFACT_REGISTRY.exec(image) ?? [];
  return location === undefined || project === undefined || repository === undefined
    ? undefined
    : { location, project, repository };
}
