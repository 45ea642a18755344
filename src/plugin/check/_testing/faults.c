/*
 * A plug-in that keeps its data in a sorted array in memory, with a log, and does one thing wrong:
 * FAULT says which. Without one it is right.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tidemark_config.h"
#include "tidemark_plugin.h"

#define LOSES_THOUSANDTH 1
#define WRITES_BEYOND 2
#define STALE 3
#define ABORTS 4
#define HANGS_IN_OPEN 5
#define LEAKS 6
#define NOT_SYNCED 7
#define WRONG_ABI 8
#define TEARS_BATCHES 9
#define MISORDERS 10
#define DROPS_EMPTY 11
#define ENDS_AT_ZERO 12
#define EXITS 13
#define FORGETS 14
#define TAKES_ANYTHING 15
#define LEAKS_FILES 16
#define SEEN_IN_PART 17
#define SHORTENS_WALKS 18
#define NO_TEXT 19
#define LOSES_UNFLUSHED 20
#define KEEPS_ADDRESS 21
/* What a short check does not see: it costs its own run. */
#define ABORTS_LATE 22
#define HANGS_LATE 23
#define EXITS_LATE 24

#ifndef FAULT
#define FAULT 0
#endif

struct record {
  void *key, *value;
  uint64_t key_length, value_length;
};

struct tidemark_db_t {
  struct record *records;
  uint64_t count, room;
  pthread_mutex_t lock;
  int log, synced;
  uint64_t puts;
  char path[4096], wal[16], error[256];
};

struct tidemark_session_t {
  tidemark_db_t *db;
  /* The last value of STALE. */
  char key[64], value[256];
  uint64_t key_length, value_length;
  int has;
};

/* A copy of all that there was. */
struct tidemark_cursor_t {
  struct record *records;
  uint64_t count, at;
};

static int compare(const void *a, uint64_t a_length, const void *b, uint64_t b_length) {
  int order = memcmp(a, b, a_length < b_length ? a_length : b_length);
  return order != 0 ? order : a_length < b_length ? -1 : a_length > b_length;
}

static void *copy(const void *bytes, uint64_t length) {
  return memcpy(malloc(length + 1), bytes, length);
}

/* Where the key is, or belongs. */
static uint64_t find(tidemark_db_t *db, const void *key, uint64_t length, int *found) {
  uint64_t low = 0, high = db->count;
  while (low < high) {
    uint64_t middle = (low + high) / 2;
    struct record *record = &db->records[middle];
    if (compare(record->key, record->key_length, key, length) < 0) low = middle + 1;
    else high = middle;
  }
  *found = low < db->count &&
           compare(db->records[low].key, db->records[low].key_length, key, length) == 0;
  return low;
}

static void apply(tidemark_db_t *db, uint32_t kind, const void *key, uint64_t key_length,
                  const void *value, uint64_t value_length) {
  int found;
#if FAULT == ENDS_AT_ZERO
  key_length = strnlen(key, key_length);
#endif
  uint64_t at = find(db, key, key_length, &found);
  if (found) {
    free(db->records[at].value);
    if (kind == TIDEMARK_PUT) {
      db->records[at].value = copy(value, value_length);
      db->records[at].value_length = value_length;
      return;
    }
    free(db->records[at].key);
    db->count--;
    memmove(db->records + at, db->records + at + 1, (db->count - at) * sizeof *db->records);
  } else if (kind == TIDEMARK_PUT) {
    if (db->count == db->room) {
      db->room = db->room * 2 + 64;
      db->records = realloc(db->records, db->room * sizeof *db->records);
    }
    memmove(db->records + at + 1, db->records + at, (db->count - at) * sizeof *db->records);
    db->count++;
#if FAULT == KEEPS_ADDRESS
    db->records[at] = (struct record){copy(key, key_length), (void *)value, key_length, value_length};
#else
    db->records[at] =
        (struct record){copy(key, key_length), copy(value, value_length), key_length, value_length};
#endif
  }
}

