import { existsSync, readFileSync, watchFile } from 'node:fs';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { HealthImplementation } from 'grpc-health-check';

/** A program for the tests: gRPC health on 50051, with the statuses of the files in a directory, a ConfigMap's, by service. */
const [dir = ''] = process.argv.slice(2);
const services = ['ready', 'alive'];
const health = new HealthImplementation();

function read(): void {
  for (const service of services) {
    const file = `${dir}/${service}`;
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    health.setStatus(service, text === 'SERVING' ? 'SERVING' : 'NOT_SERVING');
  }
}

// Not by inotify, which has 128 instances for all that a user runs.
for (const service of services) watchFile(`${dir}/${service}`, { interval: 50 }, read);
read();
const server = new Server();
health.addToServer(server);
server.bindAsync('0.0.0.0:50051', ServerCredentials.createInsecure(), (error) => {
  if (error !== null) throw error;
});
