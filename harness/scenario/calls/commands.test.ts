import { expect } from 'chai';
import { withAddress } from './commands.ts';

describe('grpcurl’s address', () => {
  const cases: [args: string[], real: string[]][] = [
    [
      ['-plaintext', 'echo.Echo/Echo'],
      ['-plaintext', '10.0.0.1:80', 'echo.Echo/Echo'],
    ],
    [
      ['-insecure', 'echo.Echo/Echo'],
      ['-insecure', '10.0.0.1:443', 'echo.Echo/Echo'],
    ],
    [
      ['-plaintext', 'list'],
      ['-plaintext', '10.0.0.1:80', 'list'],
    ],
    [
      ['-plaintext', 'describe', 'echo.Echo'],
      ['-plaintext', '10.0.0.1:80', 'describe', 'echo.Echo'],
    ],
    [
      ['-plaintext', 'GATEWAY:8080', 'list'],
      ['-plaintext', '10.0.0.1:8080', 'list'],
    ],
  ];
  for (const [args, real] of cases) {
    it(`goes where it belongs in: ${args.join(' ')}`, () => {
      expect(withAddress(args, '10.0.0.1')).to.deep.equal(real);
    });
  }
});
