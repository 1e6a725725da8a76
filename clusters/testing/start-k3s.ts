import { K3sProvider } from '../k3s/k3s-provider.ts';

/** A program for the tests: starts an attached cluster of this name, and is killed meanwhile. */
await new K3sProvider().up({ name: process.argv[2] ?? '', lifetime: 'attached' });
