/*
 * RocksDB as a plug-in, over librocksdb's C functions: the proof that an engine measured through the
 * interface is measured as one that the host knows. Its defaults are those of the store `raw`.
 *
 *   cc -O2 -shared -fPIC -DVERSION='"7.8.3"' -I../include -o librocksdb_plugin.so rocksdb.c -lrocksdb
 */
#include <rocksdb/c.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tidemark_config.h"
#include "tidemark_plugin.h"

#ifndef VERSION
#define VERSION "unknown"
#endif
#define MOST_FAMILIES 64
#define TEXT 512
/* How often to look whether anything works in the background, ms. */
#define SETTLE_STEP_MS 5

/* What was set, as describe says it. */
struct settings {
  char path[4096], engine[4096];
  char wal[16], compression[16];
  uint64_t families, write_buffer, block_cache, bloom_bits;
  int statistics;
};

struct tidemark_db_t {
  struct settings set;
  rocksdb_t *rocks;
  rocksdb_options_t *options;
  rocksdb_writeoptions_t *write;
  rocksdb_column_family_handle_t *families[MOST_FAMILIES];
  char error[TEXT];
};

struct tidemark_session_t {
  tidemark_db_t *db;
  /* Copies of what every call needs: one load each. */
  rocksdb_t *rocks;
  rocksdb_writeoptions_t *write;
  rocksdb_readoptions_t *read;
  char error[TEXT];
};

struct tidemark_cursor_t {
  tidemark_session_t *session;
  rocksdb_iterator_t *iterator;
  rocksdb_readoptions_t *read;
  char *bounds;
  int started, reverse, ended;
};

/* Keeps a text, cut to what there is room for. */
static int32_t fail(char *error, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(error, TEXT, format, arguments);
  va_end(arguments);
  return TIDEMARK_FAILED;
}

/* Keeps RocksDB's own text, which is freed. */
static int32_t failed(char *error, char *text) {
  fail(error, "%s", text);
  rocksdb_free(text);
  return TIDEMARK_FAILED;
}

uint32_t tidemark_abi(void) { return TIDEMARK_ABI; }

int32_t tidemark_describe(const tidemark_db_t *db, char *buffer, uint64_t capacity,
                          uint64_t *length) {
  static const struct settings defaults = {
      .wal = "buffered", .compression = "snappy", .write_buffer = 67108864, .block_cache = 8388608};
  const struct settings *set = db == NULL ? &defaults : &db->set;
  const char *means = strcmp(set->wal, "synced") == 0     ? "the log is written, and fdatasync has returned"
                      : strcmp(set->wal, "buffered") == 0 ? "the log is written to the operating system"
                                                          : "the change is in the process's memory, and there is no log";
  char text[1024], open[256] = "";
  if (db != NULL)
    snprintf(open, sizeof open, "\"durability\":\"%s\",\"acknowledgement\":\"%s\",", set->wal, means);
  int n = snprintf(
      text, sizeof text,
      "{\"name\":\"rocksdb\",\"engine\":\"RocksDB\",\"version\":\"%s\",\"threads\":\"session\","
      "\"families\":%d,\"network\":false,%s\"options\":{\"wal\":\"%s\",\"compression\":\"%s\","
      "\"writeBufferBytes\":%llu,\"blockCacheBytes\":%llu,\"bloomBits\":%llu,\"statistics\":%s%s}}",
      VERSION, MOST_FAMILIES, open, set->wal, set->compression, (unsigned long long)set->write_buffer,
      (unsigned long long)set->block_cache, (unsigned long long)set->bloom_bits,
      set->statistics ? "true" : "false", db == NULL ? ",\"engineOptions\":\"\"" : "");
  return tidemark_give(text, (uint64_t)n, buffer, capacity, length);
}

