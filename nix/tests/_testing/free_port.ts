/** A port of this machine that nobody listens on; the launcher's own may be in use by a node. */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
