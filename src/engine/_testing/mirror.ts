/** A Maven repository on this machine. */

/** What the repository answers with: by the end of the address, e.g. `.jar`, `.jar.sha1`. */
export type Answers = Record<string, (request: Request) => Response | Promise<Response>>;

/** A repository that runs. */
export interface Mirror extends AsyncDisposable {
  /** Its address. */
  url: string;
  host: string;
  /** Ends of the addresses that were asked for, in order. */
  asked: string[];
}

/** Starts one; what it has no answer for it does not have. */
export function startMirror(answers: Answers): Mirror {
  const asked: string[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    const [ending = ""] = /\.jar(\.\w+)?$/.exec(new URL(request.url).pathname) ?? [];
    asked.push(ending);
    return answers[ending]?.(request) ?? new Response("not here", { status: 404 });
  });
  const host = `127.0.0.1:${server.addr.port}`;
  return {
    url: `http://${host}/maven`,
    host,
    asked,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}