/* Reads the configuration. */
static int32_t read_settings(tidemark_db_t *db, const char *config, uint64_t length) {
  struct settings *set = &db->set;
  *set = (struct settings){.wal = "buffered",
                           .compression = "snappy",
                           .families = 1,
                           .write_buffer = 67108864,
                           .block_cache = 8388608};
  tidemark_members m = {config, config + length};
  while (tidemark_next_member(&m)) {
    int fits = 1;
    if (tidemark_member_is(&m, "path"))
      fits = tidemark_value_text(&m, set->path, sizeof set->path);
    else if (tidemark_member_is(&m, "engineOptions"))
      fits = tidemark_value_text(&m, set->engine, sizeof set->engine);
    else if (tidemark_member_is(&m, "wal"))
      fits = tidemark_value_text(&m, set->wal, sizeof set->wal);
    else if (tidemark_member_is(&m, "compression"))
      fits = tidemark_value_text(&m, set->compression, sizeof set->compression);
    else if (tidemark_member_is(&m, "families")) set->families = tidemark_value_number(&m);
    else if (tidemark_member_is(&m, "writeBufferBytes"))
      set->write_buffer = tidemark_value_number(&m);
    else if (tidemark_member_is(&m, "blockCacheBytes"))
      set->block_cache = tidemark_value_number(&m);
    else if (tidemark_member_is(&m, "bloomBits")) set->bloom_bits = tidemark_value_number(&m);
    else if (tidemark_member_is(&m, "statistics")) set->statistics = m.value[0] == 't';
    else
      return fail(db->error, "there is no option %.*s", (int)m.name_length, m.name);
    if (!fits) return fail(db->error, "%.*s is too long", (int)m.name_length, m.name);
  }
  if (set->families < 1 || set->families > MOST_FAMILIES)
    return fail(db->error, "there are 1 to %d families", MOST_FAMILIES);
  return TIDEMARK_OK;
}

static int compression_of(const char *name) {
  static const char *const names[] = {"none", "snappy", "zlib", "bzip2", "lz4", "lz4hc", "xpress",
                                      "zstd"};
  for (int i = 0; i < 8; i++)
    if (strcmp(names[i], name) == 0) return i;
  return -1;
}

static int32_t make_options(tidemark_db_t *db) {
  const struct settings *set = &db->set;
  char *error = NULL;
  int compression = compression_of(set->compression);
  if (compression < 0) return fail(db->error, "there is no compression %s", set->compression);
  db->options = rocksdb_options_create();
  rocksdb_options_set_create_if_missing(db->options, 1);
  rocksdb_options_set_create_missing_column_families(db->options, 1);
  rocksdb_options_set_compression(db->options, compression);
  rocksdb_options_set_write_buffer_size(db->options, set->write_buffer);
  /* Its LOG tells only how the database was opened: a full device would end the process. */
  rocksdb_options_set_info_log_level(db->options, 4);
  if (set->statistics) rocksdb_options_enable_statistics(db->options);
  rocksdb_block_based_table_options_t *table = rocksdb_block_based_options_create();
  if (set->block_cache == 0) rocksdb_block_based_options_set_no_block_cache(table, 1);
  else {
    rocksdb_cache_t *cache = rocksdb_cache_create_lru(set->block_cache);
    rocksdb_block_based_options_set_block_cache(table, cache);
    rocksdb_cache_destroy(cache);
  }
  if (set->bloom_bits > 0)
    rocksdb_block_based_options_set_filter_policy(
        table, rocksdb_filterpolicy_create_bloom_full((double)set->bloom_bits));
  rocksdb_options_set_block_based_table_factory(db->options, table);
  rocksdb_block_based_options_destroy(table);
  if (set->engine[0] != 0) {
    rocksdb_get_options_from_string(db->options, set->engine, db->options, &error);
    if (error != NULL) return failed(db->error, error);
  }
  db->write = rocksdb_writeoptions_create();
  if (strcmp(set->wal, "synced") == 0) rocksdb_writeoptions_set_sync(db->write, 1);
  else if (strcmp(set->wal, "off") == 0) rocksdb_writeoptions_disable_WAL(db->write, 1);
  else if (strcmp(set->wal, "buffered") != 0)
    return fail(db->error, "there is no wal %s", set->wal);
  return TIDEMARK_OK;
}

int32_t tidemark_open(const char *config, uint64_t config_length, tidemark_db_t **out) {
  tidemark_db_t *db = *out = calloc(1, sizeof *db);
  if (db == NULL) return TIDEMARK_FAILED;
  int32_t done = read_settings(db, config, config_length);
  if (done == TIDEMARK_OK) done = make_options(db);
  if (done != TIDEMARK_OK) return done;
  char numbers[MOST_FAMILIES][16];
  const char *names[MOST_FAMILIES] = {"default"};
  const rocksdb_options_t *options[MOST_FAMILIES];
  int families = (int)db->set.families;
  for (int i = 0; i < families; i++) {
    options[i] = db->options;
    if (i == 0) continue;
    snprintf(numbers[i], sizeof numbers[i], "family-%d", i);
    names[i] = numbers[i];
  }
  char *error = NULL;
  db->rocks = rocksdb_open_column_families(db->options, db->set.path, families, names, options,
                                           db->families, &error);
  return error == NULL ? TIDEMARK_OK : failed(db->error, error);
}

