// What Windows answers to somebody who may not sign in, in sentences; every client's codes lead here. Pure.

/** What a CasementError says, without its detail. */
export type Sentence = readonly [code: string, title: string, whatHappened: string, whatToDo: string];

/** `server` as the subject of a sentence. */
export const wrongPassword = (server: string, user: string): Sentence => [
  'connect.wrong-password',
  'User name or password is wrong',
  `${server} refused ${user} with this password.`,
  'Check the password. A chosen password that breaks the Windows rules is ignored in silence: then ask Nova for the generated one.',
];

/** The account lockout policy. */
export const accountLocked = (user: string): Sentence => [
  'connect.locked',
  'The account is locked',
  `Windows locked ${user} after too many wrong passwords.`,
  'Wait ten minutes, or unlock the account on the console of the server.',
];

/** An expired password, or one of a first logon. */
export const mustChange = (user: string): Sentence => [
  'connect.must-change',
  'Windows wants a new password first',
  `The password of ${user} has expired or must be changed at the next logon, which cannot be done over NLA.`,
  'Sign in once on the console of the server, or set first_logon_behaviour=no for Cloudbase-Init in the image.',
];

/** No member of the groups that may sign in from afar, or outside the hours. */
export const notAllowed = (user: string): Sentence => [
  'connect.not-allowed',
  'The account may not use Remote Desktop',
  `Windows knows ${user} but does not let it sign in from afar.`,
  'Add the account to "Remote Desktop Users", or use Administrator.',
];

/** Switched off in Windows. */
export const accountDisabled = (user: string): Sentence => [
  'connect.disabled',
  'The account is disabled',
  `Windows has ${user} switched off.`,
  'Enable the account on the console of the server.',
];

/** `whatHappened` says which side refused. */
export const noSecurity = (whatHappened: string): Sentence => [
  'connect.security',
  'Client and server agree on no security layer',
  whatHappened,
  'Check the Remote Desktop settings of the server, or use another client.',
];
