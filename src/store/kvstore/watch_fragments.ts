/** Responses of watches in parts (`sendFragments` in `server/etcdserver/api/v3rpc/watch.go`). */
import type { WatchEvent, WatchResponse } from "./messages.ts";
import { lengthDelimited, sizeOfEvent, sizeOfWatchHeader } from "./request_size.ts";

/**
 * Bytes that a part stays below, in protobuf's encoding: what etcd allows a request by default, and
 * what it allows gRPC on top.
 */
const MAX_FRAGMENT_BYTES = (1.5 + 0.5) * 1024 * 1024;

/**
 * A response in parts, each with as many events as stay below the bound, and one at least. All but the
 * last one are marked.
 */
export function fragmentsOf(response: WatchResponse): WatchResponse[] {
  const { events } = response;
  const header = sizeOfWatchHeader(response);
  const parts: WatchEvent[][] = [];
  let size = Infinity;
  for (const event of events) {
    const eventSize = lengthDelimited(sizeOfEvent(event));
    if (size + eventSize >= MAX_FRAGMENT_BYTES) {
      parts.push([]);
      size = header;
    }
    parts.at(-1)!.push(event);
    size += eventSize;
  }
  if (parts.length < 2) return [response];
  return parts.map((part, i) => ({
    ...response,
    events: part,
    ...(i < parts.length - 1 && { fragment: true }),
  }));
}