int32_t tidemark_close(tidemark_db_t *db) {
  if (db->rocks != NULL) {
    for (uint64_t i = 0; i < db->set.families; i++)
      rocksdb_column_family_handle_destroy(db->families[i]);
    rocksdb_close(db->rocks);
  }
  if (db->write != NULL) rocksdb_writeoptions_destroy(db->write);
  if (db->options != NULL) rocksdb_options_destroy(db->options);
  free(db);
  return TIDEMARK_OK;
}

int32_t tidemark_session(tidemark_db_t *db, tidemark_session_t **out) {
  tidemark_session_t *session = *out = calloc(1, sizeof *session);
  if (session == NULL) return fail(db->error, "there is no memory");
  session->db = db;
  session->rocks = db->rocks;
  session->write = db->write;
  session->read = rocksdb_readoptions_create();
  return TIDEMARK_OK;
}

void tidemark_session_close(tidemark_session_t *session) {
  rocksdb_readoptions_destroy(session->read);
  free(session);
}

int32_t tidemark_put(tidemark_session_t *s, uint32_t family, const void *key, uint64_t key_length,
                     const void *value, uint64_t value_length) {
  char *error = NULL;
  rocksdb_put_cf(s->rocks, s->write, s->db->families[family], key, key_length, value, value_length,
                 &error);
  return error == NULL ? TIDEMARK_OK : failed(s->error, error);
}

int32_t tidemark_get(tidemark_session_t *s, uint32_t family, const void *key, uint64_t key_length,
                     void *buffer, uint64_t capacity, uint64_t *length) {
  char *error = NULL;
  rocksdb_pinnableslice_t *pinned = rocksdb_get_pinned_cf(
      s->rocks, s->read, s->db->families[family], key, key_length, &error);
  if (pinned == NULL) return error == NULL ? TIDEMARK_ABSENT : failed(s->error, error);
  size_t bytes;
  const char *value = rocksdb_pinnableslice_value(pinned, &bytes);
  *length = bytes;
  int fits = bytes <= capacity;
  if (fits) memcpy(buffer, value, bytes);
  rocksdb_pinnableslice_destroy(pinned);
  return fits ? TIDEMARK_OK : TIDEMARK_TOO_SMALL;
}

int32_t tidemark_multi_get(tidemark_session_t *s, uint32_t family, const tidemark_bytes *keys,
                           uint64_t count, void *buffer, uint64_t capacity, tidemark_found *found,
                           uint64_t *length) {
  *length = 0;
  if (count == 0) return TIDEMARK_OK;
  const char **starts = malloc(count * sizeof *starts);
  size_t *sizes = malloc(count * sizeof *sizes);
  rocksdb_pinnableslice_t **values = calloc(count, sizeof *values);
  char **errors = calloc(count, sizeof *errors);
  int32_t result = TIDEMARK_OK;
  if (starts == NULL || sizes == NULL || values == NULL || errors == NULL)
    result = fail(s->error, "there is no memory");
  else {
    for (uint64_t i = 0; i < count; i++) {
      starts[i] = keys[i].bytes;
      sizes[i] = keys[i].length;
    }
    rocksdb_batched_multi_get_cf(s->rocks, s->read, s->db->families[family], count, starts, sizes,
                                 values, errors, 0);
    for (uint64_t i = 0; i < count; i++) {
      found[i] = (tidemark_found){*length, TIDEMARK_NOT_FOUND};
      if (errors[i] != NULL) result = failed(s->error, errors[i]);
      if (values[i] == NULL) continue;
      size_t bytes;
      const char *value = rocksdb_pinnableslice_value(values[i], &bytes);
      found[i].length = bytes;
      if (*length + bytes <= capacity) memcpy((char *)buffer + *length, value, bytes);
      *length += bytes;
      rocksdb_pinnableslice_destroy(values[i]);
    }
    if (result == TIDEMARK_OK && *length > capacity) result = TIDEMARK_TOO_SMALL;
  }
  free(starts);
  free(sizes);
  free(values);
  free(errors);
  return result;
}

int32_t tidemark_delete(tidemark_session_t *s, uint32_t family, const void *key,
                        uint64_t key_length) {
  char *error = NULL;
  rocksdb_delete_cf(s->rocks, s->write, s->db->families[family], key, key_length, &error);
  return error == NULL ? TIDEMARK_OK : failed(s->error, error);
}

