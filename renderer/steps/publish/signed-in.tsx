import { MessageBar, MessageBarBody } from '@fluentui/react-components';
import type { CloudView } from '../../../shared/views.ts';
import { formatTime } from '../../parts/format.ts';

/** Who is signed in, where, and for how long. */
export function SignedIn({ view }: { readonly view: CloudView }) {
  const roles = view.roles.length > 0 ? ` (roles: ${view.roles.join(', ')})` : '';
  return (
    <MessageBar intent={view.renewal === 'no' ? 'warning' : 'success'} layout="multiline">
      <MessageBarBody>
        Signed in as <b>{view.user}</b> in project <b>{view.project}</b>
        {view.region ? (
          <>
            , region <b>{view.region}</b>
          </>
        ) : null}
        {roles}. {lasts(view)}
      </MessageBarBody>
    </MessageBar>
  );
}

function lasts({ renewal, tokenExpires }: CloudView): string {
  const until = formatTime(tokenExpires);
  switch (renewal) {
    case 'yes':
      return `The sign-in lasts until ${until} and is renewed by itself.`;
    case 'asks':
      return `The sign-in lasts until ${until}; then you are asked again.`;
    case 'no':
      return `The token ends at ${until} and cannot be renewed: what takes longer will fail then.`;
  }
}
