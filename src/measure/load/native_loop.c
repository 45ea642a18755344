/*
 * The closed loop of a client: operations that were drawn before, one after the other, each timed and
 * counted as closedLoop() in client.ts does. native_loop_code.ts has it compiled, for what measures is
 * not to need a compiler; native_loop.ts has the same places, and the tests hold it against closedLoop().
 */
#include <stdint.h>
#include <time.h>

/* NativeOperation of the store's contract. */
typedef int64_t perform(void *self, const char *key, uint64_t key_length, char *value, uint64_t value_length);

struct kind {
  perform *code;
  void *self;
  uint32_t *counts;
  double operation;
  uint64_t reads;
};

struct drawn {
  const char *key;
  uint32_t key_length, value_length, kind, value;
};

struct loop {
  uint64_t at, count;
  struct drawn *drawn;
  struct kind *kinds;
  char **values;
  int (*clock)(int, struct timespec *);
  uint64_t id;
  int64_t origin;
  struct timespec time;
  double until, started, ended;
  int32_t *stop;
  double *operation, *operations, *bytes_put, *bytes_read, *keys_read, *missed, *floor;
  uint64_t may_miss;
  /* 1: a constant of the code's own would need a place beside it. */
  double one;
};

enum { FAILED, DONE, SLOW, LOST };

static inline int64_t now(struct loop *l) {
  l->clock((int)l->id, &l->time);
  return (l->time.tv_sec - l->origin) * 1000000000 + l->time.tv_nsec;
}

/* slotOf() in histogram.ts. */
static inline uint64_t slot(int64_t ns) {
  if (ns < 2048) return ns > 0 ? ns : 0;
  if (ns >= (int64_t)1 << 42) ns = ((int64_t)1 << 42) - 1;
  int shift = 53 - __builtin_clzll(ns);
  return ((uint64_t)shift << 10) + (ns >> shift);
}

int tidemark_loop(struct loop *l) {
  int64_t start = now(l);
  int status = DONE;
  while (l->at < l->count && (double)start < l->until && *l->stop == 0) {
    struct drawn *d = l->drawn + l->at;
    struct kind *k = l->kinds + d->kind;
    *l->operation = k->operation;
    int64_t bytes = k->code(k->self, d->key, d->key_length, l->values[d->value], d->value_length);
    if (bytes < -1) return FAILED;
    if (k->reads) {
      *l->keys_read += l->one;
      if (bytes >= 0) *l->bytes_read += (double)bytes;
      else if (l->may_miss) *l->missed += l->one;
      else return LOST;
    } else *l->bytes_put += (double)((int64_t)d->key_length + d->value_length);
    int64_t end = now(l);
    l->started = start;
    k->counts[slot(end - start)]++;
    *l->operations += l->one;
    l->at++;
    if ((double)(end - start) > *l->floor) { start = end; status = SLOW; break; }
    start = end;
  }
  l->ended = start;
  return status;
}
