/** Private ranges (RFC 1918) of a network of its own: 4,096 nodes' addresses, 32,768 pods' (256 nodes at 128), 1,024 services'. */
export const RANGES = { nodes: '10.64.0.0/20', pods: '10.65.0.0/17', services: '10.66.0.0/22' } as const;
