export { etcdProgram } from "./program.ts";
export { ETCD } from "./kind.ts";
export { openEtcd } from "./store.ts";
