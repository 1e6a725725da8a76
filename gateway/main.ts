import { setFlagsFromString } from 'node:v8';
import { startController } from './start.ts';
import { Translator } from './translate/translator.ts';

// The heap may grow to 1.5 times what was alive when it was last collected, not to four times: NODE_OPTIONS takes no such flag.
setFlagsFromString('--heap-growing-percent=50');
const translator = new Translator();
startController(() => ({
  translate: (input) => translator.translate(input),
  toXds: (ir, delta) => delta.changes(ir),
}));
