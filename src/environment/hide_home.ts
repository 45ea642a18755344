/**
 * Puts `~` for the home directory at the start of a path, so that a recorded path names no user.
 *
 * @param path A path; one outside the home directory is returned as it is.
 * @param home The home directory; where there is none, nothing is hidden.
 */
export function hideHome(path: string, home: string | undefined = Deno.env.get("HOME")): string {
  const prefix = home?.replace(/\/+$/, "");
  if (!prefix) return path;
  if (path === prefix) return "~";
  return path.startsWith(prefix + "/") ? "~" + path.slice(prefix.length) : path;
}
