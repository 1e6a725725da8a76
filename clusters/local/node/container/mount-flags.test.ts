import { expect } from 'chai';
import { lockedFlagsOf, mountsBelow } from './mount-flags.ts';

const mountinfo = `22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
30 22 0:30 / /home rw,nosuid,nodev,noatime shared:2 - ext4 /dev/vdb rw
31 30 0:31 / /home/a\\040b ro,noexec - tmpfs none rw
32 30 0:32 / /home/a\\040b rw - tmpfs none rw
`;

describe('lockedFlagsOf', () => {
  it('reads the flags of the mount that holds the path', () => {
    expect(lockedFlagsOf('/usr', mountinfo)).to.deep.equal(['relatime']);
    expect(lockedFlagsOf('/home/x/y', mountinfo)).to.deep.equal(['nosuid', 'nodev', 'noatime']);
    expect(lockedFlagsOf('/homes', mountinfo)).to.deep.equal(['relatime']);
  });

  it('takes the last of several mounts at one point', () => {
    expect(lockedFlagsOf('/home/a b/c', mountinfo)).to.deep.equal([]);
  });
});

describe('mountsBelow', () => {
  it('lists each mount point strictly below once', () => {
    expect(mountsBelow('/home', mountinfo)).to.deep.equal(['/home/a b']);
    expect(mountsBelow('/', mountinfo)).to.deep.equal(['/home', '/home/a b']);
  });
});
