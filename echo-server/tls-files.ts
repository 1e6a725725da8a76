import { readFileSync, watch } from 'node:fs';
import { dirname } from 'node:path';
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

/**
 * Calls `onChange` with each new usable key pair. The directories are watched rather than the files, because a Secret's
 * volume is changed by moving a symbolic link. A pair that does not fit together is reported and skipped: the two files
 * may change one after the other.
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
  const directories = new Set([dirname(files.certFile), dirname(files.keyFile)]);
  const watchers = [...directories].map((directory) => watch(directory, { persistent: false }, reload));
  for (const watcher of watchers) watcher.on('error', onUnusable);
  return () => {
    for (const watcher of watchers) watcher.close();
  };
}

function fingerprint({ cert, key }: KeyPair): string {
  return `${cert.toString('latin1')}\n${key.toString('latin1')}`;
}
