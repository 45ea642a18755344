import { testListings } from "../../native/_testing/listings.ts";
import { NATIVE_LOOP_CODE } from "./native_loop_code.ts";

await testListings({ NATIVE_LOOP_CODE });
