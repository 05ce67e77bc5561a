// What is said beside the choice of who may see the image. Pure.
import type { CloudView } from '../../../shared/views.ts';
import type { Draft } from '../../state/draft.ts';

type Visibility = Draft['image']['visibility'];

export interface VisibilityAdvice {
  /** Whether Public cannot be chosen. */
  readonly publicRefused: boolean;
  readonly hint: string;
  readonly problem: string | null;
}

const MEANING: Readonly<Record<Visibility, string>> = {
  private: 'Nobody outside your project sees it.',
  shared: 'Only the projects you name below see it, once each has accepted it.',
  community: 'It stands in nobody’s list, but everybody who knows its ID can start servers from it.',
  public: 'It stands in everybody’s list.',
};

/** `allowed` is null when the cloud does not tell beforehand, undefined before somebody signed in. */
export function visibilityAdvice(
  allowed: CloudView['publicAllowed'] | undefined,
  visibility: Visibility,
): VisibilityAdvice {
  const isPublic = visibility === 'public';
  if (allowed === false)
    return {
      publicRefused: true,
      hint: `${MEANING[visibility]} This account may not publish images to everybody, so Public cannot be chosen.`,
      problem: isPublic ? 'The cloud would refuse this. Choose another.' : null,
    };
  const untold = allowed === null && isPublic;
  return {
    publicRefused: false,
    hint: untold
      ? `${MEANING.public} The cloud may refuse that to this account; Casement finds out before it uploads.`
      : MEANING[visibility],
    problem: null,
  };
}
