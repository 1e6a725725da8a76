/**
 * The entry point of the instrumented gateway: the production controller, which says at `/reached` which mutants its code has come by,
 * and, with RECORD set, at `/recording` what its translations were given.
 */
import { createServer } from 'node:http';
import { startController } from '../start.ts';
import { Translator } from '../translate/translator.ts';
import { Recorder } from './recording.ts';
import { reached } from './switches.ts';

const port = 18_082;
const recorder = process.env['RECORD'] === undefined ? undefined : new Recorder();
const translator = new Translator();
createServer((request, answer) => {
  if (request.url === '/reached') answer.end(JSON.stringify(reached()));
  else if (request.url === '/recording') answer.end((recorder?.steps ?? []).join('\n'));
  else answer.writeHead(404).end();
})
  .listen(port)
  .unref();
startController(() => ({
  translate: (input) => {
    recorder?.note(input);
    return translator.translate(input);
  },
  toXds: (ir, delta) => delta.changes(ir),
}));
