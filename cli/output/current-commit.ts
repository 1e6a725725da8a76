import { execa } from 'execa';

/** What is measured, by commit: of the CI job, else of the checkout that this is run in; undefined outside of both. */
export async function currentCommit(): Promise<string | undefined> {
  const ofJob = process.env['GITHUB_SHA'] ?? process.env['CI_COMMIT_SHA'];
  if (ofJob !== undefined && ofJob !== '') return ofJob;
  const { exitCode, stdout } = await execa('git', ['rev-parse', 'HEAD'], { reject: false });
  return exitCode === 0 ? stdout.trim() : undefined;
}
