import { chmodSync, cpSync, globSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { toolFile, toolPath, type ToolName } from '../../../common/tools.ts';
import { downloadModule } from '../go-module.ts';

/** Where a kind node has its programs. */
const places: Record<string, ToolName[]> = {
  'usr/bin': ['kubelet', 'kubeadm', 'kubectl'],
  'usr/local/bin': ['containerd', 'containerd-shim-runc-v2', 'ctr'],
  'opt/cni/bin': ['cni-bridge', 'cni-host-local', 'cni-loopback', 'cni-portmap', 'cni-ptp'],
};

/** The pods' network: kindnet, kind's own, is an image that cannot be had where this one is made. */
const network = {
  cniVersion: '1.0.0',
  name: 'pods',
  plugins: [
    {
      type: 'bridge',
      bridge: 'cni0',
      isGateway: true,
      ipMasq: true,
      hairpinMode: true,
      // The node's share of kind's default pod subnet: there is one node.
      ipam: { type: 'host-local', ranges: [[{ subnet: '10.244.0.0/24' }]], routes: [{ dst: '0.0.0.0/0' }] },
    },
    { type: 'portmap', capabilities: { portMappings: true } },
  ],
};

/** Turns a Debian root file system into a kind node's: as images/base/Dockerfile of kind does, with binaries of ours. */
export async function makeNodeRoot(root: string, kubernetes: string): Promise<void> {
  await copyKindFiles(root);
  for (const [place, names] of Object.entries(places)) installPrograms(join(root, place), names);
  writeFileSync(join(root, 'kind/version'), kubernetes);
  mkdirSync(join(root, 'etc/cni/net.d'), { recursive: true });
  writeFileSync(join(root, 'etc/cni/net.d/10-pods.conflist'), `${JSON.stringify(network, null, 2)}\n`);
  mkdirSync(join(root, 'etc/kubernetes/manifests'), { recursive: true });
  await enableUnits(root);
  await writeRuntimeSpec(root);
}

/** Out of kind's own module, pinned by go.sum: they are its and never part of this project. */
async function copyKindFiles(root: string): Promise<void> {
  const from = join(await downloadModule('kind', 'sigs.k8s.io/kind'), 'images/base/files');
  for (const path of globSync('**', { cwd: from, withFileTypes: true })) {
    if (!path.isFile()) continue;
    const to = join(root, path.parentPath.slice(from.length));
    mkdirSync(to, { recursive: true });
    cpSync(join(path.parentPath, path.name), join(to, path.name));
    const isProgram = /(^|\/)bin$/.test(to);
    chmodSync(join(to, path.name), isProgram ? 0o755 : 0o644);
  }
}

function installPrograms(directory: string, names: ToolName[]): void {
  mkdirSync(directory, { recursive: true });
  for (const name of names) {
    const to = join(directory, toolFile(name));
    cpSync(toolPath(name), to);
    chmodSync(to, 0o755);
  }
}

/** A node starts what it needs, and nothing else that Debian's packages would start. */
async function enableUnits(root: string): Promise<void> {
  const unwanted = [
    'lib/systemd/system/{multi-user,local-fs,basic}.target.wants/*',
    'lib/systemd/system/sockets.target.wants/*{udev,initctl}*',
    'lib/systemd/system/sysinit.target.wants/systemd-tmpfiles-setup.service',
    'etc/systemd/system/*.wants/*',
  ];
  for (const path of globSync(unwanted, { cwd: root })) rmSync(join(root, path));
  writeFileSync(join(root, 'etc/systemd/journald.conf'), '[Journal]\nReadKMsg=no\n');
  const units = ['kubelet.service', 'containerd.service', 'undo-mount-hacks.service'];
  await execa('chroot', [root, 'systemctl', 'enable', ...units]);
  await execa('chroot', [root, 'systemctl', 'mask', 'systemd-binfmt.service']);
}

/** What containers start from; containerd's own would set limits that a node in a container may not. */
async function writeRuntimeSpec(root: string): Promise<void> {
  const { stdout } = await execa(toolPath('ctr'), ['oci', 'spec']);
  const spec = JSON.parse(stdout) as { process: { rlimits?: unknown } };
  delete spec.process.rlimits;
  writeFileSync(join(root, 'etc/containerd/cri-base.json'), JSON.stringify(spec));
}
