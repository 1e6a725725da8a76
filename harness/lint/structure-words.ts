import type { ErrorObject } from 'ajv';
import { editDistance } from '../../common/known-names.ts';
import type { Schema } from './crd-schemas.ts';

/** What is said of an error, and how to mend it. */
export interface Words {
  message: string;
  fix: string;
}

const unitOf: Record<string, string> = { Length: 'character', Items: 'item', Properties: 'field' };

/** What an error of a structural schema says to somebody who writes manifests. */
export function wordsOf({ keyword, params, data, message = '', parentSchema }: ErrorObject): Words {
  const shown = shortText(data);
  switch (keyword) {
    case 'additionalProperties': {
      const { additionalProperty: name } = params as { additionalProperty: string };
      return unknownField(name, Object.keys((parentSchema as Schema).properties ?? {}));
    }
    case 'required': {
      const { missingProperty: name } = params as { missingProperty: string };
      return { message: `the field "${name}" is missing`, fix: `add ${name}` };
    }
    case 'enum': {
      const { allowedValues } = params as { allowedValues: unknown[] };
      const values = allowedValues.filter((value) => value !== '').join(', ');
      return { message: `${shown} is none of the values allowed`, fix: `use one of ${values}` };
    }
    case 'type': {
      const { type } = params as { type: string };
      return {
        message: `the value is ${kindOf(data)} and has to be ${article(type)}`,
        fix: fixType(type, data, parentSchema as Schema),
      };
    }
    case 'pattern': {
      const { pattern } = params as { pattern: string };
      return {
        message: `${shown} does not match ${pattern}`,
        fix: fixPattern(pattern) ?? 'change it so that it matches',
      };
    }
    // Of those that are checked alone it is the only one. The value may be a secret.
    case 'format':
      return {
        message: 'the value is no base64',
        fix: 'write what `base64 -w0 FILE` prints; in a Secret the text itself goes into stringData',
      };
    case 'minLength':
    case 'minItems':
    case 'minProperties':
    case 'maxLength':
    case 'maxItems':
    case 'maxProperties': {
      const { limit } = params as { limit: number };
      const bound = keyword.startsWith('min') ? 'at least' : 'at most';
      const unit = unitOf[keyword.slice(3)] ?? 'item';
      return {
        message: `${shown} ${message}`,
        fix: `write ${bound} ${String(limit)} ${unit}${limit === 1 ? '' : 's'}`,
      };
    }
    default:
      return {
        message: `${shown} ${message}`,
        fix: `change it so that it is ${message.replace(/^must (be |have )?/, '')}`,
      };
  }
}

function unknownField(name: string, known: readonly string[]): Words {
  const near = nearest(name, known);
  const hint = near === undefined ? `there can be ${known.join(', ')}` : `did you mean ${near}?`;
  return { message: `unknown field "${name}"`, fix: `remove it or mend its name and indentation: ${hint}` };
}

/** The known name that the fewest letters keep apart, if it is few enough that a slip may have made it. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const wanted = name.toLowerCase();
  let found: string | undefined;
  let limit = Math.max(1, Math.floor(name.length / 4));
  // One slip fewer than there are pieces leaves one of them whole.
  const length = Math.floor(name.length / (limit + 1));
  const pieces = Array.from({ length: limit + 1 }, (_, index) =>
    wanted.slice(index * length, (index + 1) * length),
  );
  for (const each of known) {
    if (Math.abs(each.length - name.length) > limit) continue;
    const lower = each.toLowerCase();
    if (!pieces.some((piece) => lower.includes(piece))) continue;
    const distance = editDistance(wanted, lower, limit);
    // Of equal ones the first counts.
    if (distance <= limit) [found, limit] = [each, distance - 1];
  }
  return found;
}

function fixType(type: string, data: unknown, { properties }: Schema): string {
  if (type === 'string' && typeof data === 'object') return 'write a text';
  if (type === 'string') return 'put it in quotes';
  if (type === 'integer' && typeof data === 'string' && /^\d+$/.test(data)) return 'write it without quotes';
  if (type === 'integer') return 'write a whole number';
  if (type === 'array') return 'write a list: begin each entry with "- "';
  if (type === 'object' && properties !== undefined)
    return `write its fields, one a line: ${Object.keys(properties).join(', ')}`;
  if (type === 'object') return 'write the fields of it, one a line';
  return `write ${article(type)}`;
}

/** Undefined where there are no better words for it than the pattern itself. */
export function fixPattern(pattern: string): string | undefined {
  if (pattern.includes('(\\*\\.)?'))
    return 'write a lower-case DNS name, which may begin with "*.", without scheme, port or path';
  if (pattern.startsWith('^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.'))
    return 'write a lower-case DNS name: letters, digits, hyphens and dots';
  if (pattern.startsWith('^(?=.*[a-z])'))
    return 'write a number without quotes, or the name of a port: lower-case letters, digits and hyphens';
  if (pattern.startsWith('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$'))
    return 'use lower-case letters, digits and hyphens only, with a letter or digit at both ends';
  return undefined;
}

function kindOf(data: unknown): string {
  if (data === null) return 'null';
  return article(Array.isArray(data) ? 'array' : typeof data);
}

function article(type: string): string {
  if (type === 'array') return 'a list';
  return type === 'object' || type === 'integer' ? `an ${type}` : `a ${type}`;
}

function shortText(data: unknown): string {
  const text = JSON.stringify(data);
  if (data === null || typeof data !== 'object') return text.length > 60 ? `${text.slice(0, 57)}…"` : text;
  return 'the value';
}
