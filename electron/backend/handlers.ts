// What a service gives: one function for each call it answers. Types only.
import type { CallName, CallParsed, CallResult } from '../../shared/contract.ts';

/** A function for every call of the contract; arguments arrive parsed. */
export type Handlers = {
  readonly [N in CallName]: (args: CallParsed<N>) => Promise<CallResult<N>> | CallResult<N>;
};

/** The part of the contract that one service answers. */
export type Service<N extends CallName> = Pick<Handlers, N>;
