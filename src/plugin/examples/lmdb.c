/*
 * LMDB as a plug-in, over Debian's liblmdb: a B-tree in a memory map, each write a transaction of its
 * own. Readers keep the pages of their snapshot.
 *
 *   cc -O2 -shared -fPIC -I../include -o liblmdb_plugin.so lmdb.c -llmdb
 */
#include <errno.h>
#include <lmdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tidemark_config.h"
#include "tidemark_plugin.h"

#define TEXT 512
/* Of address space, and of what the file may grow to: nothing is taken by it before. */
#define MAP_BYTES ((uint64_t)64 << 30)
#define MOST_READERS 256

struct tidemark_db_t {
  char path[4096], wal[16];
  MDB_env *env;
  MDB_dbi dbi;
  char error[TEXT];
};

struct tidemark_session_t {
  tidemark_db_t *db;
  MDB_txn *read; /* Renewed by each get, which is what keeps a get cheap. */
  char error[TEXT];
};

struct tidemark_cursor_t {
  tidemark_session_t *session;
  MDB_txn *read;
  MDB_cursor *at;
  int started, reverse, ended;
  uint64_t from_length, to_length;
  char bounds[]; /* from, then to */
};

static int32_t fail(char *error, const char *text) {
  snprintf(error, TEXT, "%s", text);
  return TIDEMARK_FAILED;
}

/* What LMDB returned, as a result. */
static int32_t result(char *error, int code) {
  return code == 0 ? TIDEMARK_OK : fail(error, mdb_strerror(code));
}

uint32_t tidemark_abi(void) { return TIDEMARK_ABI; }

int32_t tidemark_describe(const tidemark_db_t *db, char *buffer, uint64_t capacity,
                          uint64_t *length) {
  int major, minor, patch;
  mdb_version(&major, &minor, &patch);
  const char *wal = db == NULL ? "synced" : db->wal;
  const char *means = strcmp(wal, "synced") == 0
                          ? "the pages are written, fdatasync has returned, and then the meta page by O_DSYNC"
                          : "the transaction's pages are written to the operating system";
  char text[1024], open[512] = "";
  if (db != NULL)
    snprintf(open, sizeof open, "\"durability\":\"%s\",\"acknowledgement\":\"%s\",", wal, means);
  int n = snprintf(text, sizeof text,
                   "{\"name\":\"lmdb\",\"engine\":\"LMDB\",\"version\":\"%d.%d.%d\","
                   "\"threads\":\"session\",\"families\":1,\"network\":false,\"mostKeyBytes\":511,%s"
                   "\"options\":{\"wal\":\"%s\"}}",
                   major, minor, patch, open, wal);
  return tidemark_give(text, (uint64_t)n, buffer, capacity, length);
}

int32_t tidemark_open(const char *config, uint64_t config_length, tidemark_db_t **out) {
  tidemark_db_t *db = *out = calloc(1, sizeof *db);
  if (db == NULL) return TIDEMARK_FAILED;
  strcpy(db->wal, "synced");
  tidemark_members m = {config, config + config_length};
  while (tidemark_next_member(&m)) {
    int fits = 1;
    if (tidemark_member_is(&m, "path")) fits = tidemark_value_text(&m, db->path, sizeof db->path);
    else if (tidemark_member_is(&m, "wal")) fits = tidemark_value_text(&m, db->wal, sizeof db->wal);
    else if (!tidemark_member_is(&m, "families")) {
      snprintf(db->error, TEXT, "there is no option %.*s", (int)m.name_length, m.name);
      return TIDEMARK_FAILED;
    }
    if (!fits) return fail(db->error, "a setting is too long");
  }
  /* Its meta page may be on the device before what it names: after a crash of the machine the file may
     be damaged, where others only lose their newest writes. */
  int buffered = strcmp(db->wal, "buffered") == 0;
  if (!buffered && strcmp(db->wal, "synced") != 0)
    return fail(db->error, "wal is synced or buffered");
  if (mkdir(db->path, 0777) != 0 && errno != EEXIST) return fail(db->error, strerror(errno));
  MDB_txn *txn;
  int code = mdb_env_create(&db->env);
  if (code == 0) code = mdb_env_set_mapsize(db->env, MAP_BYTES);
  if (code == 0) code = mdb_env_set_maxreaders(db->env, MOST_READERS);
  /* No thread-local readers, since a session may move; no readahead, as for random reads. */
  unsigned flags = MDB_NOTLS | MDB_NORDAHEAD | (buffered ? MDB_NOSYNC : 0);
  if (code == 0) code = mdb_env_open(db->env, db->path, flags, 0666);
  if (code == 0) code = mdb_txn_begin(db->env, NULL, 0, &txn);
  if (code == 0) {
    code = mdb_dbi_open(txn, NULL, 0, &db->dbi);
    if (code == 0) code = mdb_txn_commit(txn);
    else mdb_txn_abort(txn);
  }
  return result(db->error, code);
}

