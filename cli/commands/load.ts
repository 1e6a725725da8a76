import type { Command } from 'commander';

export function addLoad(program: Command): void {
  void program;
}
