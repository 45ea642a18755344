import { testListings } from "../../native/_testing/listings.ts";
import { NATIVE_NOTHING_CODE } from "./native_code.ts";

await testListings({ NATIVE_NOTHING_CODE });
