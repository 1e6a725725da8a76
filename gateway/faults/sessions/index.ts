import type { Fault } from '../fault.ts';
import { laterSessions } from '../across/later-sessions.ts';
import { sessions } from './sessions.ts';

export const sessionsFaults: readonly Fault[] = [...sessions, ...laterSessions];
