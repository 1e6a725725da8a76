import Mocha from 'mocha';

/** Scenarios report through `progress` as they end, in whatever order; mocha's own reporter would wait for the first one. */
class SilentReporter extends Mocha.reporters.Base {
  override epilogue(): void {
    // The totals are the caller's to print.
  }
}

/** Loads spec files: their scenarios are in `registeredScenarios()` afterwards, their tests in the returned mocha. */
export async function loadSpecs(files: string[]): Promise<Mocha> {
  const mocha = new Mocha({ ui: 'bdd', reporter: SilentReporter, timeout: 0, forbidOnly: true });
  for (const file of files) mocha.addFile(file);
  await mocha.loadFilesAsync();
  return mocha;
}
