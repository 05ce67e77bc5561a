// Where SSH agents listen on this workstation.

/** Agents in the order they are asked: SSH_AUTH_SOCK, on Windows also OpenSSH's service and PuTTY's Pageant. */
export function defaultAgents(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): readonly string[] {
  const named = env.SSH_AUTH_SOCK;
  const own = named === undefined || named === '' ? [] : [named];
  const windows = platform === 'win32' ? ['\\\\.\\pipe\\openssh-ssh-agent', 'pageant'] : [];
  return [...new Set([...own, ...windows])];
}
