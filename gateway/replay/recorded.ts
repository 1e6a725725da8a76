import { createServer } from 'node:http';
import { recordingPath, recordingPort } from '../../common/gateway-recording.ts';
import type { Pipeline } from '../pipeline.ts';
import { Recorder } from './recording.ts';

export interface RecordedOptions {
  /** From when on: at once, or as soon as somebody posts to `recordingPath`. */
  begins: 'at-once' | 'when-asked';
  /** What else is asked for, by path. */
  answers?: Readonly<Record<string, () => string>>;
}

/** The pipeline; what its translations are given is noted, for whoever asks at `recordingPath`. */
export function recorded(pipeline: Pipeline, { begins, answers = {} }: RecordedOptions): Pipeline {
  let recorder = begins === 'at-once' ? new Recorder() : undefined;
  createServer(({ method, url = '' }, answer) => {
    if (url === recordingPath && method === 'POST') {
      recorder = new Recorder();
      answer.end();
    } else if (url === recordingPath) answer.end(recorder?.steps.join('\n'));
    else if (answers[url] !== undefined) answer.end(answers[url]());
    else answer.writeHead(404).end();
  })
    .listen(recordingPort)
    .unref();
  return {
    ...pipeline,
    translate: (input) => {
      recorder?.note(input);
      return pipeline.translate(input);
    },
  };
}