int32_t tidemark_close(tidemark_db_t *db) {
  if (db->env != NULL) mdb_env_close(db->env);
  free(db);
  return TIDEMARK_OK;
}

int32_t tidemark_session(tidemark_db_t *db, tidemark_session_t **out) {
  tidemark_session_t *s = *out = calloc(1, sizeof *s);
  if (s == NULL) return fail(db->error, "there is no memory");
  s->db = db;
  int code = mdb_txn_begin(db->env, NULL, MDB_RDONLY, &s->read);
  if (code == 0) mdb_txn_reset(s->read);
  else {
    free(s);
    *out = NULL;
  }
  return result(db->error, code);
}

void tidemark_session_close(tidemark_session_t *s) {
  mdb_txn_abort(s->read);
  free(s);
}

/* Writes operations, as tidemark_batch has them, in one transaction. */
int32_t tidemark_batch(tidemark_session_t *s, const void *operations, uint64_t bytes,
                       uint64_t count) {
  const char *at = operations, *end = at + bytes;
  MDB_txn *txn;
  int code = mdb_txn_begin(s->db->env, NULL, 0, &txn);
  if (code != 0) return result(s->error, code);
  for (uint64_t i = 0; i < count && at < end && code == 0; i++) {
    const uint32_t *head = (const uint32_t *)at;
    MDB_val key = {head[2], (void *)(at + 16)}, value = {head[3], (void *)(at + 16 + head[2])};
    if (head[0] == TIDEMARK_PUT) code = mdb_put(txn, s->db->dbi, &key, &value, 0);
    else if (head[0] == TIDEMARK_DELETE) {
      code = mdb_del(txn, s->db->dbi, &key, NULL);
      if (code == MDB_NOTFOUND) code = 0;
    } else {
      mdb_txn_abort(txn);
      return TIDEMARK_UNSUPPORTED;
    }
    at += (16 + (uint64_t)head[2] + head[3] + 7) & ~(uint64_t)7;
  }
  if (code == 0) code = mdb_txn_commit(txn);
  else mdb_txn_abort(txn);
  return result(s->error, code);
}

int32_t tidemark_put(tidemark_session_t *s, uint32_t family, const void *key, uint64_t key_length,
                     const void *value, uint64_t value_length) {
  (void)family;
  MDB_val k = {key_length, (void *)key}, v = {value_length, (void *)value};
  MDB_txn *txn;
  int code = mdb_txn_begin(s->db->env, NULL, 0, &txn);
  if (code != 0) return result(s->error, code);
  code = mdb_put(txn, s->db->dbi, &k, &v, 0);
  if (code == 0) code = mdb_txn_commit(txn);
  else mdb_txn_abort(txn);
  return result(s->error, code);
}

int32_t tidemark_get(tidemark_session_t *s, uint32_t family, const void *key, uint64_t key_length,
                     void *buffer, uint64_t capacity, uint64_t *length) {
  (void)family;
  MDB_val k = {key_length, (void *)key}, v;
  int code = mdb_txn_renew(s->read);
  if (code != 0) return result(s->error, code);
  code = mdb_get(s->read, s->db->dbi, &k, &v);
  int32_t given = code == 0              ? tidemark_give(v.mv_data, v.mv_size, buffer, capacity, length)
                  : code == MDB_NOTFOUND ? TIDEMARK_ABSENT
                                         : result(s->error, code);
  mdb_txn_reset(s->read);
  return given;
}

