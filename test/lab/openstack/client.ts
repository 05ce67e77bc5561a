// A small OpenStack client of the laboratory's own, so that tests do not judge the product by itself.

export interface Login {
  authUrl: string;
  username: string;
  password: string;
  project: string;
}

/** An answer outside 2xx. */
class ApiError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

interface Token {
  id: string;
  userId: string;
  projectId: string;
}

/** Speaks for one user; asks for a new token when the old one has expired. */
export class Client {
  readonly #login: Login;
  #token: Promise<Token> | undefined;

  constructor(login: Login) {
    this.#login = login;
  }

  async #authenticate(): Promise<Token> {
    const { authUrl, username, password, project } = this.#login;
    const domain = { id: 'default' };
    const response = await fetch(`${authUrl}/auth/tokens`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({
        auth: {
          identity: { methods: ['password'], password: { user: { name: username, domain, password } } },
          scope: { project: { name: project, domain } },
        },
      }),
    });
    const text = await response.text();
    if (!response.ok)
      throw new ApiError(
        response.status,
        `Keystone refused ${username}: ${response.status} ${text.slice(0, 300)}`,
      );
    const body = JSON.parse(text) as { token: { user: { id: string }; project: { id: string } } };
    return {
      id: response.headers.get('x-subject-token') ?? '',
      userId: body.token.user.id,
      projectId: body.token.project.id,
    };
  }

  /** The current token with the ids it speaks for. */
  token(): Promise<Token> {
    this.#token ??= this.#authenticate().catch((error: unknown) => {
      this.#token = undefined;
      throw error;
    });
    return this.#token;
  }

  /** Calls an address; resolves to the parsed body, or undefined when it is empty. Throws ApiError. */
  async call<T>(
    method: string,
    url: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<T> {
    const once = async () =>
      fetch(url, {
        method,
        headers: {
          'X-Auth-Token': (await this.token()).id,
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined
          ? {}
          : { body: body instanceof Uint8Array ? (body as BodyInit) : JSON.stringify(body) }),
      });
    let response = await once();
    if (response.status === 401) {
      await response.arrayBuffer();
      this.#token = undefined;
      response = await once();
    }
    const text = await response.text();
    if (!response.ok)
      throw new ApiError(response.status, `${method} ${url}: ${response.status} ${text.slice(0, 500)}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }
}
