import { startController } from './start.ts';
import { Translator } from './translate/translator.ts';

const translator = new Translator();
startController(() => ({
  translate: (input) => translator.translate(input),
  toXds: (ir, delta) => delta.changes(ir),
}));
