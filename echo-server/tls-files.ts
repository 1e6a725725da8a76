import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { RouteproofError, messageOf } from '../common/errors.ts';
import type { TlsFiles } from './config.ts';

/** PEM, as node:tls takes it. */
interface KeyPair {
  cert: Buffer;
  key: Buffer;
}

/**
 * Reads a key pair.
 *
 * @throws RouteproofError INVALID_INPUT - a file is missing, is not PEM, or the key is not that of the certificate
 */
export function readKeyPair(files: TlsFiles): KeyPair {
  try {
    const pair = { cert: readFileSync(files.certFile), key: readFileSync(files.keyFile) };
    createSecureContext(pair);
    return pair;
  } catch (error) {
    throw new RouteproofError('INVALID_INPUT', 'the key pair cannot be used', {
      object: `${files.certFile}, ${files.keyFile}`,
      seen: messageOf(error),
      hint: 'give a PEM certificate and its private key',
      cause: error,
    });
  }
}

/** Two stat calls each time; a new certificate is served that soon. */
const pollIntervalMs = 500;

/**
 * Calls `onChange` with each new usable key pair. The files are polled: inotify allows 128 watching processes per user, which
 * a machine full of pods exceeds, and a Secret's volume changes by a symbolic link elsewhere. A pair that does not fit together
 * is reported and skipped: the two files may change one after the other.
 *
 * @returns stops the watch
 */
export function watchKeyPair(
  files: TlsFiles,
  onChange: (pair: KeyPair) => void,
  onUnusable: (error: unknown) => void,
): () => void {
  let current = fingerprint(readKeyPair(files));
  const reload = (): void => {
    try {
      const pair = readKeyPair(files);
      const next = fingerprint(pair);
      if (next === current) return;
      current = next;
      onChange(pair);
    } catch (error) {
      onUnusable(error);
    }
  };
  const paths = [files.certFile, files.keyFile];
  for (const path of paths) watchFile(path, { interval: pollIntervalMs, persistent: false }, reload);
  return () => {
    for (const path of paths) unwatchFile(path, reload);
  };
}

function fingerprint({ cert, key }: KeyPair): string {
  return `${cert.toString('latin1')}\n${key.toString('latin1')}`;
}
