// What is said beside the choice of who may see the image. Pure.
import type { CloudView } from '../../../shared/views.ts';
import type { Draft } from '../../state/draft.ts';

export interface VisibilityAdvice {
  /** Whether Public cannot be chosen. */
  readonly publicRefused: boolean;
  readonly hint: string | null;
  readonly problem: string | null;
}

/** `allowed` is null when the cloud does not tell beforehand, undefined before somebody signed in. */
export function visibilityAdvice(
  allowed: CloudView['publicAllowed'] | undefined,
  visibility: Draft['image']['visibility'],
): VisibilityAdvice {
  const isPublic = visibility === 'public';
  if (allowed === false)
    return {
      publicRefused: true,
      hint: 'This account may not publish images to everybody, so Public cannot be chosen.',
      problem: isPublic ? 'The cloud would refuse this. Choose another.' : null,
    };
  const untold = allowed === null && isPublic;
  return {
    publicRefused: false,
    hint: untold
      ? 'The cloud may refuse Public to this account; that cannot be told beforehand. Casement finds out before it uploads.'
      : null,
    problem: null,
  };
}