/* Reads the log, of which a part at the end may be missing. */
static void replay(tidemark_db_t *db) {
  struct stat stat;
  fstat(db->log, &stat);
  char *bytes = malloc((size_t)stat.st_size + 1);
  ssize_t length = pread(db->log, bytes, (size_t)stat.st_size, 0), at = 0;
  while (at + 8 <= length) {
    /* A group: how many bytes, then its operations. */
    uint64_t group;
    memcpy(&group, bytes + at, 8);
    if (at + 8 + (ssize_t)group > length) break;
    for (uint64_t i = 0; i < group;) {
      uint32_t head[4];
      memcpy(head, bytes + at + 8 + i, 16);
      const char *key = bytes + at + 8 + i + 16;
      apply(db, head[0], key, head[2], key + head[2], head[3]);
      i += (16 + (uint64_t)head[2] + head[3] + 7) & ~(uint64_t)7;
    }
    at += 8 + (ssize_t)group;
  }
  free(bytes);
  if (ftruncate(db->log, at) != 0) return;
  lseek(db->log, 0, SEEK_END);
}

static void keep_log(tidemark_db_t *db, const void *operations, uint64_t bytes) {
#if FAULT == LOSES_UNFLUSHED
  (void)operations, (void)bytes, (void)db;
#else
  char *group = malloc(8 + bytes);
  memcpy(group, &bytes, 8);
  memcpy(group + 8, operations, bytes);
  if (write(db->log, group, 8 + bytes) < 0) abort();
  free(group);
#if FAULT != NOT_SYNCED
  if (db->synced) fdatasync(db->log);
#endif
#endif
}

uint32_t tidemark_abi(void) { return FAULT == WRONG_ABI ? 7 : TIDEMARK_ABI; }

int32_t tidemark_describe(const tidemark_db_t *db, char *buffer, uint64_t capacity,
                          uint64_t *length) {
  char text[512];
  const char *wal = db == NULL ? "buffered" : db->wal;
  int n = snprintf(text, sizeof text,
                   "{\"name\":\"array\",\"engine\":\"an array\",\"version\":\"1\","
                   "\"threads\":\"session\",\"families\":1,\"network\":false%s%s%s,"
                   "\"options\":{\"wal\":\"%s\"}}",
                   db == NULL ? "" : ",\"durability\":\"", db == NULL ? "" : wal,
                   db == NULL ? "" : "\"", wal);
  return tidemark_give(text, (uint64_t)n, buffer, capacity, length);
}

int32_t tidemark_open(const char *config, uint64_t config_length, tidemark_db_t **out) {
  tidemark_db_t *db = *out = calloc(1, sizeof *db);
  strcpy(db->wal, "buffered");
  db->log = -1;
  tidemark_members m = {config, config + config_length};
  while (tidemark_next_member(&m)) {
    if (tidemark_member_is(&m, "path")) tidemark_value_text(&m, db->path, sizeof db->path);
    else if (tidemark_member_is(&m, "wal")) tidemark_value_text(&m, db->wal, sizeof db->wal);
    else if (!tidemark_member_is(&m, "families") && FAULT != TAKES_ANYTHING) {
      if (FAULT != NO_TEXT) strcpy(db->error, "there is no such option");
      return TIDEMARK_FAILED;
    }
  }
  if (FAULT == HANGS_IN_OPEN) for (;;) pause();
  /* Kept in sight, or the compiler would leave it out. */
  static void *volatile leaked;
  if (FAULT == LEAKS) leaked = memset(malloc(4096), 1, 4096);
  (void)leaked;
  if (FAULT == LEAKS_FILES && open("/dev/null", O_RDONLY) < 0) return TIDEMARK_FAILED;
  db->synced = strcmp(db->wal, "synced") == 0;
  char log[4200];
  mkdir(db->path, 0777);
  snprintf(log, sizeof log, "%s/log", db->path);
  if (FAULT == FORGETS) unlink(log);
  db->log = open(log, O_RDWR | O_CREAT, 0666);
  if (db->log < 0) {
    if (FAULT != NO_TEXT) strcpy(db->error, "its log cannot be opened");
    return TIDEMARK_FAILED;
  }
  replay(db);
  return TIDEMARK_OK;
}

int32_t tidemark_close(tidemark_db_t *db) {
#if FAULT == LOSES_UNFLUSHED
  for (uint64_t i = 0; i < db->count; i++) {
    struct record *record = &db->records[i];
    uint64_t bytes = (16 + record->key_length + record->value_length + 7) & ~(uint64_t)7;
    char *group = calloc(1, 8 + bytes);
    uint32_t head[4] = {0, 0, (uint32_t)record->key_length, (uint32_t)record->value_length};
    memcpy(group, &bytes, 8);
    memcpy(group + 8, head, 16);
    memcpy(group + 24, record->key, record->key_length);
    memcpy(group + 24 + record->key_length, record->value, record->value_length);
    if (write(db->log, group, 8 + bytes) < 0) abort();
    free(group);
  }
#endif
  for (uint64_t i = 0; i < db->count; i++) {
    free(db->records[i].key);
    if (FAULT != KEEPS_ADDRESS) free(db->records[i].value);
  }
  free(db->records);
  if (db->log >= 0) close(db->log);
  free(db);
  return TIDEMARK_OK;
}

