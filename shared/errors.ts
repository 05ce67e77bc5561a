// One error for everything a person may read. It crosses every border (process, IPC, JSON) as plain data,
// because Electron and WebSockets forward text only. Pure, no I/O.

/** The five fields of an error; a person reads the first three after `code`. `detail` may be copied, never shown first. */
export interface ErrorData {
  /** Stable machine name, `area.reason`, e.g. `host.unreachable`. */
  readonly code: string;
  readonly title: string;
  readonly whatHappened: string;
  readonly whatToDo: string;
  /** Technical text for a support request; never holds a secret. Empty when there is none. */
  readonly detail: string;
}

/** An error with the sentences an admin reads. Throw it wherever the cause is known. */
export class CasementError extends Error implements ErrorData {
  readonly code: string;
  readonly title: string;
  readonly whatHappened: string;
  readonly whatToDo: string;
  readonly detail: string;

  constructor(data: Omit<ErrorData, 'detail'> & { readonly detail?: string }, cause?: unknown) {
    super(`${data.title}. ${data.whatHappened}`, cause === undefined ? undefined : { cause });
    this.name = 'CasementError';
    this.code = data.code;
    this.title = data.title;
    this.whatHappened = data.whatHappened;
    this.whatToDo = data.whatToDo;
    this.detail = data.detail ?? '';
  }
}

/** Plain data of any thrown value, fit to be serialised; an unknown one becomes `internal` and keeps its stack as detail. */
export function toErrorData(thrown: unknown): ErrorData {
  if (thrown instanceof CasementError) {
    const { code, title, whatHappened, whatToDo, detail } = thrown;
    return { code, title, whatHappened, whatToDo, detail };
  }
  if (isAbort(thrown)) return cancelled();
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  return {
    code: 'internal',
    title: 'Casement ran into a fault of its own',
    whatHappened: error.message,
    whatToDo: 'Try the step again. If it fails again, copy the details and report them.',
    detail: error.stack ?? '',
  };
}

/** The error on the other side of a border, rebuilt from its data. */
export function fromErrorData(data: ErrorData): CasementError {
  return new CasementError(data);
}

/** Whether a thrown value only says that somebody cancelled. */
export function isAbort(thrown: unknown): boolean {
  return (
    (thrown instanceof Error && thrown.name === 'AbortError') ||
    (thrown instanceof CasementError && thrown.code === 'cancelled')
  );
}

function cancelled(): ErrorData {
  return {
    code: 'cancelled',
    title: 'Cancelled',
    whatHappened: 'The work was cancelled.',
    whatToDo: 'Nothing needs to be done; start it again when you wish.',
    detail: '',
  };
}
