import { testListings } from "../../native/_testing/listings.ts";
import { NATIVE_GET_CODE, NATIVE_PUT_CODE } from "./native_code.ts";
import { POINT_READ_CODE } from "./point_read_code.ts";
import { WALK_CODE } from "./walk_code.ts";

await testListings({ WALK_CODE, POINT_READ_CODE, NATIVE_GET_CODE, NATIVE_PUT_CODE });
