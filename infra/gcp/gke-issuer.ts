/** GKE's issuers: `https://container.googleapis.com/v1/projects/<project>/locations/<location>/clusters/<name>`. */
const GKE_ISSUER = /^https:\/\/container\.googleapis\.com\/v1\/projects\/([^/]+)\//;

/** The project of the GKE cluster that issues these tokens, or undefined where it is another kind of cluster. */
export function gkeProject(issuer: string): string | undefined {
  return GKE_ISSUER.exec(issuer)?.[1];
}
