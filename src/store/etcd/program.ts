/** The etcd that is started where no servers are named. */
import { findProgram } from "../find_program.ts";

/** The environment variable that names an etcd to start. */
export const ETCD_VARIABLE = "TIDEMARK_ETCD";

/** The etcd that is started; `undefined` where there is none. */
export function etcdProgram(): string | undefined {
  const named = Deno.env.get(ETCD_VARIABLE);
  return named === undefined || named === "" ? findProgram("etcd") : named;
}