int32_t tidemark_delete(tidemark_session_t *s, uint32_t family, const void *key,
                        uint64_t key_length) {
  (void)family;
  MDB_val k = {key_length, (void *)key};
  MDB_txn *txn;
  int code = mdb_txn_begin(s->db->env, NULL, 0, &txn);
  if (code != 0) return result(s->error, code);
  code = mdb_del(txn, s->db->dbi, &k, NULL);
  if (code == 0) code = mdb_txn_commit(txn);
  else mdb_txn_abort(txn);
  return code == MDB_NOTFOUND ? TIDEMARK_OK : result(s->error, code);
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
  (void)family;
  *out = NULL;
  if (flags & ~(TIDEMARK_REVERSE | TIDEMARK_KEYS_ONLY)) return TIDEMARK_UNSUPPORTED;
  tidemark_cursor_t *c = calloc(1, sizeof *c + from_length + to_length);
  if (c == NULL) return fail(s->error, "there is no memory");
  c->session = s;
  c->reverse = (flags & TIDEMARK_REVERSE) != 0;
  c->from_length = from_length;
  c->to_length = to_length;
  if (from_length > 0) memcpy(c->bounds, from, from_length);
  if (to_length > 0) memcpy(c->bounds + from_length, to, to_length);
  int code = mdb_txn_begin(s->db->env, NULL, MDB_RDONLY, &c->read);
  if (code == 0) {
    code = mdb_cursor_open(c->read, s->db->dbi, &c->at);
    if (code != 0) mdb_txn_abort(c->read);
  }
  if (code == 0) *out = c;
  else free(c);
  return result(s->error, code);
}

/* Goes to the first entry of the walk. */
static int begin(tidemark_cursor_t *c, MDB_val *key, MDB_val *value) {
  MDB_val bound = {c->from_length, c->bounds};
  if (c->reverse) bound = (MDB_val){c->to_length, c->bounds + c->from_length};
  if (bound.mv_size == 0) return mdb_cursor_get(c->at, key, value, c->reverse ? MDB_LAST : MDB_FIRST);
  *key = bound;
  int code = mdb_cursor_get(c->at, key, value, MDB_SET_RANGE);
  if (!c->reverse) return code;
  /* What is at or behind the bound is not in the walk any more. */
  return mdb_cursor_get(c->at, key, value, code == MDB_NOTFOUND ? MDB_LAST : MDB_PREV);
}

int32_t tidemark_next(tidemark_cursor_t *c, tidemark_entry *entry) {
  if (c->ended) return TIDEMARK_ABSENT;
  MDB_val key, value;
  int code = c->started ? mdb_cursor_get(c->at, &key, &value, c->reverse ? MDB_PREV : MDB_NEXT)
                        : begin(c, &key, &value);
  c->started = 1;
  if (code == 0) {
    MDB_val bound = {c->to_length, c->bounds + c->from_length};
    if (c->reverse) bound = (MDB_val){c->from_length, c->bounds};
    int order = bound.mv_size == 0 ? 0 : mdb_cmp(c->read, c->session->db->dbi, &key, &bound);
    if (bound.mv_size > 0 && (c->reverse ? order < 0 : order >= 0)) code = MDB_NOTFOUND;
  }
  if (code != 0) {
    c->ended = 1;
    return code == MDB_NOTFOUND ? TIDEMARK_ABSENT : result(c->session->error, code);
  }
  entry->key = key.mv_data;
  entry->key_length = key.mv_size;
  entry->value = value.mv_data;
  entry->value_length = value.mv_size;
  return TIDEMARK_OK;
}

void tidemark_cursor_close(tidemark_cursor_t *c) {
  mdb_cursor_close(c->at);
  mdb_txn_abort(c->read);
  free(c);
}

int32_t tidemark_flush(tidemark_db_t *db) { return result(db->error, mdb_env_sync(db->env, 1)); }
int32_t tidemark_sync(tidemark_db_t *db) { return result(db->error, mdb_env_sync(db->env, 1)); }

/* A B-tree is changed in place: nothing is to be merged. */
int32_t tidemark_compact(tidemark_db_t *db, uint32_t family, const void *from,
                         uint64_t from_length, const void *to, uint64_t to_length) {
  (void)db, (void)family, (void)from, (void)from_length, (void)to, (void)to_length;
  return TIDEMARK_OK;
}

int32_t tidemark_stats(tidemark_db_t *db, char *buffer, uint64_t capacity, uint64_t *length) {
  MDB_stat stat;
  MDB_envinfo info;
  int code = mdb_env_stat(db->env, &stat);
  if (code == 0) code = mdb_env_info(db->env, &info);
  if (code != 0) return result(db->error, code);
  char text[256];
  int n = snprintf(text, sizeof text, "{\"estimatedKeys\":%llu,\"liveFileBytes\":%llu}",
                   (unsigned long long)stat.ms_entries,
                   (unsigned long long)(info.me_last_pgno + 1) * stat.ms_psize);
  return tidemark_give(text, (uint64_t)n, buffer, capacity, length);
}
