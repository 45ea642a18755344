export {
  alertWords,
  connectionWords,
  dial,
  ServerError,
  type TlsFiles,
  tlsOf,
  within,
} from "./dial.ts";
export { type Endpoint, endpointText, isHost, parseEndpoints } from "./endpoint.ts";
export { Http2Error, newMeter, type WireMeter } from "./http2.ts";
export { ProtoReader, ProtoWriter } from "./protobuf.ts";
export { RPC_CODE, RpcConnection, RpcError, type RpcStream } from "./rpc.ts";