int32_t tidemark_error(const void *handle, uint32_t kind, char *buffer, uint64_t capacity,
                       uint64_t *length) {
  const char *text = kind == TIDEMARK_DATABASE ? ((const tidemark_db_t *)handle)->error
                                               : ((const tidemark_session_t *)handle)->error;
  uint64_t bytes = strlen(text);
  while (bytes > capacity || (bytes > 0 && (text[bytes] & 0xc0) == 0x80)) bytes--;
  return tidemark_give(text, bytes, buffer, capacity, length);
}

int32_t tidemark_cursor(tidemark_session_t *s, uint32_t family, const void *from,
                        uint64_t from_length, const void *to, uint64_t to_length, uint32_t flags,
                        tidemark_cursor_t **out) {
  *out = NULL;
  if (flags & ~(TIDEMARK_REVERSE | TIDEMARK_KEYS_ONLY)) return TIDEMARK_UNSUPPORTED;
  tidemark_cursor_t *cursor = calloc(1, sizeof *cursor);
  if (cursor == NULL) return fail(s->error, "there is no memory");
  cursor->session = s;
  cursor->reverse = (flags & TIDEMARK_REVERSE) != 0;
  rocksdb_readoptions_t *read = s->read;
  if (from_length + to_length > 0) {
    /* RocksDB keeps the bounds' addresses. */
    cursor->bounds = malloc(from_length + to_length);
    read = cursor->read = rocksdb_readoptions_create();
    if (from_length > 0) {
      memcpy(cursor->bounds, from, from_length);
      rocksdb_readoptions_set_iterate_lower_bound(read, cursor->bounds, from_length);
    }
    if (to_length > 0) {
      memcpy(cursor->bounds + from_length, to, to_length);
      rocksdb_readoptions_set_iterate_upper_bound(read, cursor->bounds + from_length, to_length);
    }
  }
  cursor->iterator = rocksdb_create_iterator_cf(s->rocks, read, s->db->families[family]);
  *out = cursor;
  return TIDEMARK_OK;
}

int32_t tidemark_next(tidemark_cursor_t *cursor, tidemark_entry *entry) {
  rocksdb_iterator_t *iterator = cursor->iterator;
  if (cursor->ended) return TIDEMARK_ABSENT;
  if (!cursor->started) {
    cursor->started = 1;
    if (cursor->reverse) rocksdb_iter_seek_to_last(iterator);
    else rocksdb_iter_seek_to_first(iterator);
  } else if (cursor->reverse) rocksdb_iter_prev(iterator);
  else rocksdb_iter_next(iterator);
  if (!rocksdb_iter_valid(iterator)) {
    char *error = NULL;
    cursor->ended = 1;
    rocksdb_iter_get_error(iterator, &error);
    return error == NULL ? TIDEMARK_ABSENT : failed(cursor->session->error, error);
  }
  size_t bytes;
  entry->key = rocksdb_iter_key(iterator, &bytes);
  entry->key_length = bytes;
  entry->value = rocksdb_iter_value(iterator, &bytes);
  entry->value_length = bytes;
  return TIDEMARK_OK;
}

void tidemark_cursor_close(tidemark_cursor_t *cursor) {
  rocksdb_iter_destroy(cursor->iterator);
  if (cursor->read != NULL) rocksdb_readoptions_destroy(cursor->read);
  free(cursor->bounds);
  free(cursor);
}

int32_t tidemark_batch(tidemark_session_t *s, const void *operations, uint64_t bytes,
                       uint64_t count) {
  const char *at = operations, *end = at + bytes;
  rocksdb_writebatch_t *batch = rocksdb_writebatch_create();
  int32_t done = TIDEMARK_OK;
  for (uint64_t i = 0; i < count && at < end; i++) {
    const uint32_t *head = (const uint32_t *)at;
    const char *key = at + 16, *value = key + head[2];
    rocksdb_column_family_handle_t *family = s->db->families[head[1]];
    if (head[0] == TIDEMARK_PUT)
      rocksdb_writebatch_put_cf(batch, family, key, head[2], value, head[3]);
    else if (head[0] == TIDEMARK_DELETE) rocksdb_writebatch_delete_cf(batch, family, key, head[2]);
    else done = TIDEMARK_UNSUPPORTED;
    at += (16 + (uint64_t)head[2] + head[3] + 7) & ~(uint64_t)7;
  }
  char *error = NULL;
  if (done == TIDEMARK_OK) rocksdb_write(s->rocks, s->write, batch, &error);
  rocksdb_writebatch_destroy(batch);
  return error == NULL ? done : failed(s->error, error);
}

