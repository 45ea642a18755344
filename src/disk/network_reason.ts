/** What a network's errors mean; the texts are those of rustls, hyper and the system, as Deno has them. */
const REASONS: readonly [said: RegExp, reason: string][] = [
  [/refused/i, "the connection is refused; is the server on, and the port the right one?"],
  [
    /dns|lookup|resolve|name or service|nodename/i,
    "its name is not known to the name service; check the name and the network",
  ],
  [
    /certificate|UnknownIssuer|NotValidForName|Expired/i,
    "its certificate is not to be trusted; check the address, the clock and what is in between",
  ],
  [
    /tls|handshake|InvalidContentType|ssl/i,
    "it does not speak TLS there; check the address and its port",
  ],
  [/unreachable|no route/i, "no way leads there; check the address and the network"],
  [/timed out|timeout/i, "it does not answer; check the address and the network"],
  [
    /reset|closed|eof|broken pipe|incomplete|aborted/i,
    "the connection broke off; try again, and check what is in between",
  ],
  [/proxy|tunnel/i, "the proxy lets nothing through; check HTTPS_PROXY"],
];

/**
 * What an error of the network means, and how to mend it, as the end of a sentence.
 *
 * @param error What `fetch` threw.
 */
export function networkReason(error: unknown): string {
  // The innermost cause is the plainest.
  let innermost = error;
  for (let i = 0; i < 10 && innermost instanceof Error && innermost.cause instanceof Error; i++) {
    innermost = innermost.cause;
  }
  const said = innermost instanceof Error ? innermost.message : String(innermost);
  // An address in the text may have any word in it.
  const text = said.replace(/\(?https?:\/\/\S+/g, "");
  return REASONS.find(([pattern]) => pattern.test(text))?.[1] ??
    "the connection failed; check the address and the network";
}
