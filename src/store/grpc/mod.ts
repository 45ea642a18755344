export { Http2Error } from "./http2.ts";
export { ProtoReader, ProtoWriter } from "./protobuf.ts";
export { RPC_CODE, RpcConnection, RpcError, type RpcStream } from "./rpc.ts";
