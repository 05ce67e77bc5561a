// How a plan says with which account of which cloud to work. Names secrets, never holds them.
import { z } from 'zod';
import { secretRef } from './plan-host.ts';

/** Port on which openstackclient's own browser sign-in (keystoneauth-websso) listens: what operators have allowed. */
export const WEBSSO_PORT = 9990;

const authUrl = z.url({ protocol: /^https?$/ }).describe('Address of Keystone');
const otherProject = z
  .string()
  .min(1)
  .optional()
  .describe('Name or id of the project to work in, instead of the one the file names');
const project = z
  .string()
  .min(1)
  .optional()
  .describe("Name or id of the project; default: the account's own or only one");
const projectDomain = z.string().min(1).default('Default');

/** What every way to sign in may need. */
const common = {
  region: z.string().optional(),
  caFile: z.string().optional().describe('PEM file with the certificate authority of the cloud'),
  certFile: z
    .string()
    .optional()
    .describe('PEM file of the client certificate, for a cloud that wants to see one'),
  keyFile: z.string().optional().describe('PEM file of its private key, when that is not in certFile'),
  verify: z
    .boolean()
    .optional()
    .describe('false: certificates of the cloud are not checked, so anybody on the way may listen'),
};

export const cloudSource = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('clouds.yaml'),
      cloud: z.string().min(1).describe('Name in clouds.yaml; envvars means the OS_ variables'),
      file: z.string().optional().describe('clouds.yaml to read instead of the usual search path'),
      project: otherProject,
      ...common,
    }),
    z.strictObject({
      kind: z.literal('openrc'),
      file: z.string().min(1).describe('openrc file, for Bash or PowerShell'),
      password: secretRef.optional().describe('When the openrc file asks for the password'),
      project: otherProject,
      ...common,
    }),
    z.strictObject({
      kind: z.literal('password'),
      authUrl,
      username: z.string().min(1),
      userDomain: z.string().default('Default'),
      project,
      projectDomain,
      password: secretRef,
      passcode: z.boolean().optional().describe('Ask for a one-time passcode (TOTP) as well'),
      ...common,
    }),
    z.strictObject({
      kind: z.literal('application-credential'),
      authUrl,
      id: z.string().min(1),
      secret: secretRef,
      ...common,
    }),
    z.strictObject({
      kind: z.literal('token'),
      authUrl,
      token: secretRef.describe('A token made elsewhere; it cannot be renewed'),
      project,
      projectDomain,
      ...common,
    }),
    z.strictObject({
      kind: z.literal('totp'),
      authUrl,
      username: z.string().min(1),
      userDomain: z.string().default('Default'),
      project,
      projectDomain,
      ...common,
    }),
    z.strictObject({
      kind: z.literal('websso'),
      authUrl,
      identityProvider: z.string().min(1).optional(),
      protocol: z.string().min(1).describe('Protocol of the federation, such as openid or saml2'),
      redirectPort: z
        .number()
        .int()
        .min(1)
        .max(65535)
        .optional()
        .describe(`Port of this computer to which the browser brings the token (default: ${WEBSSO_PORT})`),
      project,
      projectDomain,
      ...common,
    }),
  ])
  .describe('How to sign in to OpenStack');

export type CloudSource = z.output<typeof cloudSource>;
