/**
 * Child processes as everything here needs them: none is waited for without a limit, and one that
 * was killed not for ever either. What a child is for, and what is said of its end, is its starter's.
 */
export { denoCommand } from "./deno_command.ts";
export { hasEnded, kill } from "./end.ts";
export { firstText } from "./first_text.ts";
export { lastText } from "./last_text.ts";
export { type Output, outputWithin } from "./output_within.ts";
export { Silence } from "./silence.ts";
export { untilEnded } from "./until_ended.ts";
