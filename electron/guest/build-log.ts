// What the build script and Setup tell on COM1, line by line, and what follows from it. Pure: every beginning of the text
// gives a valid state, so that a continued build reads it again from the start.

/** One step of the build script. */
interface BuildStep {
  readonly number: number;
  readonly id: string;
  readonly title: string;
}

/** How far a phase of a hands-free build is. */
export interface BuildLog {
  /** How often Setup has begun; a second time means that it did not go on where it should. */
  readonly setups: number;
  /** The phase of the build script under way or ended. */
  readonly phase: string | null;
  /** How many steps it has. */
  readonly steps: number;
  readonly step: BuildStep | null;
  /** Every step that was told, in order. */
  readonly told: readonly (BuildStep & { readonly phase: string })[];
  readonly notes: readonly string[];
  readonly failed: { readonly id: string; readonly text: string } | null;
  /** The phase that has ended well. */
  readonly ended: string | null;
}

const EMPTY: BuildLog = {
  setups: 0,
  phase: null,
  steps: 0,
  step: null,
  told: [],
  notes: [],
  failed: null,
  ended: null,
};

/** Notes and steps kept; a script that writes without end must not fill the memory. */
const NOTES_AT_MOST = 200;
const TOLD_AT_MOST = 100;
const LINE_AT_MOST = 1000;

/** The state after all lines of a text; a line without its end counts as not written yet. */
export function readBuildLog(text: string): BuildLog {
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .reduce(buildLogLine, EMPTY);
}

function buildLogLine(log: BuildLog, line: string): BuildLog {
  // Windows' own boot messages and Cloudbase-Init write to the same line.
  const told = /casement: (begin|step|note|failed|end) ([^\r]*)/.exec(line.slice(0, LINE_AT_MOST));
  if (!told) return log;
  const [, verb, rest = ''] = told;
  const [first = '', second = '', ...more] = rest.split(' ');
  switch (verb) {
    case 'begin':
      return first === 'setup'
        ? { ...log, setups: log.setups + 1 }
        : { ...log, phase: first, steps: Number(second) || 0, step: null };
    case 'step': {
      const step = { number: Number(first) || 0, id: second, title: more.join(' ') };
      const told = [...log.told, { ...step, phase: log.phase ?? '' }].slice(-TOLD_AT_MOST);
      return { ...log, step, told };
    }
    case 'note':
      return { ...log, notes: [...log.notes, rest].slice(-NOTES_AT_MOST) };
    case 'failed':
      return { ...log, failed: { id: first, text: [second, ...more].join(' ') } };
    default:
      return { ...log, ended: first };
  }
}
