export { KEY_ORDER_NAMES, KEY_ORDERS, type KeyOrderName } from "./key_orders.ts";
export { MOST_DIVISOR } from "./fnv.ts";
export { KEY_FORMS } from "./key_forms.ts";
export { KEY_BYTES, type KeyOrder, RandomKeys, SequentialKeys, writeKey } from "./keys.ts";
export {
  type ClientGroup,
  ETCD_OPERATION_NAMES,
  type KeyDistribution,
  LOAD_CODES,
  LOAD_OPERATION_NAMES,
  LOAD_OPERATIONS,
  type LoadOperationName,
  type LoadSpec,
  needsEtcd,
  type OperationMix,
  type OperationStream,
  type Pace,
  type Schedule,
  type SizeDistribution,
} from "./load.ts";
export {
  OPERATION_NAMES,
  type OperationName,
  OPERATIONS,
  type OperationWord,
} from "./operations.ts";
export { schedule } from "./schedule.ts";
export { SHAPE_NAMES, type ShapeName, SHAPES } from "./shapes.ts";
export { mostOf, type SizeSource, sizeSource } from "./sizes.ts";
export { SLOW_CAUSES, type SlowCause } from "./slow_causes.ts";
export { clientsOf, groupOf, operationStream } from "./stream.ts";
export { COMPRESSIBILITY, makeValues } from "./values.ts";
export { MOST_THETA } from "./zipfian.ts";
