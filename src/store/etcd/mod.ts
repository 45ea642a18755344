export { etcdProgram } from "./cluster.ts";
export { ETCD } from "./kind.ts";
export { openEtcd } from "./store.ts";
