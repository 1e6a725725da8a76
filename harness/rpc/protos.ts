import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadSync, type MethodDefinition } from '@grpc/proto-loader';
import { projectRoot } from '../../common/tools.ts';
import { RouteproofError } from '../../common/errors.ts';

/** A decoded or to-be-encoded message: plain object, camelCase names. */
export type Message = Record<string, unknown>;
export type Method = MethodDefinition<Message, Message>;

/** The methods a scenario can call, by `package.Service/Method`. */
export class Protos {
  readonly #methods = new Map<string, Method>();
  readonly dir: string;

  constructor(dir: string) {
    this.dir = dir;
    const files = readdirSync(dir).filter((file) => file.endsWith('.proto'));
    const definition = loadSync(files, {
      includeDirs: [dir],
      longs: Number,
      enums: String,
      defaults: true,
      oneofs: true,
    });
    for (const [service, content] of Object.entries(definition)) {
      if ('format' in content) continue;
      for (const [name, method] of Object.entries(content))
        this.#methods.set(`${service}/${name}`, method as Method);
    }
  }

  /** @throws RouteproofError INVALID_INPUT - the method is in none of the proto files */
  method(name: string): Method {
    const found = this.#methods.get(name.replace(/^\//, ''));
    if (found !== undefined) return found;
    throw new RouteproofError('INVALID_INPUT', 'no such method in the echo server’s protos', {
      object: name,
      hint: `one of ${[...this.#methods.keys()].join(', ')}`,
    });
  }

  /** As `method`; for names that no proto knows (calls that must not be served) the shape of `routeproof.v1.Probe/Unary`. */
  methodOrProbe(name: string): Method {
    const path = `/${name.replace(/^\//, '')}`;
    return this.#methods.get(path.slice(1)) ?? { ...this.method('routeproof.v1.Probe/Unary'), path };
  }
}

/** The protos that the echo server serves; read by path, for the harness imports none of its code. */
export const echoProtoDir = join(projectRoot, 'echo-server', 'proto');
