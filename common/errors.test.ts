import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { errorCodes, exitCodeOf, RouteproofError } from './errors.ts';
import { projectRoot } from './tools.ts';

describe('RouteproofError', () => {
  it('says what failed, on which object, what was seen and what to do', () => {
    const error = new RouteproofError('GATEWAY_NO_ADDRESS', 'never got an address', {
      object: 'Gateway default/web',
      seen: 'status.addresses is empty',
      hint: 'look at the controller',
    });
    expect(error.message).to.equal(
      'Gateway default/web: never got an address\n  seen: status.addresses is empty\n  try:  look at the controller',
    );
  });

  it('keeps its cause', () => {
    const cause = new Error('inner');
    expect(new RouteproofError('INTERNAL', 'outer', { hint: 'report it', cause }).cause).to.equal(cause);
  });

  it('tells bad usage (2) from a harness that could not work (3)', () => {
    expect(exitCodeOf(new RouteproofError('USAGE', 'x', { hint: 'y' }))).to.equal(2);
    expect(exitCodeOf(new RouteproofError('DISK_FULL', 'x', { hint: 'y' }))).to.equal(3);
    expect(exitCodeOf(new TypeError('a bug'))).to.equal(3);
  });

  it('lists the same codes and exit codes as docs/errors.md', () => {
    const text = readFileSync(join(projectRoot, 'docs/errors.md'), 'utf8');
    const documented = [...text.matchAll(/^\| `([A-Z_]+)`\s+\| (\d)\s+\|/gm)].map(([, code, exit]) => [
      code,
      Number(exit),
    ]);
    const defined = Object.entries(errorCodes).map(([code, fault]) => [code, fault === 'usage' ? 2 : 3]);
    expect(documented.toSorted()).to.deep.equal(defined.toSorted());
  });
});
