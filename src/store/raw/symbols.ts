/**
 * The functions of RocksDB's C API that Tidemark calls.
 *
 * Sizes and addresses are `u64`, given as bigints, which take V8's fast call; a `buffer` or a number
 * costs ten times more. An address that only goes from one call into the next stays in a register as
 * `u64`; as `pointer` it becomes an object on V8's heap (a get: 5 % slower, 64 bytes).
 */

const create = { parameters: [], result: "u64" } as const;
const destroy = { parameters: ["u64"], result: "void" } as const;
const setByte = { parameters: ["u64", "u8"], result: "void" } as const;
const setInt = { parameters: ["u64", "i32"], result: "void" } as const;
const setSize = { parameters: ["u64", "u64"], result: "void" } as const;
const setPointer = { parameters: ["u64", "u64"], result: "void" } as const;
const setSlice = { parameters: ["u64", "u64", "u64"], result: "void" } as const;
const outSlice = { parameters: ["u64", "u64"], result: "u64" } as const;

/** As below, on a thread of the runtime's: the calling one goes on meanwhile. */
export const MEANWHILE = {
  rocksdb_write: { parameters: ["u64", "u64", "u64", "u64"], result: "void", nonblocking: true },
} as const;

/** A library without one of these is too old, or not RocksDB. */
export const REQUIRED = {
  rocksdb_free: destroy,
  rocksdb_open_column_families: {
    parameters: [
      "u64",
      "u64",
      "i32",
      "u64",
      "u64",
      "u64",
      "u64",
    ],
    result: "u64",
  },
  rocksdb_column_family_handle_destroy: destroy,
  rocksdb_close: destroy,
  rocksdb_put_cf: {
    parameters: ["u64", "u64", "u64", "u64", "u64", "u64", "u64", "u64"],
    result: "void",
  },
  rocksdb_delete_cf: {
    parameters: ["u64", "u64", "u64", "u64", "u64", "u64"],
    result: "void",
  },
  rocksdb_get_pinned_cf: {
    parameters: ["u64", "u64", "u64", "u64", "u64", "u64"],
    result: "u64",
  },
  rocksdb_pinnableslice_value: { parameters: ["u64", "u64"], result: "u64" },
  rocksdb_pinnableslice_destroy: { parameters: ["u64"], result: "void" },
  rocksdb_write: { parameters: ["u64", "u64", "u64", "u64"], result: "void" },
  rocksdb_writebatch_create: create,
  rocksdb_writebatch_destroy: destroy,
  rocksdb_writebatch_clear: destroy,
  rocksdb_writebatch_count: { parameters: ["u64"], result: "i32" },
  rocksdb_writebatch_put_cf: {
    parameters: ["u64", "u64", "u64", "u64", "u64", "u64"],
    result: "void",
  },
  rocksdb_writebatch_delete_cf: {
    parameters: ["u64", "u64", "u64", "u64"],
    result: "void",
  },
  rocksdb_create_iterator_cf: { parameters: ["u64", "u64", "u64"], result: "u64" },
  rocksdb_iter_destroy: destroy,
  rocksdb_iter_valid: { parameters: ["u64"], result: "u8" },
  rocksdb_iter_seek_to_first: destroy,
  rocksdb_iter_seek_to_last: destroy,
  rocksdb_iter_next: destroy,
  rocksdb_iter_prev: destroy,
  rocksdb_iter_key: outSlice,
  rocksdb_iter_value: outSlice,
  rocksdb_iter_get_error: setPointer,
  rocksdb_create_snapshot: { parameters: ["u64"], result: "u64" },
  rocksdb_release_snapshot: setPointer,
  rocksdb_envoptions_create: create,
  rocksdb_envoptions_destroy: destroy,
  rocksdb_sstfilewriter_create: outSlice,
  rocksdb_sstfilewriter_destroy: destroy,
  rocksdb_sstfilewriter_open: setSlice,
  rocksdb_sstfilewriter_put: {
    parameters: ["u64", "u64", "u64", "u64", "u64", "u64"],
    result: "void",
  },
  rocksdb_sstfilewriter_finish: setPointer,
  rocksdb_sstfilewriter_file_size: setPointer,
  rocksdb_ingestexternalfileoptions_create: create,
  rocksdb_ingestexternalfileoptions_destroy: destroy,
  rocksdb_ingestexternalfileoptions_set_move_files: setByte,
  rocksdb_ingest_external_file: {
    parameters: ["u64", "u64", "u64", "u64", "u64"],
    result: "void",
  },
  rocksdb_checkpoint_object_create: { parameters: ["u64", "u64"], result: "u64" },
  rocksdb_checkpoint_create: {
    parameters: ["u64", "u64", "u64", "u64"],
    result: "void",
  },
  rocksdb_checkpoint_object_destroy: destroy,
  rocksdb_property_int_cf: { parameters: ["u64", "u64", "u64", "u64"], result: "i32" },
  rocksdb_property_value_cf: { parameters: ["u64", "u64", "u64"], result: "u64" },
  rocksdb_flush_cf: {
    parameters: ["u64", "u64", "u64", "u64"],
    result: "void",
  },
  rocksdb_flushoptions_create: create,
  rocksdb_flushoptions_destroy: destroy,
  rocksdb_flushoptions_set_wait: setByte,
  rocksdb_compact_range_cf: {
    parameters: ["u64", "u64", "u64", "u64", "u64", "u64"],
    result: "void",
  },
  rocksdb_get_options_from_string: {
    parameters: ["u64", "u64", "u64", "u64"],
    result: "void",
  },
  rocksdb_options_create: create,
  rocksdb_options_destroy: destroy,
  rocksdb_options_set_create_if_missing: setByte,
  rocksdb_options_set_create_missing_column_families: setByte,
  rocksdb_options_set_compression: setInt,
  rocksdb_options_set_info_log_level: setInt,
  rocksdb_options_set_write_buffer_size: setSize,
  rocksdb_options_enable_statistics: destroy,
  rocksdb_options_statistics_get_string: { parameters: ["u64"], result: "u64" },
  rocksdb_options_set_block_based_table_factory: setPointer,
  rocksdb_block_based_options_create: create,
  rocksdb_block_based_options_destroy: destroy,
  rocksdb_block_based_options_set_no_block_cache: setByte,
  rocksdb_block_based_options_set_block_cache: setPointer,
  rocksdb_cache_create_lru: { parameters: ["u64"], result: "u64" },
  rocksdb_cache_destroy: destroy,
  rocksdb_writeoptions_create: create,
  rocksdb_writeoptions_destroy: destroy,
  rocksdb_writeoptions_set_sync: setByte,
  rocksdb_writeoptions_disable_WAL: setInt,
  rocksdb_readoptions_create: create,
  rocksdb_readoptions_destroy: destroy,
  rocksdb_readoptions_set_snapshot: setPointer,
  rocksdb_readoptions_set_iterate_upper_bound: setSlice,
  rocksdb_readoptions_set_iterate_lower_bound: setSlice,
} as const satisfies Deno.ForeignLibraryInterface;

/** Functions of the C library that the store needs beside RocksDB's. */
export const LIBC = {
  memcpy: { parameters: ["u64", "u64", "u64"], result: "void" },
} as const satisfies Deno.ForeignLibraryInterface;

/** RocksDB's functions, as a loaded library has them. */
export type RocksSymbols = Deno.DynamicLibrary<typeof REQUIRED>["symbols"];
