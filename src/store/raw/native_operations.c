/*
 * A get and a put of RocksDB's, each as one function that machine code calls. native_code.ts has them
 * compiled, for what measures is not to need a compiler; native_operations.ts has the same places.
 */
#include <stdint.h>

struct calls {
  void *database, *read, *write, *family, *batch;
  char **error;
  void *(*get)(void *, void *, void *, const char *, uint64_t, char **);
  const char *(*value)(void *, uint64_t *);
  void *(*copy)(void *, const void *, uint64_t);
  void (*destroy)(void *);
  void (*clear)(void *);
  void (*add)(void *, void *, const char *, uint64_t, const char *, uint64_t);
  void (*apply)(void *, void *, void *, char **);
  uint64_t length;
};

int64_t tidemark_get(struct calls *c, const char *key, uint64_t key_length, char *into, uint64_t capacity) {
  void *pinned = c->get(c->database, c->read, c->family, key, key_length, c->error);
  if (!pinned) return *c->error ? -2 : -1;
  const char *value = c->value(pinned, &c->length);
  if (c->length <= capacity) c->copy(into, value, c->length);
  c->destroy(pinned);
  return c->length;
}

/* With one batch again and again, as db_bench does: a put of the C API makes one each time. */
int64_t tidemark_put(struct calls *c, const char *key, uint64_t key_length, char *value, uint64_t value_length) {
  c->clear(c->batch);
  c->add(c->batch, c->family, key, key_length, value, value_length);
  c->apply(c->database, c->write, c->batch, c->error);
  return *c->error ? -2 : (int64_t)value_length;
}
