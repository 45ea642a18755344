/**
 * This very binary, where it may be run; else `deno` from the path, which a task's permission names
 * and which npx and `deno task` make the same one.
 */
export function denoCommand(): string {
  const self = Deno.execPath();
  const { state } = Deno.permissions.querySync({ name: "run", command: self });
  return state === "granted" ? self : "deno";
}
