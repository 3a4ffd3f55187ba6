/** The last line of `npm test`: a green suite says what it did not show. */
console.log(
  '\nLeft out: test/real, on a real Pulumi engine and a real Kubernetes API server (npm run test:real; it wants Go and etcd).',
);