int32_t tidemark_session(tidemark_db_t *db, tidemark_session_t **out) {
  *out = calloc(1, sizeof **out);
  (*out)->db = db;
  return TIDEMARK_OK;
}

void tidemark_session_close(tidemark_session_t *session) { free(session); }

static void write_one(tidemark_session_t *s, uint32_t kind, const void *key, uint64_t key_length,
                      const void *value, uint64_t value_length) {
  uint64_t bytes = (16 + key_length + value_length + 7) & ~(uint64_t)7;
  char *operation = calloc(1, bytes);
  uint32_t head[4] = {kind, 0, (uint32_t)key_length, (uint32_t)value_length};
  memcpy(operation, head, 16);
  memcpy(operation + 16, key, key_length);
  if (value_length > 0) memcpy(operation + 16 + key_length, value, value_length);
  keep_log(s->db, operation, bytes);
  free(operation);
  apply(s->db, kind, key, key_length, value, value_length);
}

int32_t tidemark_put(tidemark_session_t *s, uint32_t family, const void *key, uint64_t key_length,
                     const void *value, uint64_t value_length) {
  (void)family;
  pthread_mutex_lock(&s->db->lock);
  s->db->puts++;
  int drops = (FAULT == LOSES_THOUSANDTH && s->db->puts % 1000 == 0) ||
              (FAULT == DROPS_EMPTY && value_length == 0);
  if (FAULT == ABORTS && s->db->puts == 5) abort();
  if (FAULT == EXITS && s->db->puts == 5) exit(0);
  if (FAULT == ABORTS_LATE && s->db->puts == 20000) abort();
  if (FAULT == EXITS_LATE && s->db->puts == 20000) exit(0);
  if (FAULT == HANGS_LATE && s->db->puts == 20000) for (;;) pause();
  if (!drops) write_one(s, TIDEMARK_PUT, key, key_length, value, value_length);
  if (FAULT == STALE && key_length <= sizeof s->key && value_length <= sizeof s->value) {
    memcpy(s->key, key, key_length);
    memcpy(s->value, value, value_length);
    s->key_length = key_length;
    s->value_length = value_length;
    s->has = 1;
  }
  pthread_mutex_unlock(&s->db->lock);
  return TIDEMARK_OK;
}

int32_t tidemark_get(tidemark_session_t *s, uint32_t family, const void *key, uint64_t key_length,
                     void *buffer, uint64_t capacity, uint64_t *length) {
  (void)family;
  int found;
  /* What the session wrote itself, whatever others have written since. */
  if (FAULT == STALE && s->has && compare(s->key, s->key_length, key, key_length) == 0) {
    *length = s->value_length;
    if (s->value_length > capacity) return TIDEMARK_TOO_SMALL;
    memcpy(buffer, s->value, s->value_length);
    return TIDEMARK_OK;
  }
#if FAULT == ENDS_AT_ZERO
  key_length = strnlen(key, key_length);
#endif
  pthread_mutex_lock(&s->db->lock);
  uint64_t at = find(s->db, key, key_length, &found);
  int32_t result = TIDEMARK_ABSENT;
  if (found) {
    struct record *record = &s->db->records[at];
    *length = record->value_length;
    result = record->value_length <= capacity ? TIDEMARK_OK : TIDEMARK_TOO_SMALL;
    if (FAULT == WRITES_BEYOND && result == TIDEMARK_TOO_SMALL)
      memcpy(buffer, record->value, capacity + 1);
    if (result == TIDEMARK_OK) memcpy(buffer, record->value, record->value_length);
  }
  pthread_mutex_unlock(&s->db->lock);
  return result;
}

int32_t tidemark_delete(tidemark_session_t *s, uint32_t family, const void *key,
                        uint64_t key_length) {
  (void)family;
  pthread_mutex_lock(&s->db->lock);
  write_one(s, TIDEMARK_DELETE, key, key_length, NULL, 0);
  pthread_mutex_unlock(&s->db->lock);
  return TIDEMARK_OK;
}

