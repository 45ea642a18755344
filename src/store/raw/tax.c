/*
 * The loops of src/measure/loops.ts in C, over the same librocksdb: what the harness is held
 * against. Built and run by src/measure/tax_bench.ts, as a program and as a library.
 *
 *   cc -O2 -o tax tax.c -lrocksdb
 *   tax DIRECTORY ROUNDS      prints one line of JSON a round: ns for each of put, get and scan
 *
 * A round is a fresh database, 10,000 puts of 1 KiB, as many gets with the value copied out, and a
 * walk over all entries that sees each key and value, in ascending order of the keys.
 */
#include <rocksdb/c.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { KEYS = 10000, KEY_BYTES = 16, VALUE_BYTES = 1024, VALUES = 64 };

static char key[KEY_BYTES];
static long key_index;
static char values[VALUES][VALUE_BYTES];
static char into[VALUE_BYTES];

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1e9 + time.tv_nsec;
}

static void restart_keys(void) {
  memcpy(key, "key-000000000000", KEY_BYTES);
  key_index = -1;
}

static void next_key(void) {
  if (++key_index == 0) return;
  int i = KEY_BYTES - 1;
  while (key[i] == '9') key[i--] = '0';
  key[i]++;
}

static void check(char *error) {
  if (error != NULL) {
    fprintf(stderr, "tax: %s\n", error);
    exit(1);
  }
}

/* One round. `times` takes the ns of put, get and scan; 0 where all went well. */
int tax_round(const char *path, double *times) {
  uint32_t random = 1;
  for (int i = 0; i < VALUES; i++) {
    for (int j = 0; j < VALUE_BYTES; j++) {
      random = random * 1664525u + 1013904223u;
      values[i][j] = j < VALUE_BYTES / 2 ? 32 + (random >> 16) % 95 : values[i][j - VALUE_BYTES / 2];
    }
  }
  char *error = NULL;
  rocksdb_options_t *options = rocksdb_options_create();
  rocksdb_options_set_create_if_missing(options, 1);
  rocksdb_options_set_compression(options, rocksdb_snappy_compression);
  rocksdb_options_set_info_log_level(options, 4); /* As options.ts does. */
  rocksdb_t *database = rocksdb_open(options, path, &error);
  check(error);
  rocksdb_writeoptions_t *write = rocksdb_writeoptions_create();
  rocksdb_readoptions_t *read = rocksdb_readoptions_create();

  restart_keys();
  double start = now();
  for (int i = 0; i < KEYS; i++) {
    next_key();
    rocksdb_put(database, write, key, KEY_BYTES, values[i % VALUES], VALUE_BYTES, &error);
    if (error != NULL) check(error);
  }
  double put = now() - start;

  restart_keys();
  start = now();
  for (int i = 0; i < KEYS; i++) {
    next_key();
    size_t length;
    rocksdb_pinnableslice_t *pinned = rocksdb_get_pinned(database, read, key, KEY_BYTES, &error);
    if (error != NULL) check(error);
    const char *value = rocksdb_pinnableslice_value(pinned, &length);
    if (length > sizeof into) return 1;
    memcpy(into, value, length);
    rocksdb_pinnableslice_destroy(pinned);
  }
  double get = now() - start;

  size_t seen = 0;
  start = now();
  rocksdb_iterator_t *iterator = rocksdb_create_iterator(database, read);
  for (rocksdb_iter_seek_to_first(iterator); rocksdb_iter_valid(iterator); rocksdb_iter_next(iterator)) {
    size_t key_length, value_length;
    (void)rocksdb_iter_key(iterator, &key_length);
    (void)rocksdb_iter_value(iterator, &value_length);
    seen += key_length + value_length;
  }
  rocksdb_iter_destroy(iterator);
  double scan = now() - start;
  if (seen != (size_t)KEYS * (KEY_BYTES + VALUE_BYTES)) return 1;

  times[0] = put;
  times[1] = get;
  times[2] = scan;
  rocksdb_readoptions_destroy(read);
  rocksdb_writeoptions_destroy(write);
  rocksdb_close(database);
  rocksdb_options_destroy(options);
  return 0;
}

int main(int argc, char **argv) {
  if (argc != 3) {
    fprintf(stderr, "usage: tax DIRECTORY ROUNDS\n");
    return 2;
  }
  for (int round = 0; round < atoi(argv[2]); round++) {
    char path[4096];
    double times[3];
    snprintf(path, sizeof path, "%s/%d", argv[1], round);
    if (tax_round(path, times) != 0) return 1;
    printf("{\"put\":%.0f,\"get\":%.0f,\"scan\":%.0f}\n", times[0], times[1], times[2]);
  }
  return 0;
}
