// Why Keystone refused a sign-in, in words. Pure.
import { CasementError } from '../../shared/errors.ts';
import type { ProjectView } from '../../shared/views-cloud.ts';
import type { Proof } from './credentials.ts';
import { type Answer, faultText, requestId, serviceError } from './faults.ts';
import { notKeystone } from './identity.ts';

/** Whether an answer says that the proof was not good, rather than that something else went wrong. */
export function isRefusal(answer: Answer, proof: Proof): boolean {
  return answer.status === 401 || (answer.status === 404 && proof.kind === 'application-credential');
}

/** What an answer means that is neither a token nor a refusal of the proof. */
export function otherAnswer(answer: Answer): CasementError {
  if (answer.status === 404 || (answer.status >= 300 && answer.status < 400))
    return notKeystone(`HTTP ${answer.status} ${answer.headers.location ?? ''}`);
  return serviceError('identity', 'signing in', answer);
}

/** The sentence for a proof that Keystone did not accept. */
export function refusal(answer: Answer, proof: Proof): CasementError {
  const detail = `${faultText(answer)} ${requestId(answer)}`.trim();
  switch (proof.kind) {
    case 'application-credential':
      return new CasementError({
        code: 'cloud.wrong-credential',
        title: 'The application credential was refused',
        whatHappened:
          answer.status === 404
            ? 'Keystone does not know an application credential with this id.'
            : 'Keystone knows the id but refused the secret, or the credential has expired.',
        whatToDo: 'Create a new application credential in Horizon (Identity) and use its id and secret.',
        detail,
      });
    case 'token':
      return tokenEnded(detail);
    case 'websso':
      return new CasementError({
        code: 'cloud.sso-refused',
        title: 'The sign-in through the browser was not accepted',
        whatHappened: 'Keystone refused the token that the browser brought.',
        whatToDo: 'Sign in again; if it stays, show this to the operator of the cloud.',
        detail,
      });
    case 'totp':
      return new CasementError({
        code: 'cloud.wrong-passcode',
        title: 'User name or passcode is wrong',
        whatHappened: `Keystone refused ${userTitle(proof)} with this passcode.`,
        whatToDo: PASSCODE_HELP,
        detail,
      });
    case 'password':
      return new CasementError({
        code: proof.passcode ? 'cloud.wrong-passcode' : 'cloud.wrong-password',
        title: proof.passcode ? 'Password or passcode is wrong' : 'User name or password is wrong',
        whatHappened: `Keystone refused ${userTitle(proof)} with this password${proof.passcode ? ' and passcode; it does not say which of the two was wrong' : ''}.`,
        whatToDo: `Check user name, user domain and password; a locked account looks the same.${proof.passcode ? ` ${PASSCODE_HELP}` : ''}`,
        detail,
      });
  }
}

const PASSCODE_HELP =
  'A passcode is good for 30 seconds and only once: wait for the next one. The clock of the phone must be right.';

function userTitle({ user }: Extract<Proof, { kind: 'password' | 'totp' }>): string {
  return 'name' in user ? `the user "${user.name}"` : 'this user';
}

/** A token that Keystone does not accept any more. */
export function tokenEnded(detail: string): CasementError {
  return new CasementError({
    code: 'cloud.token-ended',
    title: 'The token has ended',
    whatHappened:
      'Keystone does not accept the token: it has ended or was withdrawn. A token cannot be renewed by itself.',
    whatToDo:
      'Make a new one ("openstack token issue") and sign in with it. For long work use a password or an application credential.',
    detail,
  });
}

/** The error of a project that the account may not enter; `projects` are those it may. */
export function wrongProject(projects: readonly ProjectView[], detail: string): CasementError {
  return new CasementError({
    code: 'cloud.unknown-project',
    title: 'The sign-in is right, the project is not',
    whatHappened: `This user may not enter the project. ${listed(projects)}`,
    whatToDo:
      projects.length > 0
        ? 'Choose one of these projects and check the project domain.'
        : 'Ask the operator of the cloud for a role in the project.',
    detail,
  });
}

/** The error of a sign-in that names no project where there is not exactly one. */
export function chooseProject(projects: readonly ProjectView[]): CasementError {
  if (projects.length === 0)
    return new CasementError({
      code: 'cloud.no-project',
      title: 'This account has no project',
      whatHappened: 'The sign-in is right, but no project is open to this user.',
      whatToDo: 'Ask the operator of the cloud for a role in a project.',
    });
  return new CasementError({
    code: 'cloud.choose-project',
    title: 'Choose a project',
    whatHappened: `The sign-in names no project and this account has several. ${listed(projects)}`,
    whatToDo: 'Name one of them.',
  });
}

function listed(projects: readonly ProjectView[]): string {
  if (projects.length === 0) return 'No project is open to this user.';
  return `Open to this user: ${projects.map(({ name }) => name).join(', ')}.`;
}