int32_t tidemark_error(const void *handle, uint32_t kind, char *buffer, uint64_t capacity,
                       uint64_t *length) {
  const char *text = kind == TIDEMARK_DATABASE ? ((const tidemark_db_t *)handle)->error : "";
  return tidemark_give(text, strlen(text), buffer, capacity, length);
}

int32_t tidemark_batch(tidemark_session_t *s, const void *operations, uint64_t bytes,
                       uint64_t count) {
  const char *all = operations;
  (void)count;
#if FAULT != TEARS_BATCHES
  for (uint64_t at = 0; at < bytes;) {
    const uint32_t *head = (const uint32_t *)(all + at);
    if (head[0] > TIDEMARK_DELETE) return TIDEMARK_UNSUPPORTED;
    at += (16 + (uint64_t)head[2] + head[3] + 7) & ~(uint64_t)7;
  }
#endif
  pthread_mutex_lock(&s->db->lock);
#if FAULT != TEARS_BATCHES
  keep_log(s->db, operations, bytes);
#endif
  for (uint64_t at = 0; at < bytes;) {
    const uint32_t *head = (const uint32_t *)(all + at);
    const char *key = all + at + 16;
    uint64_t size = (16 + (uint64_t)head[2] + head[3] + 7) & ~(uint64_t)7;
    if (head[0] > TIDEMARK_DELETE) {
      pthread_mutex_unlock(&s->db->lock);
      return TIDEMARK_UNSUPPORTED;
    }
#if FAULT == TEARS_BATCHES
    keep_log(s->db, all + at, size);
#endif
    apply(s->db, head[0], key, head[2], key + head[2], head[3]);
    if (FAULT == SEEN_IN_PART) {
      pthread_mutex_unlock(&s->db->lock);
      usleep(1);
      pthread_mutex_lock(&s->db->lock);
    }
    at += size;
  }
  pthread_mutex_unlock(&s->db->lock);
  return TIDEMARK_OK;
}

int32_t tidemark_cursor(tidemark_session_t *s, uint32_t family, const void *from,
                        uint64_t from_length, const void *to, uint64_t to_length, uint32_t flags,
                        tidemark_cursor_t **out) {
  (void)family;
  tidemark_cursor_t *cursor = *out = calloc(1, sizeof *cursor);
  tidemark_db_t *db = s->db;
  pthread_mutex_lock(&db->lock);
  int found;
  uint64_t low = from_length > 0 ? find(db, from, from_length, &found) : 0;
  uint64_t high = to_length > 0 ? find(db, to, to_length, &found) : db->count;
  cursor->count = high > low ? high - low : 0;
  cursor->records = malloc((cursor->count + 1) * sizeof *cursor->records);
  for (uint64_t i = 0; i < cursor->count; i++) {
    uint64_t at = flags & TIDEMARK_REVERSE ? high - 1 - i : low + i;
    if (FAULT == MISORDERS && i % 2 == 0 && i + 1 < cursor->count)
      at = flags & TIDEMARK_REVERSE ? at - 1 : at + 1;
    else if (FAULT == MISORDERS && i % 2 == 1) at = flags & TIDEMARK_REVERSE ? at + 1 : at - 1;
    struct record record = db->records[at];
    cursor->records[i] = (struct record){copy(record.key, record.key_length),
                                         copy(record.value, record.value_length),
                                         record.key_length, record.value_length};
  }
  if (FAULT == SHORTENS_WALKS && cursor->count > 500) cursor->count = 500;
  pthread_mutex_unlock(&db->lock);
  return TIDEMARK_OK;
}

int32_t tidemark_next(tidemark_cursor_t *cursor, tidemark_entry *entry) {
  if (cursor->at >= cursor->count) return TIDEMARK_ABSENT;
  struct record *record = &cursor->records[cursor->at++];
  *entry = (tidemark_entry){record->key, record->key_length, record->value, record->value_length};
  return TIDEMARK_OK;
}

void tidemark_cursor_close(tidemark_cursor_t *cursor) {
  for (uint64_t i = 0; i < cursor->count; i++) {
    free(cursor->records[i].key);
    free(cursor->records[i].value);
  }
  free(cursor->records);
  free(cursor);
}
