/** A repository of Artifact Registry. */
export interface ImageRepository {
  /** Its id: `acme-images`, or `example.com:images` where it is a domain's. */
  readonly project: string;
  /** A region, or `us`, `europe`, `asia`. */
  readonly location: string;
  readonly repository: string;
}

/** `acme-images/`, or `example.com/images/` of a project whose id is `example.com:images`. */
const PROJECT = '(?:(?<domain>[a-z0-9.-]+\\.[a-z]+)/)?(?<project>[a-z][a-z0-9-]*)';
const ARTIFACT_REGISTRY = new RegExp(
  `^(?<location>[a-z0-9-]+)-docker\\.pkg\\.dev/${PROJECT}/(?<repository>[a-z0-9.-]+)/`,
);

/** Container Registry's hosts, which Artifact Registry serves from repositories of their names ("Transition from Container Registry"). */
const CONTAINER_REGISTRY = new RegExp(`^(?<host>(?:(?:us|eu|asia)\\.)?gcr\\.io)/${PROJECT}/`);
const LOCATIONS: Readonly<Record<string, string>> = {
  'gcr.io': 'us',
  'us.gcr.io': 'us',
  'eu.gcr.io': 'europe',
  'asia.gcr.io': 'asia',
};

/** The repository that an image is pulled from, or undefined where it is none of Artifact Registry's. */
export function imageRepository(image: string): ImageRepository | undefined {
  const groups = (ARTIFACT_REGISTRY.exec(image) ?? CONTAINER_REGISTRY.exec(image))?.groups;
  if (groups === undefined) return undefined;
  const { domain, project = '', host = '', location = LOCATIONS[host]!, repository = host } = groups;
  return { project: domain === undefined ? project : `${domain}:${project}`, location, repository };
}
