import type { NightPlan } from "./plan.ts";

/** An error in one line; what nobody foresaw is told with its stack as well. */
export function tellFailure(error: unknown, { lineOf, tell }: Pick<NightPlan, "lineOf" | "tell">) {
  const known = lineOf(error);
  if (known !== undefined) return known;
  const text = error instanceof Error ? error.message.split("\n")[0]! : String(error);
  tell(`${error instanceof Error ? error.stack ?? text : text}\n`);
  return `this is a fault of Tidemark itself: ${text}`;
}
