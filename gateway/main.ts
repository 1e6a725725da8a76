import { startController } from './start.ts';
import { Translator } from './translate/translator.ts';
import { toXds } from './xds/to-xds.ts';

const translator = new Translator();
startController(() => ({ translate: (input) => translator.translate(input), toXds }));