int32_t tidemark_flush(tidemark_db_t *db) {
  char *error = NULL;
  rocksdb_flushoptions_t *options = rocksdb_flushoptions_create();
  rocksdb_flushoptions_set_wait(options, 1);
  for (uint64_t i = 0; i < db->set.families && error == NULL; i++)
    rocksdb_flush_cf(db->rocks, options, db->families[i], &error);
  rocksdb_flushoptions_destroy(options);
  return error == NULL ? TIDEMARK_OK : failed(db->error, error);
}

int32_t tidemark_sync(tidemark_db_t *db) {
  char *error = NULL;
  rocksdb_flush_wal(db->rocks, 1, &error);
  return error == NULL ? TIDEMARK_OK : failed(db->error, error);
}

/* RocksDB's number of a property, 0 where it has none of the name. */
static uint64_t number_of(tidemark_db_t *db, const char *property) {
  uint64_t value = 0;
  rocksdb_property_int_cf(db->rocks, db->families[0], property, &value);
  return value;
}

int32_t tidemark_compact(tidemark_db_t *db, uint32_t family, const void *from,
                         uint64_t from_length, const void *to, uint64_t to_length) {
  uint64_t before = number_of(db, "rocksdb.background-errors");
  rocksdb_compact_range_cf(db->rocks, db->families[family], from_length > 0 ? from : NULL,
                           from_length, to_length > 0 ? to : NULL, to_length);
  if (number_of(db, "rocksdb.background-errors") > before)
    return fail(db->error, "RocksDB failed in the background");
  return TIDEMARK_OK;
}

int32_t tidemark_settle(tidemark_db_t *db, uint64_t timeout_ms) {
  static const char *const works[] = {
      "rocksdb.num-running-flushes", "rocksdb.num-running-compactions",
      "rocksdb.compaction-pending", "rocksdb.mem-table-flush-pending"};
  for (uint64_t waited = 0;; waited += SETTLE_STEP_MS) {
    uint64_t busy = 0;
    for (size_t i = 0; i < sizeof works / sizeof *works; i++) busy += number_of(db, works[i]);
    if (busy == 0) return TIDEMARK_OK;
    if (waited >= timeout_ms) return TIDEMARK_ABSENT;
    usleep(SETTLE_STEP_MS * 1000);
  }
}

int32_t tidemark_property(tidemark_db_t *db, uint32_t family, const char *name,
                          uint64_t name_length, char *buffer, uint64_t capacity,
                          uint64_t *length) {
  char terminated[256];
  if (name_length >= sizeof terminated || memchr(name, 0, name_length)) return TIDEMARK_ABSENT;
  memcpy(terminated, name, name_length);
  terminated[name_length] = 0;
  char *value = rocksdb_property_value_cf(db->rocks, db->families[family], terminated);
  if (value == NULL) return TIDEMARK_ABSENT;
  int32_t given = tidemark_give(value, strlen(value), buffer, capacity, length);
  rocksdb_free(value);
  return given;
}

int32_t tidemark_stats(tidemark_db_t *db, char *buffer, uint64_t capacity, uint64_t *length) {
  static const char *const stats[][2] = {
      {"estimatedKeys", "rocksdb.estimate-num-keys"},
      {"memtableBytes", "rocksdb.cur-size-all-mem-tables"},
      {"immutableMemtables", "rocksdb.num-immutable-mem-table"},
      {"liveFileBytes", "rocksdb.live-sst-files-size"},
      {"runningFlushes", "rocksdb.num-running-flushes"},
      {"runningCompactions", "rocksdb.num-running-compactions"},
      {"pendingCompactionBytes", "rocksdb.estimate-pending-compaction-bytes"},
      {"blockCacheBytes", "rocksdb.block-cache-usage"},
      {"writesStopped", "rocksdb.is-write-stopped"},
      {"backgroundErrors", "rocksdb.background-errors"},
  };
  char text[1024] = "{";
  size_t n = 1;
  for (size_t i = 0; i < sizeof stats / sizeof *stats; i++)
    n += (size_t)snprintf(text + n, sizeof text - n, "%s\"%s\":%llu", i == 0 ? "" : ",",
                          stats[i][0], (unsigned long long)number_of(db, stats[i][1]));
  text[n++] = '}';
  return tidemark_give(text, n, buffer, capacity, length);
}
