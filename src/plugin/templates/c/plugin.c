/*
 * PLUGIN_NAME as a plug-in of Tidemark. What is here is a sorted array in memory with a log, which
 * holds all that `deno task plugin check` asks for: put your engine in its place, function by function.
 * More of them are in tidemark_plugin.h: an engine with threads of its own says "api":"async", and has
 * submit and reap as well.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tidemark_config.h"
#include "tidemark_plugin.h"

struct record {
  void *key, *value;
  uint64_t key_length, value_length;
};

struct tidemark_db_t {
  struct record *records;
  uint64_t count, room;
  pthread_mutex_t lock;
  int log, synced;
  char path[4096], wal[16], error[256];
};

struct tidemark_session_t {
  tidemark_db_t *db;
  char error[256];
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
    db->records[at] =
        (struct record){copy(key, key_length), copy(value, value_length), key_length, value_length};
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

/* Writes operations to the log. */
static int32_t keep_log(tidemark_session_t *s, const void *operations, uint64_t bytes) {
  char *group = malloc(8 + bytes);
  memcpy(group, &bytes, 8);
  memcpy(group + 8, operations, bytes);
  int kept = write(s->db->log, group, 8 + bytes) == (ssize_t)(8 + bytes);
  free(group);
  if (kept && (!s->db->synced || fdatasync(s->db->log) == 0)) return TIDEMARK_OK;
  strcpy(s->error, "its log cannot be written");
  return TIDEMARK_FAILED;
}

uint32_t tidemark_abi(void) { return TIDEMARK_ABI; }

int32_t tidemark_describe(const tidemark_db_t *db, char *buffer, uint64_t capacity,
                          uint64_t *length) {
  char text[1024];
  const char *wal = db == NULL ? "buffered" : db->wal;
  int n = snprintf(text, sizeof text,
                   "{\"name\":\"PLUGIN_NAME\",\"engine\":\"a sorted array\",\"version\":\"0.1.0\","
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
    else if (!tidemark_member_is(&m, "families")) {
      strcpy(db->error, "there is no such option");
      return TIDEMARK_FAILED;
    }
  }
  db->synced = strcmp(db->wal, "synced") == 0;
  if (!db->synced && strcmp(db->wal, "buffered") != 0) {
    strcpy(db->error, "wal is synced or buffered");
    return TIDEMARK_FAILED;
  }
  char log[4200];
  mkdir(db->path, 0777);
  snprintf(log, sizeof log, "%s/log", db->path);
  db->log = open(log, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (db->log < 0 || flock(db->log, LOCK_EX | LOCK_NB) != 0) {
    strcpy(db->error, "its log cannot be opened, or is open already");
    return TIDEMARK_FAILED;
  }
  replay(db);
  return TIDEMARK_OK;
}

int32_t tidemark_close(tidemark_db_t *db) {
  for (uint64_t i = 0; i < db->count; i++) {
    free(db->records[i].key);
    free(db->records[i].value);
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

static int32_t write_one(tidemark_session_t *s, uint32_t kind, const void *key, uint64_t key_length,
                      const void *value, uint64_t value_length) {
  uint64_t bytes = (16 + key_length + value_length + 7) & ~(uint64_t)7;
  char *operation = calloc(1, bytes);
  uint32_t head[4] = {kind, 0, (uint32_t)key_length, (uint32_t)value_length};
  memcpy(operation, head, 16);
  memcpy(operation + 16, key, key_length);
  if (value_length > 0) memcpy(operation + 16 + key_length, value, value_length);
  pthread_mutex_lock(&s->db->lock);
  int32_t done = keep_log(s, operation, bytes);
  if (done == TIDEMARK_OK) apply(s->db, kind, key, key_length, value, value_length);
  pthread_mutex_unlock(&s->db->lock);
  free(operation);
  return done;
}

int32_t tidemark_put(tidemark_session_t *s, uint32_t family, const void *key, uint64_t key_length,
                     const void *value, uint64_t value_length) {
  (void)family;
  return write_one(s, TIDEMARK_PUT, key, key_length, value, value_length);
}

int32_t tidemark_get(tidemark_session_t *s, uint32_t family, const void *key, uint64_t key_length,
                     void *buffer, uint64_t capacity, uint64_t *length) {
  (void)family;
  int found;
  pthread_mutex_lock(&s->db->lock);
  uint64_t at = find(s->db, key, key_length, &found);
  int32_t result = TIDEMARK_ABSENT;
  if (found) {
    struct record *record = &s->db->records[at];
    *length = record->value_length;
    result = record->value_length <= capacity ? TIDEMARK_OK : TIDEMARK_TOO_SMALL;
    if (result == TIDEMARK_OK) memcpy(buffer, record->value, record->value_length);
  }
  pthread_mutex_unlock(&s->db->lock);
  return result;
}

int32_t tidemark_delete(tidemark_session_t *s, uint32_t family, const void *key,
                        uint64_t key_length) {
  (void)family;
  return write_one(s, TIDEMARK_DELETE, key, key_length, NULL, 0);
}

int32_t tidemark_error(const void *handle, uint32_t kind, char *buffer, uint64_t capacity,
                       uint64_t *length) {
  const char *text = kind == TIDEMARK_DATABASE ? ((const tidemark_db_t *)handle)->error
                                               : ((const tidemark_session_t *)handle)->error;
  return tidemark_give(text, strlen(text), buffer, capacity, length);
}

int32_t tidemark_batch(tidemark_session_t *s, const void *operations, uint64_t bytes,
                       uint64_t count) {
  const char *all = operations;
  (void)count;
  for (uint64_t at = 0; at < bytes;) {
    const uint32_t *head = (const uint32_t *)(all + at);
    if (head[0] > TIDEMARK_DELETE) return TIDEMARK_UNSUPPORTED;
    at += (16 + (uint64_t)head[2] + head[3] + 7) & ~(uint64_t)7;
  }
  pthread_mutex_lock(&s->db->lock);
  int32_t done = keep_log(s, operations, bytes);
  for (uint64_t at = 0; done == TIDEMARK_OK && at < bytes;) {
    const uint32_t *head = (const uint32_t *)(all + at);
    const char *key = all + at + 16;
    uint64_t size = (16 + (uint64_t)head[2] + head[3] + 7) & ~(uint64_t)7;
    apply(s->db, head[0], key, head[2], key + head[2], head[3]);
    at += size;
  }
  pthread_mutex_unlock(&s->db->lock);
  return done;
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
    struct record record = db->records[at];
    cursor->records[i] = (struct record){copy(record.key, record.key_length),
                                         copy(record.value, record.value_length),
                                         record.key_length, record.value_length};
  }
  pthread_mutex_unlock(&db->lock);
  return TIDEMARK_OK;
}

int32_t tidemark_next(tidemark_cursor_t *cursor, tidemark_entry *entry) {
  if (cursor->at >= cursor->count) return TIDEMARK_ABSENT;
  struct record *record = &cursor->records[cursor->at++];
  *entry = (tidemark_entry){record->key, record->key_length, record->value, record->value_length};
  return TIDEMARK_OK;
}

/* The log is all there is, and nothing is to be merged. */
int32_t tidemark_flush(tidemark_db_t *db) {
  (void)db;
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
