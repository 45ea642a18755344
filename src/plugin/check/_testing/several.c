/*
 * A plug-in in C that gets several keys at once, and tells of its puts as events: SOURCE is the plug-in.
 * SEVERAL_FAULT says what it does wrong.
 */
#define tidemark_put inner_put
#include SOURCE
#undef tidemark_put

#include <time.h>

#define SWAPS_VALUES 1
#define OVERFILLS 2
#define FORGETS_ABSENT 3
#define TELLS_TWICE 4
#define TELLS_AHEAD 5

#ifndef SEVERAL_FAULT
#define SEVERAL_FAULT 0
#endif

/* The last events; the process has one database open. */
#define ROOM 256
static tidemark_event ring[ROOM];
static uint64_t kept, lost;
static pthread_mutex_t ring_lock = PTHREAD_MUTEX_INITIALIZER;

static uint64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* Every put is told as a sync of a byte. */
TIDEMARK_EXPORT int32_t tidemark_put(tidemark_session_t *s, uint32_t family, const void *key,
                                     uint64_t key_length, const void *value,
                                     uint64_t value_length) {
  uint64_t begun = now_ns();
  int32_t result = inner_put(s, family, key, key_length, value, value_length);
  uint64_t ended = now_ns() + (SEVERAL_FAULT == TELLS_AHEAD ? 60000000000u : 0);
  pthread_mutex_lock(&ring_lock);
  if (kept == ROOM) lost++;
  else ring[kept++] = (tidemark_event){begun, ended, 1, TIDEMARK_SYNC, 0};
  pthread_mutex_unlock(&ring_lock);
  return result;
}

TIDEMARK_EXPORT int32_t tidemark_events(tidemark_db_t *db, tidemark_event *events, uint64_t most) {
  (void)db;
  if (most == 0) return 0;
  pthread_mutex_lock(&ring_lock);
  uint64_t count = kept < most ? kept : most;
  /* What came when the ring was full is told when what was kept has been. */
  if (kept == 0 && lost > 0) {
    events[0] = (tidemark_event){now_ns(), now_ns(), lost, TIDEMARK_LOST, 0};
    events[0].end_ns = events[0].begin_ns;
    lost = 0;
    count = 1;
  } else {
    memcpy(events, ring, count * sizeof *events);
    if (SEVERAL_FAULT != TELLS_TWICE || kept % 2 == 0) {
      kept -= count;
      memmove(ring, ring + count, kept * sizeof *ring);
    } else kept--;
  }
  pthread_mutex_unlock(&ring_lock);
  return (int32_t)count;
}

int32_t tidemark_multi_get(tidemark_session_t *s, uint32_t family, const tidemark_bytes *keys,
                           uint64_t count, void *buffer, uint64_t capacity, tidemark_found *found,
                           uint64_t *length) {
  (void)family;
  uint64_t used = 0;
  int there;
  pthread_mutex_lock(&s->db->lock);
  for (uint64_t i = 0; i < count; i++) {
    uint64_t at = find(s->db, keys[i].bytes, keys[i].length, &there);
    struct record *record = &s->db->records[at];
    found[i] = (tidemark_found){used, there ? record->value_length : TIDEMARK_NOT_FOUND};
    if (!there && SEVERAL_FAULT == FORGETS_ABSENT) found[i].length = 0;
    if (!there) continue;
    uint64_t copied = record->value_length;
    const int overfills = SEVERAL_FAULT == OVERFILLS && used <= capacity;
    /* Some bytes beyond: with more, what ends the process is the allocator's to choose. */
    if (overfills && copied > capacity - used + 16) copied = capacity - used + 16;
    if (used + copied <= capacity || overfills)
      memcpy((char *)buffer + used, record->value, copied);
    used += record->value_length;
  }
  pthread_mutex_unlock(&s->db->lock);
  if (SEVERAL_FAULT == SWAPS_VALUES && count > 1) {
    tidemark_found first = found[0];
    found[0] = found[1];
    found[1] = first;
  }
  *length = used;
  return used > capacity ? TIDEMARK_TOO_SMALL : TIDEMARK_OK;
}
