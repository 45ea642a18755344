/** Lays a cable of two machines that has a delay, and says what delays its frames, or why none is. */
import { CableError, layCable } from "../cable.ts";

try {
  const cable = await layCable(2, { delayMs: 3, jitterMs: 0, loss: 0 });
  console.log(JSON.stringify({ kind: cable.kind, addresses: cable.addresses }));
  await cable.end();
} catch (error) {
  if (!(error instanceof CableError)) throw error;
  console.log(JSON.stringify({ error: error.message }));
}
